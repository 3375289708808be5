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
    """Patterns of which each row has one. `exact`, `open` and `last`: after which levels of which rows the gap lies."""

    __slots__ = ("_runs", "_waiting", "exact", "last", "open", "start", "width")

    def __init__(self, rows_by_pattern: Mapping[str, list[int]]) -> None:
        self.width = 1 + max(row for rows in rows_by_pattern.values() for row in rows)
        self.start = bits_of(row for rows in rows_by_pattern.values() for row in rows)
        waiting: dict[str, list[int]] = defaultdict(list)
        between: dict[Gap, list[int]] = defaultdict(list)
        last: dict[Gap, list[int]] = defaultdict(list)
        for pattern, rows in rows_by_pattern.items():
            gaps, runs = read(pattern)
            for level, run in enumerate(runs):
                states = [level * self.width + row for row in rows]
                waiting[run] += states
                between[gaps[level]] += states
            last[gaps[-1]] += [len(runs) * self.width + row for row in rows]
        self.open = _bits(between, is_open=True)
        self.exact = _bits(between, is_open=False)
        self.last = _bits(last, is_open=True), _bits(last, is_open=False)
        self._runs = Beginnings(waiting)
        self._waiting = [packed(waiting[run]) for run in self._runs.texts]

    def hits(self, value: str) -> int:
        reading = _Reading(self, len(value))
        for place in self._runs.places(value):
            waiting = reading.waiting_at(place)
            for found in self._runs.all_of(self._runs.longest(value, place)):
                if reached := waiting & unpacked(self._waiting[found]):
                    reading.come(place + len(self._runs.texts[found]), reached << self.width)
        return self._at_any_level(reading.matched)

    def _at_any_level(self, states: int) -> int:
        rows, one_level = 0, (1 << self.width) - 1
        while states:
            rows |= states & one_level
            states >>= self.width
        return rows


def _bits(states_by_gap: Mapping[Gap, list[int]], *, is_open: bool) -> tuple[tuple[int, int], ...]:
    return tuple((gap.least, bits_of(states)) for gap, states in states_by_gap.items() if gap.open is is_open)


class _Reading:
    """One value being read, `places` in order. Behind an open gap a pattern waits on; behind another it waits at one
    place alone."""

    __slots__ = ("_come", "_end", "_open", "_opening", "_patterns", "matched")

    def __init__(self, patterns: Patterns, end: int) -> None:
        self.matched = 0
        self._patterns = patterns
        self._end = end
        self._open = 0
        self._opening: dict[int, int] = {}
        self._come: dict[int, int] = {}
        self.come(0, patterns.start)

    def come(self, place: int, states: int) -> None:
        """The last run that these have found ends at this place."""
        room = self._end - place
        for least, behind in self._patterns.open:
            if rows := states & behind:
                _add(self._opening, place + least, rows)
        if self._patterns.exact:
            _add(self._come, place, states)
        open_at_the_end, exact_at_the_end = self._patterns.last
        for least, behind in open_at_the_end:
            if least <= room:
                self.matched |= states & behind
        for least, behind in exact_at_the_end:
            if least == room:
                self.matched |= states & behind

    def waiting_at(self, place: int) -> int:
        for opening in [at for at in self._opening if at <= place]:
            self._open |= self._opening.pop(opening)
        waiting, come = self._open, self._come
        for least, behind in self._patterns.exact:
            if place - least in come:
                waiting |= come[place - least] & behind
        return waiting


def _add(states_by_place: dict[int, int], place: int, states: int) -> None:
    states_by_place[place] = states_by_place[place] | states if place in states_by_place else states


def read(pattern: str) -> tuple[list[Gap], list[str]]:
    """Its runs, and the gaps: one before each run and one behind the last."""
    parts = _GAP.split(pattern)  # runs and gaps in turn; only the first and the last run may be empty
    runs, gaps = parts[0::2], ["", *parts[1::2], ""]
    if not runs[0]:
        del gaps[0]
    if not runs[-1] and len(gaps) > 1:
        del gaps[-1]
    return [Gap(gap.count("?"), "*" in gap) for gap in gaps], [run for run in runs if run]
