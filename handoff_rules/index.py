"""The index: finds the first rule that matches without asking rule after rule, at about the same cost for any number.

Rules become rows (`rows`), one bit each, the first rule the highest. A call starts with the rows of which it has the
rarest part, a value or only a variable; then each of its variables takes away, by a handful of lookups (`tables`) and
operations on whole bit sets, the rows that it makes false. Time (hours, day, date) takes away a set that is known for
the whole minute. What is left in the highest bit is the answer, unless its row still asks for a missing variable, a
draw or a tree (`circuit`).

Patterns (`like_table`) cost most. So lookups only take away most of the rows that a pattern makes false, the first few
of the others are tried one by one, as a person would, and only if none of them matches are all patterns read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, itemgetter, or_
from typing import Any, NamedTuple

from handoff_rules.by_minute import ByMinute
from handoff_rules.circuit import Gate
from handoff_rules.evaluation import Evaluation
from handoff_rules.glob import Test
from handoff_rules.like_table import FEW_PATTERNS, LikeTable
from handoff_rules.needs import Needs
from handoff_rules.rows import Asked, Drawn
from handoff_rules.share import LANES, Draws, draw
from handoff_rules.tables import Table, highest_first
from handoff_rules.tree import holds

FEW_TREES = 4
"""So many trees are read one by one sooner than a circuit answers for all."""
FEW_DRAWS = 8
"""So many draws are made one by one sooner than all of a window."""
FEW_VARIABLES = 16
"""So many variables are looked up sooner than it is found out which rows have all that they need."""
TRIES = 16
"""So many rows are tried one by one before it is asked how many are left: mostly one of them matches."""
MOST_TRIES = 128
"""So many that are left are tried one by one too, sooner than all patterns are read."""


class Likeness(NamedTuple):
    """What a row asks of a variable with `like`; when it is not `wanted`, the value must be unlike the pattern."""

    variable: str
    test: Test
    wanted: bool


class Row(NamedTuple):
    """`rule` is a position in the configuration's rules; `needs` are the variables that must be present besides the one
    by which the row is found."""

    rule: int
    needs: tuple[str, ...]
    likenesses: tuple[Likeness, ...]
    drawn: Drawn | None
    asked: tuple[Asked, ...]


class Said(NamedTuple):
    """What one value says about the rows: those that are found by it, and those that it leaves."""

    found: int
    left: int


_FOUND, _LEFT = itemgetter(0), itemgetter(1)


@dataclass(frozen=True, slots=True)
class VariableIndex:
    """What the presence and the value of one variable say about the rows, as bit sets.

    `present`: rows found when a call has the variable; `finding`: rows found by its value, with nothing more to ask of
    it there. `refusing`: rows that want it missing. `positive`: tables with the rows that have a requirement there;
    `negative`: a hit makes rows false. `like`, `unlike`: the same of patterns. Where all this depends on a few values
    alone, `by_value` has the answers, and `otherwise` that of any other value.
    """

    present: int
    finding: Table | None
    refusing: int
    positive: tuple[tuple[Table, int], ...]
    negative: tuple[Table, ...]
    like: tuple[tuple[LikeTable, int], ...]
    unlike: tuple[LikeTable, ...]
    by_value: Mapping[str, Said] = field(default_factory=dict)
    otherwise: Said | None = None

    def found(self, value: str) -> int:
        return self.present | self.finding.hits(value) if self.finding else self.present

    def narrow(self, candidates: int, value: str) -> int:
        if self.refusing:
            candidates ^= candidates & self.refusing  # costs a third of "and not"
        for table, concerned in self.positive:
            if asked := candidates & concerned:
                candidates ^= asked ^ asked & table.hits(value)
        for table in self.negative:
            candidates ^= candidates & table.hits(value)
        return self._like(LikeTable.look_up, candidates, value) if self.like else candidates

    def narrow_by_parts(self, candidates: int, value: str) -> int:
        return self._like(LikeTable.by_parts, candidates, value)

    def narrow_by_patterns(self, candidates: int, value: str) -> int:
        candidates = self._like(LikeTable.exactly, candidates, value)
        for patterns in self.unlike:
            candidates ^= patterns.hits(value, candidates)
        return candidates

    def _like(self, question: Callable[[LikeTable, str, int], int], candidates: int, value: str) -> int:
        for patterns, concerned in self.like:
            if asked := candidates & concerned:
                candidates ^= asked ^ question(patterns, value, asked)
        return candidates


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a circuit says about the rows that ask for a tree; the others are not concerned."""

    gate: Gate
    unconcerned: int


