"""Conditions that would make too many rows, asked of all rules at once: trees of the same shape laid over each other.

The bit of a row stands for its rule's own test at that place of the tree, so that `all` is one "and" of bit sets and
`any` one "or", whatever the number of rules. Patterns, which cost most, are asked last and only of the rows for which
they still matter. A share counts as true here: what a circuit lets through is read once more, and what it holds back is
false for certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from handoff_rules.atoms import Atom, ShareAtom, VariableAtom
from handoff_rules.by_minute import ByMinute, TimedRows
from handoff_rules.evaluation import Evaluation
from handoff_rules.like_table import LikeTable
from handoff_rules.predicate_tables import Uses, patterns_of, table_of
from handoff_rules.predicates import Family, Predicate, clauses_of
from handoff_rules.tables import Table, bits_of, without
from handoff_rules.tree import All, Any, Leaf, Not, Tree

Literal = tuple[Predicate | Atom, bool]
"""A single test, and whether it must be true."""


@dataclass(frozen=True, slots=True)
class Both:
    """All of the parts; without parts it is true."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts; without parts it is false."""

    parts: tuple[Node, ...]


Node = Literal | Both | Either
Placed = Sequence[tuple[int, Node]]
"""Rows, and what each of them has at one place of the tree; a row is there once."""


def node_of(tree: Tree, wanted: bool) -> Node:
    """The tree with every `not` pushed down to the single tests, and those made of plain predicates."""
    match tree:
        case Leaf(ShareAtom()):
            return Both(())
        case Leaf(VariableAtom() as atom):
            return _either([_both(clause) for clause in clauses_of(atom, wanted)])
        case Leaf(atom):
            return (atom, wanted)
        case Not(child):
            return node_of(child, not wanted)
        case All(children) | Any(children):
            nodes = [node_of(child, wanted) for child in children]
            return _both(nodes) if isinstance(tree, All) is wanted else _either(nodes)


def _both(parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Both(tuple(parts))


def _either(parts: Sequence[Node]) -> Node:
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Either) else (part,))]
    return flat[0] if len(flat) == 1 else Either(tuple(flat))


class Hits:
    """Single tests of many rows: the rows of which at least one test is true."""

    __slots__ = ("_by_variable", "_times")

    def __init__(self, tests: Iterable[tuple[int, Predicate | Atom]]) -> None:
        present: dict[str, list[int]] = defaultdict(list)
        uses: dict[str, dict[Family, Uses]] = defaultdict(lambda: defaultdict(list))
        times: dict[Atom, list[int]] = defaultdict(list)
        for row, test in tests:
            if not isinstance(test, Predicate):
                times[test].append(row)
            elif test.family is Family.PRESENT:
                present[test.variable].append(row)
            else:
                uses[test.variable][test.family].append((test, row))
        self._by_variable: Mapping[str, tuple[int, tuple[Table, ...], LikeTable | None]] = {
            name: (bits_of(present.get(name, ())), *_tables(uses.get(name, {})))
            for name in dict.fromkeys([*present, *uses])
        }
        self._times = ByMinute([TimedRows(atom, bits_of(rows), 0) for atom, rows in times.items()])

    def rows(self, evaluation: Evaluation, among: int) -> int:
        """Others than those `among` which are asked may be left out."""
        variables, known = evaluation.variables, self._by_variable
        rows = self._times.rows(evaluation)
        patterned: list[tuple[LikeTable, str]] = []
        for name in known if len(known) < len(variables) else variables:
            value, found = variables.get(name), known.get(name)
            if found is not None and isinstance(value, str):
                present, tables, patterns = found
                rows |= present
                for table in tables:
                    rows |= table.hits(value)
                if patterns is not None:
                    patterned.append((patterns, value))
        for patterns, value in patterned:
            if left := without(among, rows):
                rows |= patterns.hits(value, left)
        return rows


def _tables(uses: Mapping[Family, Uses]) -> tuple[tuple[Table, ...], LikeTable | None]:
    plain = tuple(table_of(family, found) for family, found in uses.items() if family is not Family.LIKE)
    return plain, patterns_of(uses[Family.LIKE]) if Family.LIKE in uses else None


