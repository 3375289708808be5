"""“Did you mean …?”: the nearest of the names that would have been right."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

LISTED = 12
LONGEST_GUESS = 80
MOST_COMPARED = 500
"""Comparing costs about 10 µs a name: with more names than these, the first ones are enough for a hint."""


def nearest(wrong: str, right: Collection[str]) -> str | None:
    if len(wrong) > LONGEST_GUESS:
        return None
    found = difflib.get_close_matches(wrong.lower(), list(right)[:MOST_COMPARED], n=1, cutoff=0.6)
    return found[0] if found else None


def suggestion(wrong: str, right: Sequence[str], otherwise: str) -> str:
    """A fix: the nearest name, else what is possible when that is a short list, else the sentence given."""
    if close := nearest(wrong, right):
        return f"Did you mean `{close}`?"
    if 0 < len(right) <= LISTED:
        return f"Write one of {', '.join(f'`{name}`' for name in right)}."
    return otherwise


def shown(value: object) -> str:
    """A value of the document inside a sentence, cut when it is long; true and false as documents have them."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"
