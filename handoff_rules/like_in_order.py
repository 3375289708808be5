"""Patterns that are runs in order with stars between them, all read at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import heappush
from typing import NamedTuple

from handoff_rules.beginnings import NONE
from handoff_rules.like_ends import Ends
from handoff_rules.like_levels import MANY, Arriving, Levels, arrive, kept
from handoff_rules.like_pattern import PatternRows
from handoff_rules.like_reading import Reading
from handoff_rules.tables import Rows, unpacked

DEEP = 16
"""To go through more levels than these costs more than a shift, however many rows there are."""


class Step(NamedTuple):
    """What finding one run does for the rows that have it first, for the rows of a lane that have it between others or
    last, and for the rows that have no other."""

    length: int
    first: Rows
    between: tuple[tuple[int, Rows], ...]
    last: tuple[tuple[int, Rows], ...]
    only: Rows


class RunsInOrder:
    """A row finds its first run where the value has it first, and its last where the value has it last: so those cost
    one operation each, and only runs between others cost one at each place. A run that must start or end the value is
    found there too, if it is there, which `Ends` tells."""

    __slots__ = ("_ends", "_levels", "_steps")

    def __init__(self, patterns: PatternRows, texts: Iterable[str]) -> None:
        """`texts`: the runs of the patterns, as a `Reading` numbers them."""
        width = 1 + max(row for _, rows in patterns for row in rows)
        levels = max(len(pattern.runs) for pattern, _ in patterns)
        self._ends = Ends(patterns)
        self._levels = Levels(width, apart=levels if width >= MANY and levels <= DEEP else 0)
        uses: dict[str, _Uses] = defaultdict(_Uses)
        for pattern, rows in patterns:
            self._collect(pattern.runs, rows, uses)
        self._steps = [uses[text].step(len(text)) for text in texts]

    def _collect(self, runs: Sequence[str], rows: list[int], uses: dict[str, _Uses]) -> None:
        first, *others = runs
        if not others:
            uses[first].only += rows
            return
        uses[first].first += rows
        for level, run in enumerate(others):
            lanes = uses[run].last if level == len(others) - 1 else uses[run].between
            lanes[self._levels.lane(level)] += self._levels.bits(level, rows)

    def hits(self, reading: Reading, rows: int) -> int:  # noqa: C901, PLR0912  # calls would cost more than what they do
        steps, shorter, last_places = self._steps, reading.runs.shorter, reading.last_places
        shift, up = self._levels.shift, self._levels.up
        at_level = [0] * self._levels.lanes
        arriving: Arriving = []
        begun = set()
        only = done = 0
        for place, longest in reading.found:
            if arriving:
                arrive(arriving, place, at_level)
            position = longest
            while position != NONE:
                length, first, between, last, alone = steps[position]
                if last and last_places[position] == place:
                    for lane, bits in last:
                        if waiting := at_level[lane]:
                            done |= waiting & (bits if isinstance(bits, int) else unpacked(bits))
                for lane, bits in between:
                    waiting = at_level[lane]
                    if waiting and (moved := waiting & (bits if isinstance(bits, int) else unpacked(bits))):
                        if shift:
                            moved <<= shift
                        if length == 1:
                            at_level[lane + up] |= moved
                        else:
                            heappush(arriving, (place + length, lane + up, moved))
                if position not in begun:
                    begun.add(position)
                    if alone:
                        only |= unpacked(alone)
                    if first and length == 1:
                        at_level[0] |= unpacked(first)
                    elif first:
                        heappush(arriving, (place + length, 0, unpacked(first)))
                position = shorter[position]
        return self._ends.fitting(reading.value, rows) & (self._levels.rows(done) | only)


class _Uses:
    """The rows that use a run, while the patterns are read."""

    def __init__(self) -> None:
        self.first: list[int] = []
        self.between: dict[int, list[int]] = defaultdict(list)
        self.last: dict[int, list[int]] = defaultdict(list)
        self.only: list[int] = []

    def step(self, length: int) -> Step:
        """The highest lane first, so that nobody takes two steps at one place."""
        first, only = kept(self.first), kept(self.only)
        between = tuple((lane, kept(bits)) for lane, bits in sorted(self.between.items(), reverse=True))
        last = tuple((lane, kept(bits)) for lane, bits in self.last.items())
        return Step(length, first, between, last, only)
