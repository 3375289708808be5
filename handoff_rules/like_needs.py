"""What a value must have to be like a pattern at all, by look-ups that cost the same for any number of patterns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from itertools import pairwise
from typing import TypeVar

from handoff_rules.like_pattern import Pattern, PatternRows
from handoff_rules.like_reading import Reading
from handoff_rules.tables import FEW, PrefixTable, SuffixTable, bits_of

SHARED = 16
"""A character or a run is looked for by itself when so many rows need it, and one in so many of all."""


class Ends:
    """The run that a value must start with, and the one that it must end with."""

    __slots__ = ("_any_end", "_any_start", "_ending", "_starting")

    def __init__(self, patterns: PatternRows) -> None:
        starting: dict[str, list[int]] = defaultdict(list)
        ending: dict[str, list[int]] = defaultdict(list)
        for pattern, rows in patterns:
            if pattern.starts:
                starting[pattern.runs[0]] += rows
            if pattern.ends:
                ending[pattern.runs[-1]] += rows
        self._starting = PrefixTable(starting) if starting else None
        self._ending = SuffixTable(ending) if ending else None
        self._any_start = bits_of(row for pattern, rows in patterns if not pattern.starts for row in rows)
        self._any_end = bits_of(row for pattern, rows in patterns if not pattern.ends for row in rows)

    def fitting(self, value: str, rows: int) -> int:
        if self._starting:
            rows &= self._starting.hits(value) | self._any_start
        if self._ending and rows:
            rows &= self._ending.hits(value) | self._any_end
        return rows


class Shared:
    """Characters and runs that very many rows have, and runs that they have one behind another: what a value has not
    takes all of these rows away at once."""

    __slots__ = ("_characters", "_orders", "_runs")

    def __init__(self, patterns: PatternRows) -> None:
        everything = [row for _, rows in patterns for row in rows]
        self._characters = _without(everything, patterns, lambda pattern: set().union(*pattern.runs))
        runs = _without(everything, patterns, lambda pattern: pattern.runs)
        self._runs = {run: others for run, others in runs.items() if len(run) > 1}
        self._orders = _without(everything, patterns, lambda pattern: pairwise(filter(runs.__contains__, pattern.runs)))

    def fitting(self, value: str, rows: int) -> int:
        for character in self._characters.keys() - set(value):
            rows &= self._characters[character]
        for run, others in self._runs.items():
            if run not in value:
                rows &= others
        for (first, second), others in self._orders.items():
            if value.find(first) + len(first) > value.rfind(second):
                rows &= others
        return rows


T = TypeVar("T", bound=Hashable)


def _without(everything: list[int], patterns: PatternRows, needs: Callable[[Pattern], Iterable[T]]) -> dict[T, int]:
    """For each thing that very many rows need, the other rows."""
    needing: dict[T, list[int]] = defaultdict(list)
    for pattern, rows in patterns:
        for needed in set(needs(pattern)):
            needing[needed] += rows
    enough, every = max(SHARED, len(everything) // SHARED), bits_of(everything)
    return {needed: every & ~bits_of(rows) for needed, rows in needing.items() if len(rows) >= enough}


class Rare:
    """Runs that hardly two rows have: of the rows that have such a one, the value's own are enough."""

    __slots__ = ("_others", "_rows")

    def __init__(self, patterns: PatternRows, texts: Iterable[str]) -> None:
        """`texts`: all the runs, as a `Reading` numbers them."""
        uses: dict[str, int] = defaultdict(int)
        for pattern, rows in patterns:
            for run in set(pattern.runs):
                uses[run] += len(rows)
        rows_by_run: dict[str, list[int]] = defaultdict(list)
        others: list[int] = []
        for pattern, rows in patterns:
            rarest = min(pattern.runs, key=uses.__getitem__, default="")
            known = rows_by_run[rarest] if 0 < uses.get(rarest, 0) <= FEW else others
            known += rows
        self._others = bits_of(others)
        self._rows = {position: tuple(rows_by_run[text]) for position, text in enumerate(texts) if text in rows_by_run}

    def fitting(self, reading: Reading, rows: int) -> int:
        if not self._rows:
            return rows
        found = [row for position in reading.last_places if position in self._rows for row in self._rows[position]]
        return rows & (bits_of(found) | self._others)
