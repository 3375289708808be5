"""Each rule as rows of plain requirements that must all hold; a rule matches when one of its rows does.

Rows are what the index can look up with bit sets. `not` is pushed down to single tests, `any` becomes several rows.
Alternatives in many places multiply: what would make more rows than the budget stays a tree (`circuit` asks those).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from handoff_rules.atoms import Atom, ShareAtom, VariableAtom
from handoff_rules.predicates import Family, Predicate, clauses_of
from handoff_rules.share import Salt
from handoff_rules.tree import All, Any, Leaf, Not, Tree

ROW_BUDGET = 8
"""How many rows one rule may become, whatever the number of rules, so that few and many cost alike; the 10,000 rules
that a configuration may have make bit sets of at most 10 kB, which is still microseconds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A part that would make too many rows, as the tree that it is."""

    tree: Tree
    wanted: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """The draw of the call for this rule must lie from `low` to below `high`."""

    salt: Salt
    low: int
    high: int


TimeLiteral = tuple[Atom, bool]
Requirement = tuple[Predicate, bool] | TimeLiteral | Asked | Drawn
Alternative = tuple[Requirement, ...]
NEVER: list[Alternative] = []
ALWAYS: list[Alternative] = [()]


def alternatives(tree: Tree, wanted: bool = True, budget: int = ROW_BUDGET) -> list[Alternative]:
    """The rows of a tree that must hold (`wanted`) or must not."""
    match tree:
        case Leaf(atom):
            return _of_atom(atom, wanted)
        case Not(child):
            return alternatives(child, not wanted, budget)
        case All(children):
            parts = [(child, alternatives(child, wanted, budget)) for child in children]
            return _all_of(parts, wanted, budget) if wanted else _any_of(tree, parts, wanted, budget)
        case Any(children):
            parts = [(child, alternatives(child, wanted, budget)) for child in children]
            return _any_of(tree, parts, wanted, budget) if wanted else _all_of(parts, wanted, budget)


def _of_atom(atom: Atom, wanted: bool) -> list[Alternative]:
    if isinstance(atom, VariableAtom):
        return list(clauses_of(atom, wanted))
    if not isinstance(atom, ShareAtom):
        return [((atom, wanted),)]
    if atom.percent == 0:
        return NEVER if wanted else ALWAYS
    present = (Predicate("call_sid", Family.PRESENT), wanted)
    if atom.percent == 100:
        return [(present,)]
    return [(present, Drawn(atom.salt, 0, atom.percent))] if wanted else [(Drawn(atom.salt, atom.percent, 100),)]


def _any_of(
    whole: Tree, parts: Sequence[tuple[Tree, list[Alternative]]], wanted: bool, budget: int
) -> list[Alternative]:
    rows = _merge([row for _, rows in parts for row in rows])
    return rows if len(rows) <= budget else [(Asked(whole, wanted),)]


def _all_of(parts: Sequence[tuple[Tree, list[Alternative]]], wanted: bool, budget: int) -> list[Alternative]:
    """Multiply out, the parts with few alternatives first, and leave as trees what would pass the budget."""
    chosen: list[list[Alternative]] = []
    count = 1
    for child, rows in sorted(parts, key=lambda part: len(part[1])):
        if count * len(rows) > budget:
            chosen.append([(Asked(child, wanted),)])
            continue
        count *= len(rows)
        chosen.append(rows)
    joined = (_joined([item for row in rows for item in row]) for rows in product(*chosen))
    return [row for row in joined if row is not None]


def _joined(items: Sequence[Requirement]) -> Alternative | None:
    """One row of several, None when it can never be true: the draws of one rule are one number in several ranges."""
    drawn = [item for item in items if isinstance(item, Drawn)]
    rest = dict.fromkeys(item for item in items if not isinstance(item, Drawn))
    if not drawn:
        return tuple(rest)
    low, high = max(item.low for item in drawn), min(item.high for item in drawn)
    return (*rest, Drawn(drawn[0].salt, low, high)) if low < high else None


_MERGED = (Family.EXACT, Family.PREFIX, Family.SUFFIX, Family.PART)


def _merge(rows: list[Alternative]) -> list[Alternative]:
    """`any` of tests of one kind on one variable is one test: "is a" or "is b" is "is one of a, b"."""
    operands: dict[tuple[str, Family], dict[str, None]] = {}
    others: dict[Alternative, None] = {}
    for row in rows:
        predicate = _only_predicate(row)
        if predicate is None or predicate.family not in _MERGED:
            others[row] = None
        else:
            known = operands.setdefault((predicate.variable, predicate.family), {})
            known.update(dict.fromkeys(predicate.operands))
    merged = [((Predicate(name, family, tuple(texts)), True),) for (name, family), texts in operands.items()]
    return [*merged, *others]


def _only_predicate(row: Alternative) -> Predicate | None:
    """The predicate of a row that wants this one to be true and nothing else."""
    if len(row) != 1 or isinstance(row[0], Asked | Drawn):
        return None
    subject, wanted = row[0]
    return subject if wanted and isinstance(subject, Predicate) else None
