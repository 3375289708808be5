"""Which rules can never decide a call, because earlier ones take every call that they could match.

Each row of a rule is a case; it is split by the tests of earlier rules until one of them surely matches (covered) or
none can (reachable). Only what is proven is reported: where the work grows past its limits, a rule counts as reachable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from handoff_rules.atoms import DAYS, DayAtom, HoursAtom
from handoff_rules.comparison import order_key
from handoff_rules.glob import compile_glob
from handoff_rules.predicates import Family, Predicate
from handoff_rules.rows import Asked, Drawn, Requirement, alternatives
from handoff_rules.tree import Tree

CASES_PER_RULE = 300
OPEN_SPLITS = 6
"""How often a case is split by a test whose outcomes are not a few known values: deeper, nothing a person would write
is found, and the work doubles each time."""
WORK_LIMIT = 200_000
"""Comparisons of one case with one earlier row, for the whole configuration: about a second."""
ROWS_PER_RULE = 16

DOMAINS: Mapping[str, frozenset[str]] = {"hours ": frozenset({"open", "closed"}), "day ": frozenset(DAYS)}
"""Schedules and weekdays as variables that always have one of a few values."""

Test = tuple[Predicate | Requirement, bool]


@dataclass(frozen=True, slots=True)
class Known:
    """What a case knows of one variable: whether it is present, the values left, the tests that are settled."""

    present: bool | None = None
    values: frozenset[str] | None = None
    settled: frozenset[tuple[Predicate, bool]] = frozenset()


UNKNOWN = Known()


@dataclass(frozen=True, slots=True)
class Case:
    """A set of calls: everything that is known of their variables, and opaque tests (dates, shares) by their truth."""

    variables: Mapping[str, Known]
    opaque: Mapping[object, bool]

    def known(self, name: str) -> Known:
        found = self.variables.get(name)
        if found is not None:
            return found
        domain = next((values for prefix, values in DOMAINS.items() if name.startswith(prefix)), None)
        return UNKNOWN if domain is None else Known(True, domain)

    def truth(self, test: Test) -> bool | None:
        """Whether the test comes out as it says for all these calls (True), for none (False), or it depends."""
        subject, wanted = test
        answer = _truth(self.known(subject.variable), subject) if isinstance(subject, Predicate) else None
        if not isinstance(subject, Predicate):
            answer = self.opaque.get(subject)
        return None if answer is None else answer is wanted

    def assuming(self, test: Test) -> Case | None:
        """The calls of this case for which the test comes out as it says; None when there are none."""
        known = self.truth(test)
        if known is not None:
            return self if known else None
        subject, wanted = test
        if not isinstance(subject, Predicate):
            return replace(self, opaque={**self.opaque, subject: wanted})
        narrowed = _narrowed(self.known(subject.variable), subject, wanted)
        if narrowed.values is not None and not narrowed.values:
            return None
        return replace(self, variables={**self.variables, subject.variable: narrowed})


def _truth(known: Known, predicate: Predicate) -> bool | None:
    if known.present is False:
        return False
    if predicate.family is Family.PRESENT:
        return known.present
    if known.values is not None:
        answers = {predicate_holds(predicate, value) for value in known.values}
        return answers.pop() if len(answers) == 1 else None
    return next(
        (answer for other, held in known.settled if (answer := _implied(predicate, other, held)) is not None), None
    )


def _implied(predicate: Predicate, other: Predicate, held: bool) -> bool | None:
    """What one settled test says about another test of the same variable."""
    if predicate == other:
        return held
    if predicate.family is Family.EXACT and other.family is Family.EXACT and not held:
        return False if set(predicate.operands) <= set(other.operands) else None
    if predicate.family is other.family is Family.PREFIX and held:
        return True if all(text.startswith(predicate.operands) for text in other.operands) else None
    if predicate.family is other.family is Family.SUFFIX and held:
        return True if all(text.endswith(predicate.operands) for text in other.operands) else None
    return _implied_order(predicate, other) if held else None


def _implied_order(predicate: Predicate, other: Predicate) -> bool | None:
    limit, tighter = predicate.limit, other.limit
    if predicate.family is not other.family or limit is None or tighter is None or limit[0] != tighter[0]:
        return None
    if limit == tighter:
        return True if predicate.inclusive or not other.inclusive else None
    return True if (tighter < limit) is (predicate.family is Family.BELOW) else None


def _narrowed(known: Known, predicate: Predicate, wanted: bool) -> Known:
    if predicate.family is Family.PRESENT:
        return replace(known, present=wanted)
    if known.values is not None:
        left = frozenset(value for value in known.values if predicate_holds(predicate, value) is wanted)
        return replace(known, values=left)
    if wanted and predicate.family is Family.EXACT:
        fitting = (text for text in predicate.operands if _fits(text, known))
        return Known(present=True, values=frozenset(fitting))
    return Known(True if wanted else known.present, None, known.settled | {(predicate, wanted)})


def _fits(value: str, known: Known) -> bool:
    return all(predicate_holds(predicate, value) is wanted for predicate, wanted in known.settled)


def predicate_holds(predicate: Predicate, value: str) -> bool:
    """The predicate for one value, read plainly."""
    return _HOLDS[predicate.family](predicate, value)


def _order(predicate: Predicate, value: str) -> bool:
    key, limit = order_key(value), predicate.limit
    if limit is None or key[0] != limit[0]:
        return False
    if key == limit:
        return predicate.inclusive
    return (key < limit) is (predicate.family is Family.BELOW)


_HOLDS: dict[Family, Callable[[Predicate, str], bool]] = {
    Family.PRESENT: lambda _, __: True,
    Family.EXACT: lambda predicate, value: value in predicate.operands,
    Family.PREFIX: lambda predicate, value: value.startswith(predicate.operands),
    Family.SUFFIX: lambda predicate, value: value.endswith(predicate.operands),
    Family.PART: lambda predicate, value: any(part in value for part in predicate.operands),
    Family.LIKE: lambda predicate, value: any(compile_glob(pattern)(value) for pattern in predicate.operands),
    Family.BELOW: _order,
    Family.ABOVE: _order,
}


@dataclass(frozen=True, slots=True)
class Unreachable:
    """`position` in the rules; `by` are the rules that take its calls, empty when it contradicts itself."""

    position: int
    by: tuple[int, ...]


def unreachable_rules(rules: Iterable[tuple[int, Tree]]) -> list[Unreachable]:
    """`rules`: position and condition of each enabled rule, in order."""
    earlier = _Earlier()
    found: list[Unreachable] = []
    for position, tree in rules:
        rows = [tuple(_test(item) for item in row) for row in alternatives(tree, True, ROWS_PER_RULE)]
        cases = [(row, case) for row in rows if (case := _case(row)) is not None]
        covering: set[int] = set()
        if all(earlier.covers(row, case, covering) for row, case in cases):
            found.append(Unreachable(position, tuple(sorted(covering))))
        else:
            for row in rows:
                earlier.add(position, row)
    return found


def _test(item: Requirement) -> Test:
    if isinstance(item, Asked | Drawn):
        return item, True
    subject, wanted = item
    if isinstance(subject, HoursAtom):
        state = "open" if subject.open else "closed"
        return Predicate(f"hours {subject.hours}", Family.EXACT, (state,)), wanted
    if isinstance(subject, DayAtom):
        return Predicate("day ", Family.EXACT, subject.days), wanted
    return subject, wanted  # type: ignore[return-value]


def _case(row: Sequence[Test]) -> Case | None:
    case: Case | None = Case({}, {})
    for test in row:
        case = case.assuming(test) if case is not None else None
    return case


class _Earlier:
    """The rows of the rules so far, those with an exact value found by it."""

    def __init__(self) -> None:
        self._general: list[tuple[int, Sequence[Test]]] = []
        self._by_value: dict[tuple[str, str], list[tuple[int, Sequence[Test]]]] = defaultdict(list)
        self._same: dict[frozenset[Test], int] = {}
        self._work = WORK_LIMIT

    def add(self, position: int, row: Sequence[Test]) -> None:
        self._same.setdefault(frozenset(row), position)
        for subject, wanted in row:
            if isinstance(subject, Predicate) and subject.family is Family.EXACT and wanted:
                for value in subject.operands:
                    self._by_value[subject.variable, value].append((position, row))
                return
        self._general.append((position, row))

    def covers(self, row: Sequence[Test], case: Case, covering: set[int]) -> bool:
        """True when it is proven that each call of the case matches an earlier rule; those go into `covering`.

        The same row once more and a row without requirements are found at once, however many rules there are.
        """
        for known in (frozenset[Test](), frozenset(row)):
            if known in self._same:
                covering.add(self._same[known])
                return True
        if self._work < 0:
            return False
        self._cases = CASES_PER_RULE
        return self._covers(case, self._candidates(case), covering, OPEN_SPLITS)

    def _candidates(self, case: Case) -> list[tuple[int, Sequence[Test]]]:
        fixed = [(name, known.values) for name, known in case.variables.items() if known.values is not None]
        found = {id(row): (position, row) for position, row in self._general}
        for name, values in fixed:
            for value in values:
                found |= {id(row): (position, row) for position, row in self._by_value.get((name, value), ())}
        open_names = {name for name, _ in self._by_value} - {name for name, _ in fixed}
        if len(self._by_value) <= CASES_PER_RULE:
            for (name, _), entries in self._by_value.items():
                if name in open_names:
                    found |= {id(row): (position, row) for position, row in entries}
        return sorted(found.values(), key=lambda entry: entry[0])

    def _covers(
        self, case: Case, candidates: Sequence[tuple[int, Sequence[Test]]], covering: set[int], splits: int
    ) -> bool:
        self._cases -= 1
        self._work -= len(candidates)
        if self._cases < 0 or self._work < 0:
            return False
        possible: list[tuple[int, Sequence[Test]]] = []
        split: list[Test] | None = None
        for position, row in candidates:
            truths = [(case.truth(test), test) for test in row]
            if any(truth is False for truth, _ in truths):
                continue
            unsettled = [test for truth, test in truths if truth is None]
            if not unsettled:
                covering.add(position)
                return True
            possible.append((position, row))
            split = unsettled if split is None or len(unsettled) < len(split) else split
        if split is None or splits == 0:
            return False
        subject, wanted = split[0]
        finite = isinstance(subject, Predicate) and case.known(subject.variable).values is not None
        parts = (case.assuming((subject, not wanted)), case.assuming((subject, wanted)))
        return all(part is None or self._covers(part, possible, covering, splits - (not finite)) for part in parts)
