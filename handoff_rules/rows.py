"""Each rule as rows of plain requirements that must all hold; a rule matches when one of its rows does.

Rows are what the index can look up with bit sets. `not` is pushed down to single tests, `any` becomes several rows.
Alternatives in many places multiply: what would make more rows than the budget stays a tree (`circuit` asks those).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product

from handoff_rules.atoms import Atom, ShareAtom, VariableAtom
from handoff_rules.predicates import Family, Predicate, clauses_of
from handoff_rules.share import Salt
from handoff_rules.tree import All, Any, Leaf, Not, Tree

ROW_BUDGET = 8
"""How many rows one rule may become, whatever the number of rules, so that few and many cost alike; the 10,000 rules
that a configuration may have make bit sets of at most 10 kB, which is about a microsecond."""


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
EVERY_DRAW = (1 << 100) - 1
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
    return rows if len(rows) <= budget else _asked(whole, wanted)


def _all_of(parts: Sequence[tuple[Tree, list[Alternative]]], wanted: bool, budget: int) -> list[Alternative]:
    """Multiply out, the parts with few alternatives first, and leave as trees what would pass the budget."""
    chosen: list[list[Alternative]] = []
    count = 1
    for child, rows in sorted(parts, key=lambda part: len(part[1])):
        if count * len(rows) > budget:
            chosen.append(_asked(child, wanted))
            continue
        count *= len(rows)
        chosen.append(rows)
    joined = (_joined([item for row in rows for item in row]) for rows in product(*chosen))
    return [row for row in joined if row is not None]


def _asked(tree: Tree, wanted: bool) -> list[Alternative]:
    """The tree, and the draws without which it cannot be true: those are made before a tree is read."""
    salt = _salt(tree)
    if salt is None:
        return [(Asked(tree, wanted),)]
    draws = _draws(tree, wanted)
    row = _joined([Asked(tree, wanted), Drawn(salt, (draws & -draws).bit_length() - 1, draws.bit_length())])
    return [] if row is None else [row]


def _salt(tree: Tree) -> Salt | None:
    """Of a rule's shares, which all have the same, or None when it has no share here."""
    match tree:
        case Leaf(atom):
            return atom.salt if isinstance(atom, ShareAtom) else None
        case Not(child):
            return _salt(child)
        case All(children) | Any(children):
            return next((salt for child in children if (salt := _salt(child)) is not None), None)


def _draws(tree: Tree, wanted: bool) -> int:
    """The draws with which the tree could be true, as a bit set, whatever its other tests say. A call without a
    `call_sid` draws nothing and is in no share, as with the draw 99; a share of 100 tells the two apart: left out."""
    match tree:
        case Leaf(ShareAtom(percent)) if percent < 100:
            inside = (1 << percent) - 1
            return inside if wanted else EVERY_DRAW ^ inside
        case Leaf(_):
            return EVERY_DRAW
        case Not(child):
            return _draws(child, not wanted)
        case All(children) | Any(children):
            found = [_draws(child, wanted) for child in children]
            if isinstance(tree, All) is wanted:
                return reduce(lambda known, more: known & more, found)
            return reduce(lambda known, more: known | more, found)


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
