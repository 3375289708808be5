"""`like` for very many patterns at once: the value is read once, and each pattern is somewhere on its way through it.

A pattern is runs of characters that stand for themselves, with gaps of `?` and `*` before, between and behind them.
How far the patterns are is one bit set: the bit of a row at level `n` says that `n` of its runs were found. So one run
in the value takes all the patterns that wait for it one level up, by one "and" and one shift.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from handoff_rules.beginnings import Beginnings
from handoff_rules.glob import LONGEST_VALUE
from handoff_rules.tables import bits_of, packed, unpacked

_GAP = re.compile(r"([*?]+)")


class Gap(NamedTuple):
    """So many characters, any ones; when it is open, at least so many."""

    least: int
    open: bool


class LikeTable:
    """A row has one bit at each level, so rows that ask for two patterns have the other one in another part."""

    def __init__(self, rows_by_pattern: Mapping[str, list[int]]) -> None:
        parts: list[dict[str, list[int]]] = []
        uses: dict[int, int] = defaultdict(int)
        for pattern, rows in rows_by_pattern.items():
            for row in dict.fromkeys(rows):
                if uses[row] == len(parts):
                    parts.append({})
                parts[uses[row]].setdefault(pattern, []).append(row)
                uses[row] += 1
        self._parts = tuple(Patterns(part) for part in parts)

    def hits(self, value: str) -> int:
        if len(value) > LONGEST_VALUE:
            return 0
        bits = 0
        for part in self._parts:
            bits |= part.hits(value)
        return bits


class Patterns:
    """Patterns of which each row has one. `exact` and `open`: how wide a gap is, and the levels of rows behind which it
    lies; `last`: the levels with all runs found."""

    __slots__ = ("_last", "_runs", "_waiting", "exact", "open", "start", "width")

    def __init__(self, rows_by_pattern: Mapping[str, list[int]]) -> None:
        self.width = 1 + max(row for rows in rows_by_pattern.values() for row in rows)
        self.start = bits_of(row for rows in rows_by_pattern.values() for row in rows)
        waiting: dict[str, list[int]] = defaultdict(list)
        behind: dict[Gap, list[int]] = defaultdict(list)
        last: list[int] = []
        for pattern, rows in rows_by_pattern.items():
            gaps, runs = read(pattern)
            levels = [[level * self.width + row for row in rows] for level in range(len(gaps))]
            last += levels[-1]
            for gap, level in zip(gaps, levels, strict=True):
                behind[gap] += level
            for run, level in zip(runs, levels, strict=False):  # nothing more waits behind the last run
                waiting[run] += level
        self.open = tuple((gap.least, bits_of(levels)) for gap, levels in behind.items() if gap.open)
        self.exact = tuple((gap.least, bits_of(levels)) for gap, levels in behind.items() if not gap.open)
        self._last = bits_of(last)
        self._runs = Beginnings(waiting)
        self._waiting = [packed(waiting[run]) for run in self._runs.texts]

    def hits(self, value: str) -> int:
        reading = _Reading(self)
        for place, longest in self._runs.found_in(value):
            waiting = reading.waiting_at(place)
            for found in self._runs.all_of(longest):
                if reached := waiting & unpacked(self._waiting[found]):
                    reading.come(place + len(self._runs.texts[found]), reached << self.width)
        return self._at_any_level(reading.waiting_at(len(value)) & self._last)

    def _at_any_level(self, levels: int) -> int:
        rows, one_level = 0, (1 << self.width) - 1
        while levels:
            rows |= levels & one_level
            levels >>= self.width
        return rows


class _Reading:
    """One value being read, `places` in order. Behind an open gap a pattern waits on; behind another it waits at one
    place alone, and one that has found its last run waits for the end."""

    __slots__ = ("_come", "_open", "_opening", "_patterns")

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns
        self._open = 0
        self._opening: dict[int, int] = {}
        self._come: dict[int, int] = {}
        self.come(0, patterns.start)

    def come(self, place: int, levels: int) -> None:
        """The run that these have found ends at this place."""
        for least, behind in self._patterns.open:
            if waiting := levels & behind:
                _add(self._opening, place + least, waiting)
        if self._patterns.exact:
            _add(self._come, place, levels)

    def waiting_at(self, place: int) -> int:
        for opening in [at for at in self._opening if at <= place]:
            self._open |= self._opening.pop(opening)
        waiting, come = self._open, self._come
        for least, behind in self._patterns.exact:
            if place - least in come:
                waiting |= come[place - least] & behind
        return waiting


def _add(levels_by_place: dict[int, int], place: int, levels: int) -> None:
    levels_by_place[place] = levels_by_place[place] | levels if place in levels_by_place else levels


def read(pattern: str) -> tuple[list[Gap], list[str]]:
    """Its runs, and the gaps: one before each run and one behind the last."""
    parts = _GAP.split(pattern)  # runs and gaps in turn; only the first and the last run may be empty
    runs, gaps = parts[0::2], ["", *parts[1::2], ""]
    if not runs[0]:
        del gaps[0]
    if not runs[-1] and len(gaps) > 1:
        del gaps[-1]
    return [Gap(gap.count("?"), "*" in gap) for gap in gaps], [run for run in runs if run]
