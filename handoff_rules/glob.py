"""`like`: a pattern in which `*` stands for any text and `?` for one character, matched without backtracking."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from weakref import WeakValueDictionary

Test = Callable[[str], bool]
LONGEST_VALUE = 4096
"""A longer value is like no pattern that must be searched for: a bound on the work that a caller's words can cause."""
_PLAIN = {(False, False): "is", (False, True): "starts_with", (True, False): "ends_with", (True, True): "contains"}
_TESTS: dict[str, Callable[[str], Test]] = {
    "is": lambda text: lambda value: value == text,
    "starts_with": lambda text: lambda value: value.startswith(text),
    "ends_with": lambda text: lambda value: value.endswith(text),
    "contains": lambda text: lambda value: text in value,
}
_known: WeakValueDictionary[str, Test] = WeakValueDictionary()
"""A rule and its index, and one version and the next, ask for the same ones."""


def compile_glob(pattern: str) -> Test:
    """A test for the whole value, made once for all who have it. Each piece between stars is searched once, from left
    to right, and never again: the leftmost place for a piece is always as good as a later one, so the cost cannot
    explode."""
    test = _known.get(pattern)
    if test is None:
        test = _known[pattern] = _compile(pattern)
    return test


def plain(pattern: str) -> tuple[str, str] | None:
    """The operator and the text that say the same, when the pattern is one text with stars around it at most."""
    text = pattern.strip("*")
    if "*" in text or "?" in text:
        return None
    return _PLAIN[pattern.startswith("*"), pattern.endswith("*")], text


def _compile(pattern: str) -> Test:
    same = plain(pattern)
    if same is not None:
        operator, text = same
        return _TESTS[operator](text)
    pieces = pattern.split("*")
    if len(pieces) == 1:
        return _without_stars(pattern)
    if "?" not in pattern:
        return _of_texts(pieces)
    return _anywhere(pieces[1]) if pieces == ["", pieces[1], ""] else _of_pieces(pieces)


def _without_stars(pattern: str) -> Test:
    whole = _piece(pattern)
    return lambda value: len(value) == len(pattern) and whole.match(value) is not None


def _of_texts(texts: Sequence[str]) -> Test:
    """Without a `?` plain search does, which is faster to make and faster to ask than an expression."""
    first, *middle, last = texts
    searched = [(text, len(text)) for text in middle if text]
    shortest = sum(map(len, texts))
    head, tail = len(first), len(last)
    longest = max(texts, key=len)  # is asked first, because fewest values have it

    def test(value: str) -> bool:
        if longest not in value or not shortest <= len(value) <= LONGEST_VALUE:
            return False
        if (head and not value.startswith(first)) or (tail and not value.endswith(last)):
            return False
        start = head
        for text, length in searched:
            start = value.find(text, start)
            if start == -1:
                return False
            start += length
        return start + tail <= len(value)

    return test


def _anywhere(text: str) -> Test:
    """What `_of_pieces` would say, in half the time: many patterns are one word with an open letter."""
    search = _piece(text).search
    return lambda value: len(value) <= LONGEST_VALUE and search(value) is not None


def _of_pieces(pieces: Sequence[str]) -> Test:
    first, last = _piece(pieces[0]), _piece(pieces[-1])
    middle = [_piece(piece).search for piece in pieces[1:-1] if piece]
    shortest = sum(map(len, pieces))
    head, tail = len(pieces[0]), len(pieces[-1])

    def test(value: str) -> bool:
        if not shortest <= len(value) <= LONGEST_VALUE or (head and first.match(value) is None):
            return False
        start, end = head, len(value) - tail
        if tail and last.match(value, end) is None:
            return False
        for search in middle:
            found = search(value, start, end)
            if found is None:
                return False
            start = found.end()
        return True

    return test


def _piece(text: str) -> re.Pattern[str]:
    """A piece has a fixed length and no repetition, so this expression cannot backtrack."""
    return re.compile("".join("." if character == "?" else re.escape(character) for character in text), re.DOTALL)
