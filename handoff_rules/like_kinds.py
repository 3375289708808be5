"""Patterns of one kind: look-ups leave those that a value may be like. Few are tested one by one; for many the value is
read once, and each pattern is somewhere on its way through it.
"""

from __future__ import annotations

from collections.abc import Callable

from handoff_rules.beginnings import Beginnings
from handoff_rules.glob import Test, compile_glob
from handoff_rules.like_gaps import GappedRuns
from handoff_rules.like_in_order import RunsInOrder
from handoff_rules.like_levels import MANY
from handoff_rules.like_needs import Ends, Rare, Shared
from handoff_rules.like_pattern import PatternRows
from handoff_rules.like_pieces import Pieces
from handoff_rules.like_reading import Reading
from handoff_rules.tables import bits_of

FEW = 8
"""So many patterns are tested one by one sooner than a value is read for all."""
FEW_IN_ORDER = 24
FEW_GAPPED = 200
"""The same where very many are read at once."""

LookUp = Callable[[str, int], int]
"""Of these rows, those that the value may be like."""
FromReading = Callable[[Reading, int], int]
"""The same, of a value that was read."""


class Kind:
    """`rows`: all that it has; each has one pattern. What is asked gets dearer, as long as many rows are left: the
    look-ups, a `closer` one, the `readings`, and in the end the way of each pattern through the value."""

    __slots__ = ("_closer", "_few", "_look_ups", "_readings", "_runs", "_tests", "_way", "rows")

    def __init__(self, patterns: PatternRows) -> None:
        self.rows = bits_of(row for _, rows in patterns for row in rows)
        many = self.rows.bit_count() >= MANY
        self._runs = Beginnings({run for pattern, _ in patterns for run in pattern.runs})
        rare, shared = Rare(patterns, self._runs.texts), Shared(patterns)
        self._closer: LookUp | None = None
        if patterns[0][0].in_order:
            runs = RunsInOrder(patterns, self._runs.texts)
            self._few = FEW_IN_ORDER if many else FEW
            self._look_ups: tuple[LookUp, ...] = (shared.fitting, Ends(patterns).fitting)
            self._readings: tuple[FromReading, ...] = (rare.fitting, runs.fitting)
            self._way: FromReading = runs.hits
        else:
            pieces = Pieces(patterns, many=many)
            self._few = FEW_GAPPED if many else FEW
            self._look_ups = (shared.fitting, pieces.at_the_ends)
            self._closer = pieces.anywhere if many else None
            self._readings = (rare.fitting,)
            self._way = GappedRuns(patterns, self._runs.texts).hits
        self._tests: dict[int, Test] = {row: compile_glob(pattern.text) for pattern, rows in patterns for row in rows}

    def hits(self, value: str, rows: int) -> int:
        for fitting in self._look_ups:
            rows = fitting(value, rows)
        if self._closer and rows.bit_count() > self._few:
            rows = self._closer(value, rows)
        if rows.bit_count() <= self._few:
            return self._tested(value, rows)
        reading = Reading(value, self._runs)
        for closer in self._readings:
            rows = closer(reading, rows)
            if rows.bit_count() <= self._few:
                return self._tested(value, rows)
        return self._way(reading, rows)

    def _tested(self, value: str, rows: int) -> int:
        bits = 0
        while rows:
            row = rows.bit_length() - 1  # from the top, so that what is left gets shorter
            if self._tests[row](value):
                bits |= 1 << row
            rows ^= 1 << row
        return bits
