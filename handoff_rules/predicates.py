"""The eight plain predicates that the index knows, and how each operator of a condition is made of them.

A predicate is false for a missing variable; so a negated one is true for it. `is_not` needs the variable present,
`not: {is: …}` does not: written with predicates, the difference is visible.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from handoff_rules.atoms import VariableAtom
from handoff_rules.comparison import OrderKey, order_key
from handoff_rules.glob import plain
from handoff_rules.operators import texts


class Family(StrEnum):
    """Predicates of one family are looked up together."""

    PRESENT = "present"
    EXACT = "exact"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    PART = "part"
    LIKE = "like"
    BELOW = "below"
    ABOVE = "above"


class Predicate(NamedTuple):
    """True for a value when one of `operands` is; for the order families the operand is a key and `inclusive`."""

    variable: str
    family: Family
    operands: tuple[str, ...] = ()
    limit: OrderKey | None = None
    inclusive: bool = False


Literal = tuple[Predicate, bool]
"""A predicate, and whether it must hold (True) or must not (False)."""
Clause = tuple[Literal, ...]
"""All of them."""

_SETS = {
    "is": Family.EXACT,
    "is_one_of": Family.EXACT,
    "starts_with": Family.PREFIX,
    "ends_with": Family.SUFFIX,
    "contains": Family.PART,
    "like": Family.LIKE,
}


def clauses_of(atom: VariableAtom, wanted: bool) -> list[Clause]:
    """The atom being true (`wanted`) or not true, as alternatives of which one must hold. An empty list is never
    true, an empty clause always is."""
    present = Predicate(atom.variable, Family.PRESENT)
    match atom.operator:
        case "is_present":
            return [((present, wanted),)]
        case "is_missing":
            return [((present, not wanted),)]
        case "is_not" | "is_not_one_of":
            equal = Predicate(atom.variable, Family.EXACT, texts(atom.operand))
            return [((present, True), (equal, False))] if wanted else [((present, False),), ((equal, True),)]
        case "between":
            return _between(atom, wanted)
        case "less_than":
            return [((Predicate(atom.variable, Family.BELOW, limit=order_key(str(atom.operand))), wanted),)]
        case "greater_than":
            return [((Predicate(atom.variable, Family.ABOVE, limit=order_key(str(atom.operand))), wanted),)]
        case operator:
            return [((_of_texts(atom.variable, operator, texts(atom.operand)), wanted),)]


def _of_texts(variable: str, operator: str, operands: tuple[str, ...]) -> Predicate:
    """A pattern that says no more than another operator is looked up as that one."""
    if operator == "like" and (same := plain(operands[0])):
        operator, operands = same[0], (same[1],)
    return Predicate(variable, _SETS[operator], operands)


def _between(atom: VariableAtom, wanted: bool) -> list[Clause]:
    low, high = (order_key(text) for text in texts(atom.operand))
    if low[0] != high[0]:  # a number and a text: nothing lies between them
        return [] if wanted else [()]
    above = Predicate(atom.variable, Family.ABOVE, limit=low, inclusive=True)
    below = Predicate(atom.variable, Family.BELOW, limit=high, inclusive=True)
    return [((above, True), (below, True))] if wanted else [((above, False),), ((below, False),)]
