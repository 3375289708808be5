"""What an address or a form says, read without trust."""

from __future__ import annotations

LARGEST = 10**9


def whole_number(text: str, *, below: int = LARGEST) -> int | None:
    """The number that these decimal digits write; None for anything else, `²` and `٣` included."""
    plain = text.isascii() and text.isdigit() and len(text) <= len(str(below))
    return int(text) if plain and int(text) < below else None


def one_line(text: str) -> str:
    """Typed in a field that shows several lines, for a value that is one."""
    return " ".join(text.split())
