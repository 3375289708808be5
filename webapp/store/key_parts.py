"""What may become part of a key: outside text is checked against its pattern, or hashed."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

_SID = re.compile(r"(CA|SM|MM|AC)[0-9a-f]{32}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@lru_cache(maxsize=1024)  # one webhook builds several keys of its call
def checked_sid(sid: str, kind: str) -> str:
    """The SID itself when it is one of that kind (`CA`, `SM`, `MM`, `AC`), else ValueError."""
    if not _SID.fullmatch(sid) or not sid.startswith(kind):
        raise ValueError(f"not a Twilio {kind} SID: a key is never built from anything else")
    return sid


def slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise ValueError("not an identifier of small letters, digits, hyphens and underscores")
    return text


def digest(text: str) -> str:
    """Outside text as a key part: SHA-256, so that no character of it can shape the key."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
