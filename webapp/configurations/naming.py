"""The stable identifier of a thing that people have given a name: in the console, the API and an import alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


def slug_from(name: str, taken: Iterable[str]) -> str:
    """`Front desk` becomes `front-desk`, or `front-desk-2` when that is taken, and `Réception` becomes `reception`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:56].strip("-") or "item"
    used = set(taken)
    return next(slug for slug in (base, *(f"{base}-{count}" for count in range(2, 100_000))) if slug not in used)
