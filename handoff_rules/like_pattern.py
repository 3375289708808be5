"""A pattern of `like`, read: runs of characters that stand for themselves, and gaps before, between and behind them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_GAP = re.compile(r"([*?]+)")


class Gap(NamedTuple):
    """So many characters, any ones; when it is open, at least so many."""

    least: int
    open: bool


NOTHING = Gap(0, open=False)
ANYTHING = Gap(0, open=True)


class Pattern(NamedTuple):
    """`gaps`: one before each run and one behind the last."""

    text: str
    gaps: tuple[Gap, ...]
    runs: tuple[str, ...]

    @property
    def in_order(self) -> bool:
        """Stars between the runs, and at least one in all: nothing has a width."""
        inner, around = self.gaps[1:-1], {self.gaps[0], self.gaps[-1]}
        return bool(self.runs) and {*inner} <= {ANYTHING} and around <= {ANYTHING, NOTHING} and ANYTHING in self.gaps


PatternRows = list[tuple[Pattern, list[int]]]
"""Patterns with the rows that have them."""


def read(text: str) -> Pattern:
    parts = _GAP.split(text)  # runs and gaps in turn; only the first and the last run may be empty
    runs, gaps = parts[0::2], ["", *parts[1::2], ""]
    if not runs[0]:
        del gaps[0]
    if not runs[-1] and len(gaps) > 1:
        del gaps[-1]
    return Pattern(text, tuple(map(_gap, gaps)), tuple(filter(None, runs)))


@lru_cache(maxsize=100)  # patterns have few different ones
def _gap(text: str) -> Gap:
    return Gap(text.count("?"), "*" in text)
