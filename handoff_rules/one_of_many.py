"""One expression for very many texts: at a place of a value, it finds the longest that stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

NOTHING = "(?!)"
"""Is nowhere."""
BRANCHES = 128
"""Branches are tried one after another. Of more than these, which group it is in is asked first."""
GROUPS = 8


def expression_of(texts: Iterable[str]) -> str:
    """The texts share their beginnings, so that each character of a value is read once, whatever their number. None of
    them is empty. How deep the expression is, which Python limits, is the length of the longest."""
    ordered = sorted(set(texts))
    return _ends_of(ordered, 0) if ordered else NOTHING


def _ends_of(texts: Sequence[str], place: int) -> str:
    """What follows `place` in these texts, which are in order and begin alike. The longest is preferred: what may
    follow is asked before it is left out."""
    if len(texts) == 1:
        return re.escape(texts[0][place:])
    ends_here = len(texts[0]) == place
    branches = [
        (first, _escaped(first) + _ends_of(tuple(group), place + 1))
        for first, group in groupby(texts[ends_here:], key=lambda text: text[place])
    ]
    if len(branches) == 1 and not ends_here:
        return branches[0][1]
    return f"(?:{_told_apart(branches)}){'?' if ends_here else ''}"


def _told_apart(branches: Sequence[tuple[str, str]]) -> str:
    """Each with the character that it begins with, no two the same."""
    if len(branches) <= BRANCHES:
        return "|".join(branch for _, branch in branches)
    size = -(-len(branches) // GROUPS)
    groups = [branches[start : start + size] for start in range(0, len(branches), size)]
    return "|".join(f"(?=[{_any_first(group)}])(?:{_told_apart(group)})" for group in groups)


def _any_first(branches: Sequence[tuple[str, str]]) -> str:
    return "".join(_escaped(first) for first, _ in branches)


@lru_cache(maxsize=1000)  # texts have few different ones
def _escaped(character: str) -> str:
    return re.escape(character)
