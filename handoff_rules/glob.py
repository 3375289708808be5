"""`like`: a pattern in which `*` stands for any text and `?` for one character, matched without backtracking."""

from __future__ import annotations

import re
from collections.abc import Callable

LONGEST_VALUE = 4096
"""A longer value is like nothing: a bound on the work that a caller's own words can cause."""


def compile_glob(pattern: str) -> Callable[[str], bool]:
    """A test for the whole value. Each piece between stars is searched once, from left to right, and never again:
    the leftmost place for a piece is always as good as a later one, so the cost cannot explode."""
    pieces = pattern.split("*")
    if len(pieces) == 1:
        whole = _piece(pattern)
        return lambda value: len(value) == len(pattern) and whole.match(value) is not None
    first, last = _piece(pieces[0]), _piece(pieces[-1])
    middle = [_piece(piece) for piece in pieces[1:-1] if piece]
    shortest = len(pattern) - pattern.count("*")
    tail = len(pieces[-1])

    def test(value: str) -> bool:
        if not shortest <= len(value) <= LONGEST_VALUE or first.match(value) is None:
            return False
        end = len(value) - tail
        if last.match(value, end) is None:
            return False
        return _in_order(middle, value, len(pieces[0]), end)

    return test


def _in_order(pieces: list[re.Pattern[str]], value: str, start: int, end: int) -> bool:
    for piece in pieces:
        found = piece.search(value, start, end)
        if found is None:
            return False
        start = found.end()
    return True


def _piece(text: str) -> re.Pattern[str]:
    """A piece has a fixed length and no repetition, so this expression cannot backtrack."""
    return re.compile("".join("." if character == "?" else re.escape(character) for character in text), re.DOTALL)
