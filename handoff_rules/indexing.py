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
from handoff_rules.index import Likeness, Row, RuleIndex, VariableIndex, Verdict
from handoff_rules.needs import Needs
from handoff_rules.predicate_tables import Uses, patterns_of, table_of
from handoff_rules.predicates import Family, Predicate
from handoff_rules.rows import Alternative, Asked, Drawn, alternatives
from handoff_rules.share import LANES, Draws
from handoff_rules.tables import bits_of, packed
from handoff_rules.tree import Tree

SPARSE = 256
"""A bit set is made for each value of a variable when they have one bit in so many on average."""


def build_index(rules: Iterable[tuple[int, Tree]]) -> RuleIndex:
    """`rules`: position and condition of each enabled rule, in order."""
    pairs = [(rule, row) for rule, tree in rules for row in alternatives(tree)][::-1]  # the first one is the top bit
    rows = [_row(rule, row) for rule, row in pairs]
    collected = _Collected()
    for number, (_, row) in enumerate(pairs):
        collected.add(number, row)
    everything = (1 << len(rows)) - 1
    names = sorted({*collected.needing, *collected.refusing, *collected.negative})
    variables = {
        name: _answered(_variable_index(name, collected, everything), name, collected, everything) for name in names
    }
    return RuleIndex(
        rows,
        Needs(_needs([row for _, row in pairs])),
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


def _row(rule: int, requirements: Alternative) -> Row:
    return Row(
        rule,
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


def _needs(rows: Sequence[Alternative]) -> list[list[str]]:
    """The variables that each row needs, the one that fewest rows need first: so few are left at once."""
    needs = [_wanted_variables(row) for row in rows]
    common = Counter(chain.from_iterable(needs))
    return [sorted(names, key=lambda name: (common[name], name)) for names in needs]


def _wanted_variables(row: Alternative) -> set[str]:
    return {item[0].variable for item in row if isinstance(item, tuple) and isinstance(item[0], Predicate) and item[1]}


class _Collected:
    """Who requires what, while the rows are read."""

    def __init__(self) -> None:
        self.needing: dict[str, list[int]] = defaultdict(list)
        self.refusing: dict[str, list[int]] = defaultdict(list)
        self.positive: dict[str, dict[tuple[Family, int], Uses]] = defaultdict(lambda: defaultdict(list))
        self.negative: dict[str, dict[Family, Uses]] = defaultdict(lambda: defaultdict(list))
        self._wanting: dict[Atom, tuple[list[int], list[int]]] = {}

    def add(self, number: int, row: Alternative) -> None:
        slots: Counter[tuple[str, Family]] = Counter()
        for name in _wanted_variables(row):
            self.needing[name].append(number)
        for item in row:
            if isinstance(item, Asked | Drawn):
                continue
            subject, wanted = item
            if isinstance(subject, Predicate):
                self._add_predicate(number, subject, wanted, slots)
            else:
                assert not isinstance(subject, VariableAtom)
                self._wanting.setdefault(subject, ([], []))[0 if wanted else 1].append(number)

    def _add_predicate(
        self, number: int, predicate: Predicate, wanted: bool, slots: Counter[tuple[str, Family]]
    ) -> None:
        name, family = predicate.variable, predicate.family
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


def _variable_index(name: str, collected: _Collected, everything: int) -> VariableIndex:
    wanted = [
        (family, uses, _unless(everything, bits_of(number for _, number in uses)))
        for (family, _), uses in collected.positive.get(name, {}).items()
    ]
    unwanted = collected.negative.get(name, {})
    index = VariableIndex(
        needing=packed(collected.needing.get(name, ())),
        refusing=bits_of(collected.refusing.get(name, ())),
        positive=tuple((table_of(family, uses), rows) for family, uses, rows in wanted if family is not Family.LIKE),
        negative=tuple(table_of(family, uses) for family, uses in unwanted.items() if family is not Family.LIKE),
        like=tuple((patterns_of(uses), rows) for family, uses, rows in wanted if family is Family.LIKE),
        unlike=tuple(patterns_of(uses) for family, uses in unwanted.items() if family is Family.LIKE),
    )
    return _answered(index, name, collected, everything)


def _answered(index: VariableIndex, name: str, collected: _Collected, everything: int) -> VariableIndex:
    """With the answer for each value, where there are few and these bit sets would not be mostly empty."""
    positive, negative = collected.positive.get(name, {}), collected.negative.get(name, {})
    if {*(family for family, _ in positive), *negative} - {Family.EXACT}:
        return index
    uses = [*chain.from_iterable((*positive.values(), *negative.values()))]
    values = {text for predicate, _ in uses for text in predicate.operands}
    rows = len(uses) + len(collected.needing.get(name, ())) + len(collected.refusing.get(name, ()))
    if (len(values) + 1) * everything.bit_length() > SPARSE * rows:
        return index
    left = {value: index.narrow(everything, value) for value in values}
    other = "x".join(["", *values, ""])  # longer than each of them
    return replace(index, left=left, otherwise=index.narrow(everything, other))


def _unless(everything: int, rows: int) -> int | None:
    return None if rows == everything else rows