class RuleIndex:
    """Read by any number of threads."""

    __slots__ = ("_draws", "_false_by_time", "_needs", "_unanchored", "_variables", "_verdicts", "rows")

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
        self._needs = Needs([row.needs for row in rows])
        self._unanchored = unanchored
        self._variables = dict(variables)
        self._false_by_time = false_by_time
        self._verdicts = tuple(verdicts)
        self._draws = dict(draws)

    def first(self, evaluation: Evaluation) -> int | None:
        """The position of the first rule that matches, or None."""
        candidates, known = self._candidates(evaluation.variables)
        if candidates:
            candidates ^= candidates & self._false_by_time.rows(evaluation)
        if candidates and (patterned := [(index, value) for index, value in known if index.like or index.unlike]):
            rule, candidates = self._by_patterns(candidates, patterned, evaluation)
            if not candidates:
                return rule
        for verdict in self._verdicts:
            if candidates.bit_count() <= FEW_TREES:
                break
            candidates &= verdict.gate.rows(evaluation, candidates) | verdict.unconcerned
        for number in self._in_order(candidates, evaluation):
            row = self.rows[number]
            if not row.asked or _agrees(row.asked, evaluation):
                return row.rule
        return None

    def _by_patterns(
        self, candidates: int, patterned: Sequence[tuple[VariableIndex, str]], evaluation: Evaluation
    ) -> tuple[int | None, int]:
        """The position of the first rule that matches, or None, and no candidates; or None and those that are left,
        because there is more to ask."""
        if candidates.bit_count() > FEW_PATTERNS:
            candidates = _narrowed(VariableIndex.narrow_by_parts, candidates, patterned)
        rule, candidates = self._tried(candidates, TRIES, evaluation)
        if candidates and candidates.bit_count() <= MOST_TRIES:
            rule, candidates = self._tried(candidates, MOST_TRIES, evaluation)
        return rule, _narrowed(VariableIndex.narrow_by_patterns, candidates, patterned)

    def _tried(self, candidates: int, tries: int, evaluation: Evaluation) -> tuple[int | None, int]:
        """The position of the first rule that matches, if it is among the first few; else None, and the candidates that
        were not tried. Rows with a tree are not tried, it costs more."""
        rows, variables = self.rows, evaluation.variables
        for number in self._in_order(candidates, evaluation) if self._draws else highest_first(candidates):
            rule, needs, likenesses, _, asked = rows[number]
            if asked or not tries:
                return None, candidates & (2 << number) - 1
            tries -= 1
            for variable, test, wanted in likenesses:
                value = variables.get(variable)
                if (isinstance(value, str) and test(value)) is not wanted:
                    break
            else:
                if not _lacks(needs, variables):
                    return rule, 0
        return None, 0

    def _candidates(self, variables: Mapping[str, Any]) -> tuple[int, list[tuple[VariableIndex, str]]]:
        """The rows that look-ups leave, and the variables that may have more to ask."""
        known = self._known(variables)
        candidates = self._unanchored
        said: list[Said] = []
        asked: list[tuple[VariableIndex, str]] = []
        for index, value in known:
            if index.otherwise is None:
                candidates |= index.found(value)
                asked.append((index, value))
            else:
                said.append(index.by_value.get(value, index.otherwise))
        candidates = reduce(or_, map(_FOUND, said), candidates)
        if candidates and len(known) > FEW_VARIABLES:
            candidates &= self._needs.met(variables)
        if candidates:
            candidates = reduce(and_, map(_LEFT, said), candidates)
        for index, value in asked:
            if not candidates:
                break
            candidates = index.narrow(candidates, value)
        return candidates, asked

    def _known(self, variables: Mapping[str, Any]) -> list[tuple[VariableIndex, str]]:
        """What rules ask for and the call has. By way of the shorter list: ten thousand variables in the rules cost
        nothing when the call has twenty."""
        indexes = self._variables
        if len(indexes) <= len(variables):
            asked = ((index, variables.get(name)) for name, index in indexes.items())
            return [(index, value) for index, value in asked if isinstance(value, str)]
        told = ((indexes.get(name), value) for name, value in variables.items())
        return [(index, value) for index, value in told if index is not None and isinstance(value, str)]

    def _in_order(self, candidates: int, evaluation: Evaluation) -> Iterator[int]:
        """The first one first, without those that ask for a missing variable or another draw."""
        variables, call = evaluation.variables, evaluation.call if self._draws else None
        window = len(self.rows) // LANES + 1  # the last one for which draws were made
        met = False
        while candidates:
            number = candidates.bit_length() - 1
            if call is not None and number // LANES < window:
                window = number // LANES
                candidates = self._drawn(candidates, window, call)
                continue
            row = self.rows[number]
            if not met and _lacks(row.needs, variables):  # what the first row that lacks a variable tells of all
                met = True
                candidates &= self._needs.met(variables)
                continue
            if _is_drawn(row.drawn, call):
                yield number
            candidates ^= 1 << number

    def _drawn(self, candidates: int, window: int, call: int) -> int:
        """Without the rows of this window that ask for another draw, when there are many of them. It is the first that
        is left."""
        draws, rows = self._draws.get(window), candidates >> window * LANES
        if draws is None or rows.bit_count() <= FEW_DRAWS:
            return candidates
        return candidates ^ (rows & ~draws.agreeing(call)) << window * LANES


def _narrowed(
    narrow: Callable[[VariableIndex, int, str], int], candidates: int, patterned: Sequence[tuple[VariableIndex, str]]
) -> int:
    for index, value in patterned:
        if candidates:
            candidates = narrow(index, candidates, value)
    return candidates


def _is_drawn(drawn: Drawn | None, call: int | None) -> bool:
    return drawn is None or call is None or drawn.low <= draw(call, drawn.salt) < drawn.high


def _agrees(asked: tuple[Asked, ...], evaluation: Evaluation) -> bool:
    return all(holds(part.tree, evaluation) is part.wanted for part in asked)


def _lacks(needs: Sequence[str], variables: Mapping[str, Any]) -> bool:
    return not all(isinstance(variables.get(name), str) for name in needs)
