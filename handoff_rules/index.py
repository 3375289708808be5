"""The index: finds the first rule that matches without asking rule after rule, at about the same cost for any number.

Rules become rows (`rows`), one bit each, the first rule the highest. A call starts with the rows of which it has all
variables; then each of these takes away, by a handful of lookups (`tables`) and operations on whole bit sets, the rows
that it makes false. Time (hours, day, date) takes away a set that is known for the whole minute. What is left in the
highest bit is the answer, unless its row still asks for a draw or a tree (`circuit`).

Patterns (`like_table`) cost most. So lookups only take away most of the rows that a pattern makes false, the first few
of the others are tried one by one, as a person would, and only if none of them matches are all patterns read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

from handoff_rules.by_minute import ByMinute
from handoff_rules.circuit import Gate
from handoff_rules.evaluation import Evaluation
from handoff_rules.glob import Test
from handoff_rules.like_table import FEW_PATTERNS, LikeTable
from handoff_rules.needs import Needs
from handoff_rules.rows import Asked, Drawn
from handoff_rules.share import LANES, Draws, draw
from handoff_rules.tables import Rows, Table, highest_first, more_than, unpacked
from handoff_rules.tree import holds

FEW_TREES = 4
"""So many trees are read one by one sooner than a circuit answers for all."""
FEW_DRAWS = 8
"""So many draws are made one by one sooner than all of a window."""
TWICE = 2
"""When the rules ask for so many times more variables than the call has, only those of the call are looked at."""
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
    """`rule` is a position in the configuration's rules."""

    rule: int
    likenesses: tuple[Likeness, ...]
    drawn: Drawn | None
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class VariableIndex:
    """What the presence and the value of one variable say about the rows, as bit sets.

    `needing`: rows that cannot be true without it; `refusing`: rows that want it missing. `positive`: tables, each with
    the rows that have a requirement there, None for all rows; `negative`: a hit makes rows false. `like`, `unlike`: the
    same of patterns. Where all this depends on a few values alone, `left` has the rows that each leaves, and
    `otherwise` those of any other value.
    """

    needing: Rows
    refusing: int
    positive: tuple[tuple[Table, int | None], ...]
    negative: tuple[Table, ...]
    like: tuple[tuple[LikeTable, int | None], ...]
    unlike: tuple[LikeTable, ...]
    left: Mapping[str, int] = field(default_factory=dict)
    otherwise: int | None = None

    def narrow(self, candidates: int, value: str) -> int:
        if self.refusing:
            candidates ^= candidates & self.refusing  # costs a third of "and not"
        for table, concerned in self.positive:
            if asked := candidates if concerned is None else candidates & concerned:
                hits = asked & table.hits(value)
                candidates = hits if concerned is None else candidates ^ asked ^ hits
        for table in self.negative:
            candidates ^= candidates & table.hits(value)
        return candidates

    def narrow_by_ends(self, candidates: int, value: str) -> int:
        return self._like(LikeTable.look_up, candidates, value)

    def narrow_by_parts(self, candidates: int, value: str) -> int:
        return self._like(LikeTable.by_parts, candidates, value)

    def narrow_by_patterns(self, candidates: int, value: str) -> int:
        candidates = self._like(LikeTable.exactly, candidates, value)
        for patterns in self.unlike:
            candidates ^= patterns.hits(value, candidates)
        return candidates

    def _like(self, question: Callable[[LikeTable, str, int], int], candidates: int, value: str) -> int:
        for patterns, concerned in self.like:
            if asked := candidates if concerned is None else candidates & concerned:
                hits = question(patterns, value, asked)
                candidates = hits if concerned is None else candidates ^ asked ^ hits
        return candidates


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a circuit says about the rows that ask for a tree; the others are not concerned."""

    gate: Gate
    unconcerned: int


class RuleIndex:
    """Read by any number of threads."""

    __slots__ = ("_draws", "_everything", "_false_by_time", "_needs", "_variables", "_verdicts", "rows")

    def __init__(
        self,
        rows: Sequence[Row],
        needs: Needs,
        *,
        variables: Mapping[str, VariableIndex],
        false_by_time: ByMinute,
        verdicts: Sequence[Verdict],
        draws: Mapping[int, Draws],
    ) -> None:
        self.rows = tuple(rows)
        self._everything = (1 << len(self.rows)) - 1
        self._needs = needs
        self._variables = dict(variables)
        self._false_by_time = false_by_time
        self._verdicts = tuple(verdicts)
        self._draws = dict(draws)

    def first(self, evaluation: Evaluation) -> int | None:
        """The position of the first rule that matches, or None."""
        candidates, known = self._looked_up(evaluation.variables)
        if candidates:
            candidates ^= candidates & self._false_by_time.rows(evaluation)
        if candidates and (patterned := [(index, value) for index, value in known if index.like or index.unlike]):
            rule, candidates = self._by_patterns(candidates, patterned, evaluation)
            if not candidates:
                return rule
        for verdict in self._verdicts:
            if not more_than(FEW_TREES, candidates):
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
        candidates = _narrowed(VariableIndex.narrow_by_ends, candidates, patterned)
        for index, value in patterned:
            if not more_than(FEW_PATTERNS, candidates):
                break
            candidates = index.narrow_by_parts(candidates, value)
        rule, candidates = self._tried(candidates, TRIES, evaluation)
        if candidates and not more_than(MOST_TRIES, candidates):
            rule, candidates = self._tried(candidates, MOST_TRIES, evaluation)
        return rule, _narrowed(VariableIndex.narrow_by_patterns, candidates, patterned)

    def _tried(self, candidates: int, tries: int, evaluation: Evaluation) -> tuple[int | None, int]:
        """The position of the first rule that matches, if it is among the first few; else None, and the candidates that
        were not tried. Rows with a tree are not tried, it costs more."""
        rows, variables = self.rows, evaluation.variables
        for number in self._in_order(candidates, evaluation) if self._draws else highest_first(candidates):
            rule, likenesses, _, asked = rows[number]
            if asked or not tries:
                return None, candidates & (2 << number) - 1
            tries -= 1
            for variable, test, wanted in likenesses:
                value = variables.get(variable)
                if (isinstance(value, str) and test(value)) is not wanted:
                    break
            else:
                return rule, 0
        return None, 0

    def _looked_up(self, variables: Mapping[str, Any]) -> tuple[int, list[tuple[VariableIndex, str]]]:
        """The rows that look-ups leave, and the variables that may have more to ask."""
        indexes = self._variables
        few = len(indexes) <= TWICE * len(variables)
        lacking = 0
        left: list[int] = []
        asked: list[tuple[VariableIndex, str]] = []
        for name, index in indexes.items() if few else [(name, indexes[name]) for name in variables if name in indexes]:
            value = variables.get(name)
            if not isinstance(value, str):
                lacking |= rows if isinstance(rows := index.needing, int) else unpacked(rows)
            elif index.otherwise is None:
                asked.append((index, value))
            else:
                left.append(index.left.get(value, index.otherwise))
        candidates = reduce(and_, left, self._everything ^ lacking if few else self._needs.met(variables))
        for index, value in asked:
            if not candidates:
                break
            candidates = index.narrow(candidates, value)
        return candidates, asked

    def _in_order(self, candidates: int, evaluation: Evaluation) -> Iterator[int]:
        """The first one first, without those that ask for another draw."""
        call = evaluation.call if self._draws else None
        window = len(self.rows) // LANES + 1  # the last one for which draws were made
        while candidates:
            number = candidates.bit_length() - 1
            if call is not None and number // LANES < window:
                window = number // LANES
                candidates = self._drawn(candidates, window, call)
                continue
            if _is_drawn(self.rows[number].drawn, call):
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