class Gate:
    """One place of the tree. Rows that have nothing there are false."""

    __slots__ = ("_all_of", "_any_of", "_hits", "_none_of")

    def __init__(self, placed: Placed) -> None:
        """An `any` gives all its true-wanting tests to one table, an `all` its false-wanting ones: they need no place
        of their own."""
        wanting_true: list[tuple[int, Predicate | Atom]] = []
        wanting_false: list[tuple[int, Predicate | Atom]] = []
        alls: list[tuple[int, Both]] = []
        others: list[tuple[int, Sequence[Node]]] = []
        for row, node in placed:
            if isinstance(node, Both):
                alls.append((row, node))
            elif isinstance(node, Either):
                wanting_true += [(row, part[0]) for part in node.parts if isinstance(part, tuple) and part[1]]
                others.append((row, [part for part in node.parts if not (isinstance(part, tuple) and part[1])]))
            elif node[1]:
                wanting_true.append((row, node[0]))
            else:
                wanting_false.append((row, node[0]))
        self._hits = Hits(wanting_true) if wanting_true else None
        self._none_of = (bits_of(row for row, _ in wanting_false), Hits(wanting_false)) if wanting_false else None
        self._all_of = AllOf(alls) if alls else None
        self._any_of = tuple(Gate(place) for place in _places(others))

    def rows(self, evaluation: Evaluation, among: int) -> int:
        """Of the rows `among` which are asked, those for which this place of the tree is true; others mean nothing."""
        rows = self._hits.rows(evaluation, among) if self._hits else 0
        if self._none_of:
            asked = without(self._none_of[0] & among, rows)
            rows |= without(asked, self._none_of[1].rows(evaluation, asked))
        if self._all_of:
            rows |= self._all_of.rows(evaluation, without(among, rows))
        for gate in self._any_of:
            rows |= gate.rows(evaluation, without(among, rows))
        return rows


class AllOf:
    """The rows that have an `all` at one place."""

    __slots__ = ("_false", "_parts", "_rows")

    def __init__(self, placed: Sequence[tuple[int, Both]]) -> None:
        wanting_false: list[tuple[int, Predicate | Atom]] = []
        others: list[tuple[int, Sequence[Node]]] = []
        for row, node in placed:
            wanting_false += [(row, part[0]) for part in node.parts if isinstance(part, tuple) and not part[1]]
            others.append((row, [part for part in node.parts if not (isinstance(part, tuple) and not part[1])]))
        self._rows = bits_of(row for row, _ in placed)
        self._false = Hits(wanting_false) if wanting_false else None
        places = sorted(_places(others), key=_asks_patterns)
        self._parts = tuple((Gate(place), self._rows & ~bits_of(row for row, _ in place)) for place in places)

    def rows(self, evaluation: Evaluation, among: int) -> int:
        rows = self._rows & among
        if self._false:
            rows = without(rows, self._false.rows(evaluation, rows))
        for gate, unconcerned in self._parts:
            if not rows:
                break
            rows &= gate.rows(evaluation, rows) | unconcerned
        return rows


def _places(listed: Sequence[tuple[int, Sequence[Node]]]) -> list[Placed]:
    """The first part of every row, the second of every row, and so on: like parts at the same place."""
    places: list[list[tuple[int, Node]]] = []
    for row, parts in listed:
        for number, part in enumerate(sorted(parts, key=_likeness)):
            if number == len(places):
                places.append([])
            places[number].append((row, part))
    return list(places)


def _asks_patterns(placed: Placed) -> bool:
    return any(isinstance(node, tuple) and _is_pattern(node[0]) for _, node in placed)


def _is_pattern(test: Predicate | Atom) -> bool:
    return isinstance(test, Predicate) and test.family is Family.LIKE


def _likeness(node: Node) -> tuple[int, str, str]:
    if isinstance(node, tuple):
        test = node[0]
        return (0, test.variable, test.family) if isinstance(test, Predicate) else (1, "", "")
    return (2 if isinstance(node, Both) else 3, "", "")
