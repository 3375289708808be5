"""Patterns of one kind: look-ups leave those that a value may be like. Few are tested one by one; for many the value is
read once, and each pattern is somewhere on its way through it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

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


class Walk(Protocol):
    def hits(self, reading: Reading, rows: int) -> int:
        """Of these rows, those that the value is like; what it says of others means nothing."""


class Kind:
    """`rows`: all that it has; each has one pattern. What follows each other gets dearer: the look-ups, a `closer` one
    for what they leave, reading the value, the `walk`."""

    __slots__ = ("_closer", "_few", "_look_ups", "_rare", "_runs", "_tests", "_walk", "rows")

    def __init__(self, patterns: PatternRows) -> None:
        self.rows = bits_of(row for _, rows in patterns for row in rows)
        many = self.rows.bit_count() >= MANY
        self._runs = Beginnings({run for pattern, _ in patterns for run in pattern.runs})
        self._rare = Rare(patterns, self._runs.texts)
        self._closer: LookUp | None = None
        self._walk: Walk
        if patterns[0][0].in_order:
            self._few = FEW_IN_ORDER if many else FEW
            self._look_ups: tuple[LookUp, ...] = (Shared(patterns).fitting, Ends(patterns).fitting)
            self._walk = RunsInOrder(patterns, self._runs.texts)
        else:
            self._few = FEW_GAPPED if many else FEW
            pieces = Pieces(patterns, many=many)
            self._look_ups = (Shared(patterns).fitting, pieces.at_the_ends)
            self._closer = pieces.anywhere if many else None
            self._walk = GappedRuns(patterns, self._runs.texts)
        self._tests: dict[int, Test] = {row: compile_glob(pattern.text) for pattern, rows in patterns for row in rows}

    def hits(self, value: str, rows: int) -> int:
        for fitting in self._look_ups:
            rows = fitting(value, rows)
        if self._closer and rows.bit_count() > self._few:
            rows = self._closer(value, rows)
        if rows.bit_count() > self._few:
            reading = Reading(value, self._runs)
            rows = self._rare.fitting(reading, rows)
            if rows.bit_count() > self._few:
                return self._walk.hits(reading, rows) & rows
        return self._tested(value, rows)

    def _tested(self, value: str, rows: int) -> int:
        bits = 0
        while rows:
            row = rows.bit_length() - 1  # from the top, so that what is left gets shorter
            if self._tests[row](value):
                bits |= 1 << row
            rows ^= 1 << row
        return bits
