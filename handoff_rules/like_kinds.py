"""Patterns of one kind, asked exactly: few are tested one by one; for many the value is read once, and each pattern is
somewhere on its way through it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from handoff_rules.anywhere import Anywhere
from handoff_rules.glob import Test, compile_glob
from handoff_rules.like_gaps import GappedRuns
from handoff_rules.like_in_order import RunsInOrder
from handoff_rules.like_levels import MANY
from handoff_rules.like_pattern import PatternRows
from handoff_rules.like_reading import Reading
from handoff_rules.tables import bits_of, chosen, highest_first

TESTS_IN_ORDER = 1
"""So many patterns for each character of a value are tested one by one sooner than the value is read for all."""
TESTS_WITH_GAPS = 3
TESTS_OF_MANY_WITH_GAPS = 8
"""The same of patterns with gaps, which cost more to read at once; and where there are very many."""
SOME = 64
"""So many bits are sooner found one after another than by writing all of them out."""


class Kind:
    """`rows`: all that it has; each has one pattern, and all patterns are in order, or none is."""

    __slots__ = ("_runs", "_tests", "_tests_per_character", "_way", "rows")

    def __init__(self, patterns: PatternRows) -> None:
        self.rows = bits_of(row for _, rows in patterns for row in rows)
        self._runs = Anywhere({run for pattern, _ in patterns for run in pattern.runs})
        if patterns[0][0].in_order:
            self._tests_per_character = TESTS_IN_ORDER
            self._way: Callable[[Reading, int], int] = RunsInOrder(patterns, self._runs.beginnings.texts).hits
        else:
            many = self.rows.bit_count() >= MANY
            self._tests_per_character = TESTS_OF_MANY_WITH_GAPS if many else TESTS_WITH_GAPS
            self._way = GappedRuns(patterns, self._runs.beginnings.texts).hits
        self._tests: dict[int, Test] = {row: compile_glob(pattern.text) for pattern, rows in patterns for row in rows}

    def hits(self, value: str, rows: int) -> int:
        """Of these rows, those with a pattern that the value is like."""
        if rows.bit_count() > len(value) * self._tests_per_character:
            return self._way(Reading(value, self._runs), rows)
        return bits_of(row for row in highest_first(rows) if self._tests[row](value))


class Renumbered:
    """The same of few rows among many others, and of rows that have several patterns: each pattern gets a number."""

    __slots__ = ("_kind", "_numbers", "_rows", "rows")

    def __init__(self, patterns: PatternRows) -> None:
        self._rows = [row for _, rows in patterns for row in rows]
        by_row: dict[int, list[int]] = defaultdict(list)
        for number, row in enumerate(self._rows):
            by_row[row].append(number)
        self._numbers = dict(by_row)
        numbers = iter(range(len(self._rows)))
        self._kind = Kind([(pattern, [next(numbers) for _ in rows]) for pattern, rows in patterns])
        self.rows = bits_of(self._rows)

    def hits(self, value: str, rows: int) -> int:
        """As of a `Kind`."""
        numbers = self._kind.rows
        if rows.bit_count() <= SOME:
            numbers = bits_of(number for row in highest_first(rows) for number in self._numbers[row])
        return rows & bits_of(self._rows_of(self._kind.hits(value, numbers)))

    def _rows_of(self, numbers: int) -> Iterator[int]:
        if numbers.bit_count() > SOME:
            return chosen(self._rows, numbers)
        return (self._rows[number] for number in highest_first(numbers))
