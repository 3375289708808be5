"""Which rules can never decide a call, because earlier ones take every call that they could match.

Each row of a rule is a case; it is split by the tests of earlier rules until one of them surely matches (covered) or
none can (reachable). Only what is proven is reported: where the work grows past its limits, a rule counts as reachable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from handoff_rules.few_values import NO_STATES, Domains, Test, as_test, domains_of
from handoff_rules.implication import excludes, implies, other_sides, predicate_holds
from handoff_rules.predicates import Family, Predicate
from handoff_rules.rows import alternatives
from handoff_rules.tree import Tree

CASES_PER_RULE = 300
OPEN_SPLITS = 6
"""How often a case is split by a test whose outcomes are not a few known values: deeper, nothing a person would write
is found, and the work doubles each time."""
WORK_LIMIT = 200_000
"""Comparisons of one case with one earlier row, for the whole configuration: about a second."""
ROWS_PER_RULE = 16
VALUES_PER_COMPARISON = 64
"""So many values are looked through in the time of one comparison."""
PRESENT_IN_EVERY_CALL = frozenset({"call_sid"})


@dataclass(frozen=True, slots=True)
class Known:
    """What a case knows of one variable: whether it is present, the values left, the tests that are settled."""

    present: bool | None = None
    values: frozenset[str] | None = None
    settled: frozenset[tuple[Predicate, bool]] = frozenset()


UNKNOWN, PRESENT = Known(), Known(True)


@dataclass(frozen=True, slots=True)
class Case:
    """A set of calls: everything that is known of their variables, and opaque tests (shares) by their truth."""

    domains: Domains
    variables: Mapping[str, Known] = field(default_factory=dict)
    opaque: Mapping[object, bool] = field(default_factory=dict)

    def known(self, name: str) -> Known:
        found = self.variables.get(name)
        if found is not None:
            return found
        if name in self.domains:
            return Known(True, self.domains[name])
        return PRESENT if name in PRESENT_IN_EVERY_CALL else UNKNOWN

    def truth(self, test: Test) -> bool | None:
        """Whether the test comes out as it says for all these calls (True), for none (False), or it depends."""
        subject, wanted = test
        answer = _truth(self.known(subject.variable), subject) if isinstance(subject, Predicate) else None
        if not isinstance(subject, Predicate):
            answer = self.opaque.get(subject)
        return None if answer is None else answer is wanted

    def has_few_values(self, test: Test) -> bool:
        return isinstance(test[0], Predicate) and self.known(test[0].variable).values is not None

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
        true = len(_true_for(predicate, known.values))
        return None if 0 < true < len(known.values) else true > 0
    return next(
        (answer for other, held in known.settled if (answer := _implied(predicate, other, held)) is not None), None
    )


def _implied(predicate: Predicate, other: Predicate, held: bool) -> bool | None:
    """What one settled test says about another test of the same variable."""
    if not held:
        return False if implies(predicate, other) else None
    if implies(other, predicate):
        return True
    return False if excludes(other, predicate) else None


def _narrowed(known: Known, predicate: Predicate, wanted: bool) -> Known:
    if predicate.family is Family.PRESENT:
        return replace(known, present=wanted)
    if known.values is not None:
        true = _true_for(predicate, known.values)
        return replace(known, values=true if wanted else known.values - true)
    if wanted and predicate.family is Family.EXACT:
        fitting = (text for text in predicate.operands if _fits(text, known))
        return Known(present=True, values=frozenset(fitting))
    settled = known.settled | {(predicate, wanted)}
    return Known(True if wanted else known.present, None, settled | other_sides(settled))


def _true_for(predicate: Predicate, values: frozenset[str]) -> frozenset[str]:
    if predicate.family is Family.EXACT:
        return values.intersection(predicate.operands)
    return frozenset(value for value in values if predicate_holds(predicate, value))


def _fits(value: str, known: Known) -> bool:
    return all(predicate_holds(predicate, value) is wanted for predicate, wanted in known.settled)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """`position` in the rules; `by` are the rules that take its calls, empty when it contradicts itself."""

    position: int
    by: tuple[int, ...]


def unreachable_rules(rules: Iterable[tuple[int, Tree]], states: Mapping[str, str] = NO_STATES) -> list[Unreachable]:
    """`rules`: position and condition of each enabled rule, in order. `states`: schedules that are always open, or
    always closed, by their id."""
    listed = [(position, alternatives(tree, True, ROWS_PER_RULE)) for position, tree in rules]
    calendar, domains = domains_of((row for _, rows in listed for row in rows), states)
    earlier = _Earlier(domains)
    found: list[Unreachable] = []
    for position, requirements in listed:
        rows = [tuple(as_test(item, calendar) for item in row) for row in requirements]
        parts = [part for row in rows for part in _parts(row)]
        cases = [(row, case) for row in parts if (case := _case(domains, row)) is not None]
        covering: set[int] = set()
        if all(earlier.covers(row, case, covering) for row, case in cases):
            found.append(Unreachable(position, tuple(sorted(covering))))
        else:
            for row in rows:
                earlier.add(position, row)
    return found


def _parts(row: Sequence[Test]) -> list[Sequence[Test]]:
    """One row for each operand of "starts with one of" and its like: different earlier rules may take them. The values
    of an exact test are split by `Case`."""
    found: list[Sequence[Test]] = [()]
    for test in row:
        each = _one_each(test)
        if len(each) * len(found) > ROWS_PER_RULE:
            each = [test]
        found = [(*before, one) for before in found for one in each]
    return found


def _one_each(test: Test) -> list[Test]:
    subject, wanted = test
    if not isinstance(subject, Predicate) or subject.family not in _LISTED or not wanted:
        return [test]
    return [(subject._replace(operands=(text,)), True) for text in subject.operands]


_LISTED = (Family.PREFIX, Family.SUFFIX, Family.PART, Family.LIKE)


def _case(domains: Domains, row: Sequence[Test]) -> Case | None:
    case: Case | None = Case(domains)
    for test in row:
        case = case.assuming(test) if case is not None else None
    return case


class _Earlier:
    """The rows of the rules so far, those with an exact value found by it."""

    def __init__(self, domains: Domains) -> None:
        self._domains = domains
        self._general: list[tuple[int, Sequence[Test]]] = []
        self._by_value: dict[tuple[str, str], list[tuple[int, Sequence[Test]]]] = defaultdict(list)
        self._same: dict[frozenset[Test], int] = {}
        self._work = WORK_LIMIT

    def add(self, position: int, row: Sequence[Test]) -> None:
        self._same.setdefault(frozenset(row), position)
        for subject, wanted in row:
            if not isinstance(subject, Predicate) or subject.variable in self._domains:
                continue
            if subject.family is Family.EXACT and wanted:
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
        fewest: list[Test] = []
        whole = case
        for position, row in candidates:
            unsettled = _unsettled(case, row)
            if unsettled is None:
                continue
            if len(unsettled) == 1 and case.has_few_values(unsettled[0]):  # it takes some of the values that are left
                covering.add(position)
                rest = self._without(case, unsettled[0])
                if rest is None:
                    return True
                case = rest
                continue
            if not unsettled:
                covering.add(position)
                return True
            possible.append((position, row))
            fewest = unsettled if not fewest or len(unsettled) < len(fewest) else fewest
        if case is not whole:
            return self._covers(case, possible, covering, splits)
        if not fewest or splits == 0:
            return False
        left = splits - (not case.has_few_values(fewest[0]))
        subject, wanted = fewest[0]
        parts = (case.assuming((subject, not wanted)), case.assuming((subject, wanted)))
        return all(part is None or self._covers(part, possible, covering, left) for part in parts)

    def _without(self, case: Case, test: Test) -> Case | None:
        subject, wanted = test
        if isinstance(subject, Predicate):
            self._work -= len(case.known(subject.variable).values or ()) // VALUES_PER_COMPARISON
        return case.assuming((subject, not wanted))


def _unsettled(case: Case, row: Sequence[Test]) -> list[Test] | None:
    """The tests of the row that depend; None when one is false for all calls of the case."""
    truths = [(case.truth(test), test) for test in row]
    return None if any(truth is False for truth, _ in truths) else [test for truth, test in truths if truth is None]
