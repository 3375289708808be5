"""The index: finds the first rule that matches without asking rule after rule, at about the same cost for any number.

Rules become rows (`rows`), one bit each. A call starts with the rows whose rarest variable it has; then each of its
variables takes away, by a handful of lookups (`tables`) and operations on whole bit sets, the rows that it makes
false. Time (hours, day, date) takes away a set that is known for the whole minute. What is left in the lowest bit is
the answer, unless its row still asks for a missing variable or a draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handoff_rules.by_minute import ByMinute
from handoff_rules.circuit import Gate
from handoff_rules.evaluation import Evaluation
from handoff_rules.like_table import LikeTable
from handoff_rules.rows import Asked
from handoff_rules.share import LANES, Draws
from handoff_rules.tables import Table
from handoff_rules.tree import holds

WINDOW = (1 << LANES) - 1
"""Candidates are walked in machine words: operations on the whole set cost its width."""
FEW = 4
"""So many trees are read one by one sooner than a circuit answers for all."""


@dataclass(frozen=True, slots=True)
class Row:
    """`rule` is a position in the configuration's rules; `needs` are the variables that must be present."""

    rule: int
    needs: tuple[str, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class VariableIndex:
    """What the presence and the value of one variable say about the rows, as bit sets.

    `anchored`: rows found by this variable; `refusing`: rows that want it missing; `needing`: rows that want it
    present. `positive`: tables with the rows that have a requirement there; `negative`: a hit makes rows false. `like`,
    `unlike`: the same of patterns, which cost most, so that they are asked last and only about the rows that are left.
    """

    anchored: int
    refusing: int
    needing: int
    positive: tuple[tuple[Table, int], ...]
    negative: tuple[Table, ...]
    like: tuple[tuple[LikeTable, int], ...]
    unlike: tuple[LikeTable, ...]

    def narrow(self, candidates: int, value: str) -> int:
        candidates ^= candidates & self.refusing  # costs a third of "and not"
        for table, concerned in self.positive:
            if asked := candidates & concerned:
                candidates ^= asked ^ (asked & table.hits(value))
        for table in self.negative:
            candidates ^= candidates & table.hits(value)
        for patterns, concerned in self.like:
            if asked := candidates & concerned:
                candidates ^= asked ^ patterns.hits(value, asked)
        for patterns in self.unlike:
            if candidates:
                candidates ^= patterns.hits(value, candidates)
        return candidates


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a circuit says about the rows that ask for a tree; the others are not concerned."""

    gate: Gate
    unconcerned: int


class RuleIndex:
    """Read by any number of threads."""

    __slots__ = ("_draws", "_false_by_time", "_unanchored", "_variables", "_verdicts", "rows")

    def __init__(
        self,
        rows: Sequence[Row],
        unanchored: int,
        *,
        variables: Mapping[str, VariableIndex],
        false_by_time: ByMinute,
        verdicts: Sequence[Verdict],
        draws: Mapping[int, Draws],
    ) -> None:
        self.rows = tuple(rows)
        self._unanchored = unanchored
        self._variables = dict(variables)
        self._false_by_time = false_by_time
        self._verdicts = tuple(verdicts)
        self._draws = dict(draws)

    def first(self, evaluation: Evaluation) -> int | None:
        """The position of the first rule that matches, or None."""
        candidates = self._candidates(evaluation.variables)
        if candidates:
            candidates ^= candidates & self._false_by_time.rows(evaluation)
        for verdict in self._verdicts:
            if candidates.bit_count() <= FEW:
                break
            candidates &= verdict.gate.rows(evaluation) | verdict.unconcerned
        window = 0
        while candidates:
            skipped = ((candidates & -candidates).bit_length() - 1) // LANES
            window += skipped
            candidates >>= skipped * LANES
            row, absent = self._first_in_window(candidates & WINDOW, window, evaluation)
            if row is not None:
                return row.rule
            candidates = self._without(candidates, window * LANES, absent) >> LANES
            window += 1
        return None

    def _candidates(self, variables: Mapping[str, Any]) -> int:
        candidates = self._unanchored
        known: list[tuple[VariableIndex, str]] = []
        for name, index in self._present(variables):
            value = variables[name]
            if isinstance(value, str):
                candidates |= index.anchored
                known.append((index, value))
        for index, value in known:
            if not candidates:
                break
            candidates = index.narrow(candidates, value)
        return candidates

    def _present(self, variables: Mapping[str, Any]) -> list[tuple[str, VariableIndex]]:
        """By way of the shorter list: ten thousand variables in the rules cost nothing when the call has twenty."""
        indexes = self._variables
        if len(indexes) <= len(variables):
            return [(name, index) for name, index in indexes.items() if name in variables]
        return [(name, indexes[name]) for name in variables if name in indexes]

    def _first_in_window(self, window: int, number: int, evaluation: Evaluation) -> tuple[Row | None, list[str]]:
        """The first row of this window that holds, and the missing variables that were met on the way."""
        absent: list[str] = []
        base = number * LANES
        draws = self._draws.get(number)
        if draws is not None and evaluation.call is not None:
            window &= draws.agreeing(evaluation.call)
        while window:
            lowest = window & -window
            row = self.rows[base + lowest.bit_length() - 1]
            missing = _missing(row, evaluation.variables)
            if missing is not None:
                absent.append(missing)
                window &= ~(self._variables[missing].needing >> base)
            elif not row.asked or _agrees(row.asked, evaluation):
                return row, absent
            else:
                window ^= lowest
        return None, absent

    def _without(self, candidates: int, base: int, absent: list[str]) -> int:
        """One missing variable takes all the rows that need it along."""
        for name in absent:
            candidates &= ~(self._variables[name].needing >> base)
        return candidates


def _agrees(asked: tuple[Asked, ...], evaluation: Evaluation) -> bool:
    return all(holds(part.tree, evaluation) is part.wanted for part in asked)


def _missing(row: Row, variables: Mapping[str, Any]) -> str | None:
    for name in row.needs:
        if not isinstance(variables.get(name), str):
            return name
    return None
