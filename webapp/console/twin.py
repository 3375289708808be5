"""Every page's twin from code: the command line and the curl line that do the same, safe to paste into a shell."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from webapp.console.needs import needs

AUTHORIZED = '-H "Authorization: Bearer $TOKEN"'
"""In double quotes, so that the shell puts the token in."""


@dataclass(frozen=True, slots=True)
class Twin:
    """`json` is the address of the page's own data; what a page has no twin for stays empty."""

    cli: str = ""
    curl: str = ""
    json: str = ""


def command(*words: str) -> str:
    """`handoff` with these words. Each stays one word for the shell, whatever is in it."""
    return shlex.join(("handoff", *words))


def call_api(*path: str, method: str = "", body: Any = None, query: Mapping[str, str] | None = None) -> str:
    """The curl line for `/api/v1/` and these segments; GET, or POST where there is a body, unless `method` says."""
    address = "/".join(quote(segment, safe="") for segment in ("api", "v1", *path))
    question = f"?{urlencode(query)}" if query else ""
    words = ["curl", *(("-X", method) if method else ()), AUTHORIZED]
    if body is not None:
        words += ["-H 'Content-Type: application/json'", "-d", shlex.quote(json.dumps(body, ensure_ascii=False))]
    return " ".join((*words, shlex.quote(f"{needs().base_url()}/{address}{question}")))


def look_alive() -> str:
    """The curl line that asks whether everything is ready, with the reasons; it needs no token."""
    return f"curl {shlex.quote(f'{needs().base_url()}/readyz')}"
