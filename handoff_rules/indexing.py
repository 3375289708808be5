"""Building the index of one version: rules to rows, rows to bit sets and lookup tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from handoff_rules.atoms import Atom, VariableAtom
from handoff_rules.by_minute import ByMinute, TimedRows
from handoff_rules.circuit import Gate, node_of
from handoff_rules.glob import compile_glob
from handoff_rules.index import Likeness, Row, RuleIndex, Said, VariableIndex, Verdict
from handoff_rules.predicate_tables import Uses, patterns_of, table_of
from handoff_rules.predicates import Family, Predicate
from handoff_rules.rows import Alternative, Asked, Drawn, alternatives
from handoff_rules.share import LANES, Draws
from handoff_rules.tables import bits_of
from handoff_rules.tree import Tree

SPARSE = 256
"""A bit set is made for each value of a variable when they have one bit in so many on average."""


def build_index(rules: Iterable[tuple[int, Tree]]) -> RuleIndex:
    """`rules`: position and condition of each enabled rule, in order."""
    pairs = [(rule, row) for rule, tree in rules for row in alternatives(tree)][::-1]  # the first one is the top bit
    anchors = _anchors([row for _, row in pairs])
    rows = [_row(rule, row, anchor) for (rule, row), anchor in zip(pairs, anchors, strict=True)]
    collected = _Collected()
    for number, (_, row) in enumerate(pairs):
        collected.add(number, row, anchors[number])
    everything = (1 << len(rows)) - 1
    names = sorted({*collected.needed, *collected.refusing, *collected.negative})
    variables = {name: _by_value(_variable_index(name, collected), name, collected, everything) for name in names}
    return RuleIndex(
        rows,
        bits_of(number for number, anchor in enumerate(anchors) if anchor is None),
        variables=variables,
        false_by_time=ByMinute(collected.times()),
        verdicts=_verdicts(rows, everything),
        draws=_draws(pairs),
    )


def _verdicts(rows: Sequence[Row], everything: int) -> list[Verdict]:
    """The first tree of every row is one circuit, the second of every row another."""
    most = max((len(row.asked) for row in rows), default=0)
    return [_verdict([(n, row.asked[slot]) for n, row in enumerate(rows) if len(row.asked) > slot], everything)
            for slot in range(most)]  # fmt: skip


def _verdict(asked: Sequence[tuple[int, Asked]], everything: int) -> Verdict:
    gate = Gate([(number, node_of(part.tree, part.wanted)) for number, part in asked])
    return Verdict(gate, everything & ~bits_of(number for number, _ in asked))


def _draws(pairs: Sequence[tuple[int, Alternative]]) -> dict[int, Draws]:
    """For each window of 64 rows in which a row has a draw, by the window's number."""
    ranges: dict[int, list[tuple[tuple[int, int], int, int]]] = {}
    for number, (_, row) in enumerate(pairs):
        for item in row:
            if isinstance(item, Drawn):
                lanes = ranges.setdefault(number // LANES, [((0, 0), 0, 100)] * LANES)
                lanes[number % LANES] = (item.salt, item.low, item.high)
    return {window: Draws(lanes) for window, lanes in ranges.items()}


def _row(rule: int, requirements: Alternative, anchor: Predicate | None) -> Row:
    needs = dict.fromkeys(predicate.variable for predicate in _wanted(requirements))
    if anchor is not None:
        del needs[anchor.variable]
    return Row(
        rule,
        tuple(needs),
        _likenesses(requirements),
        next((item for item in requirements if isinstance(item, Drawn)), None),
        tuple(item for item in requirements if isinstance(item, Asked)),
    )


def _likenesses(row: Alternative) -> tuple[Likeness, ...]:
    found = [item for item in row if isinstance(item, tuple) and isinstance(item[0], Predicate)]
    return tuple(
        Likeness(predicate.variable, compile_glob(predicate.operands[0]), wanted)
        for predicate, wanted in found
        if predicate.family is Family.LIKE
    )


def _wanted(row: Alternative) -> list[Predicate]:
    return [item[0] for item in row if isinstance(item, tuple) and isinstance(item[0], Predicate) and item[1]]


def _anchors(rows: Sequence[Alternative]) -> list[Predicate | None]:
    """Each row is found by the rarest of the values and variables that it needs, so that a call meets as few as
    possible."""
    wanted = [_wanted(row) for row in rows]
    common: Counter[str | tuple[str, str]] = Counter()
    for predicates in wanted:
        common.update({one.variable for one in predicates})
        common.update(value for one in predicates for value in _values(one))
    return [min(predicates, key=lambda one: _how_common(one, common), default=None) for predicates in wanted]


def _how_common(predicate: Predicate, common: Counter[str | tuple[str, str]]) -> int:
    values = _values(predicate)
    return sum(common[value] for value in values) if values else common[predicate.variable]


def _values(predicate: Predicate) -> list[tuple[str, str]]:
    return [(predicate.variable, text) for text in predicate.operands] if predicate.family is Family.EXACT else []


class _Collected:
    """Who requires what, while the rows are read."""

    def __init__(self) -> None:
        self.needed: set[str] = set()
        self.present: dict[str, list[int]] = defaultdict(list)
        self.finding: dict[str, Uses] = defaultdict(list)
        self.refusing: dict[str, list[int]] = defaultdict(list)
        self.positive: dict[str, dict[tuple[Family, int], Uses]] = defaultdict(lambda: defaultdict(list))
        self.negative: dict[str, dict[Family, Uses]] = defaultdict(lambda: defaultdict(list))
        self._wanting: dict[Atom, tuple[list[int], list[int]]] = {}

    def add(self, number: int, row: Alternative, anchor: Predicate | None) -> None:
        """`anchor`: the one of its predicates by which the row is found."""
        if anchor is not None and anchor.family is not Family.EXACT:
            self.present[anchor.variable].append(number)
        slots: Counter[tuple[str, Family]] = Counter()
        for item in row:
            if isinstance(item, Asked | Drawn):
                continue
            subject, wanted = item
            if subject is anchor and wanted and anchor.family is Family.EXACT:
                self.needed.add(anchor.variable)
                self.finding[anchor.variable].append((anchor, number))
            elif isinstance(subject, Predicate):
                self._add_predicate(number, subject, wanted, slots)
            else:
                assert not isinstance(subject, VariableAtom)
                self._wanting.setdefault(subject, ([], []))[0 if wanted else 1].append(number)

    def _add_predicate(
        self, number: int, predicate: Predicate, wanted: bool, slots: Counter[tuple[str, Family]]
    ) -> None:
        name, family = predicate.variable, predicate.family
        if wanted:
            self.needed.add(name)
        if family is Family.PRESENT:
            if not wanted:
                self.refusing[name].append(number)
        elif wanted:  # a second requirement of the same family goes to a second table, because both must hold
            self.positive[name][family, slots[name, family]].append((predicate, number))
            slots[name, family] += 1
        else:
            self.negative[name][family].append((predicate, number))

    def times(self) -> list[TimedRows]:
        """The rows that a test of time makes false."""
        return [TimedRows(atom, bits_of(false), bits_of(true)) for atom, (true, false) in self._wanting.items()]


def _variable_index(name: str, collected: _Collected) -> VariableIndex:
    wanted = [
        (family, uses, bits_of(number for _, number in uses))
        for (family, _), uses in collected.positive.get(name, {}).items()
    ]
    unwanted = collected.negative.get(name, {})
    return VariableIndex(
        present=bits_of(collected.present.get(name, [])),
        finding=table_of(Family.EXACT, collected.finding[name]) if name in collected.finding else None,
        refusing=bits_of(collected.refusing.get(name, [])),
        positive=tuple((table_of(family, uses), rows) for family, uses, rows in wanted if family is not Family.LIKE),
        negative=tuple(table_of(family, uses) for family, uses in unwanted.items() if family is not Family.LIKE),
        like=tuple((patterns_of(uses), rows) for family, uses, rows in wanted if family is Family.LIKE),
        unlike=tuple(patterns_of(uses) for family, uses in unwanted.items() if family is Family.LIKE),
    )


def _by_value(index: VariableIndex, name: str, collected: _Collected, everything: int) -> VariableIndex:
    """With the answer for each value, where there are few and these bit sets would not be mostly empty."""
    positive, negative = collected.positive.get(name, {}), collected.negative.get(name, {})
    if {*(family for family, _ in positive), *negative} - {Family.EXACT}:
        return index
    uses = [*collected.finding.get(name, ()), *chain.from_iterable((*positive.values(), *negative.values()))]
    values = {text for predicate, _ in uses for text in predicate.operands}
    rows = len(uses) + len(collected.present.get(name, ())) + len(collected.refusing.get(name, ()))
    if (len(values) + 1) * everything.bit_length() > SPARSE * rows:
        return index
    other = "x".join(["", *values, ""])  # longer than each of them
    said = {value: Said(index.found(value), index.narrow(everything, value)) for value in (*values, other)}
    return replace(index, otherwise=said.pop(other), by_value=said)
