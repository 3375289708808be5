"""A rule's condition as a tree over shared atoms: the plain reading that the index must agree with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from handoff_rules.atoms import Atom, DateAtom, DayAtom, HoursAtom, ShareAtom, VariableAtom
from handoff_rules.conditions import (
    AllCondition,
    AnyCondition,
    Condition,
    DateCondition,
    DayCondition,
    HoursCondition,
    NotCondition,
    ShareCondition,
    VariableCondition,
)
from handoff_rules.evaluation import Evaluation
from handoff_rules.operators import OPERATORS
from handoff_rules.share import rule_salt


@dataclass(frozen=True, slots=True)
class Leaf:
    atom: Atom


@dataclass(frozen=True, slots=True)
class All:
    children: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Any:
    children: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Not:
    child: Tree


Tree = Leaf | All | Any | Not
Trees = Sequence[tuple[int, Tree]]
"""Rules by their position in the configuration, in order, each with its condition."""
EVERY_CALL = All(())


def holds(tree: Tree, evaluation: Evaluation) -> bool:
    match tree:
        case Leaf(atom):
            return atom.truth(evaluation) is True
        case All(children):
            return all(holds(child, evaluation) for child in children)
        case Any(children):
            return any(holds(child, evaluation) for child in children)
        case Not(child):
            return not holds(child, evaluation)


def surely(tree: Tree, truth: Callable[[Atom], bool | None]) -> bool | None:
    """Whether the tree holds when `truth` knows only some of the atoms (None: not known); None when it depends on one
    of the others."""
    match tree:
        case Leaf(atom):
            return truth(atom)
        case Not(child):
            answer = surely(child, truth)
            return None if answer is None else not answer
        case All(children):
            return _settled(children, truth, False)
        case Any(children):
            return _settled(children, truth, True)


def _settled(children: Sequence[Tree], truth: Callable[[Atom], bool | None], settling: bool) -> bool | None:
    """`settling` when one child comes out so, else None when one is not known."""
    answer: bool | None = not settling
    for child in children:
        found = surely(child, truth)
        if found is settling:
            return settling
        if found is None:
            answer = None
    return answer


def leaves(tree: Tree) -> Iterator[Atom]:
    """Its atoms, from the left."""
    match tree:
        case Leaf(atom):
            yield atom
        case Not(child):
            yield from leaves(child)
        case All(children) | Any(children):
            for child in children:
                yield from leaves(child)


class AtomTable:
    """Gives the same atom for the same test, so that a test that a thousand rules share is kept and known once."""

    def __init__(self, secret_variables: frozenset[str]) -> None:
        self._atoms: dict[tuple[object, ...], Atom] = {}
        self._secret_variables = secret_variables

    @property
    def atoms(self) -> tuple[Atom, ...]:
        return tuple(self._atoms.values())

    def tree(self, condition: Condition | None, rule_id: str) -> Tree:
        """No condition at all holds for every call."""
        match condition:
            case None:
                return EVERY_CALL
            case AllCondition(all=children):
                return All(tuple(self.tree(child, rule_id) for child in children))
            case AnyCondition(any=children):
                return Any(tuple(self.tree(child, rule_id) for child in children))
            case NotCondition(not_=child):
                return Not(self.tree(child, rule_id))
            case _:
                return Leaf(self._atom(condition, rule_id))

    def _atom(
        self,
        condition: VariableCondition | HoursCondition | DayCondition | DateCondition | ShareCondition,
        rule_id: str,
    ) -> Atom:
        key: tuple[object, ...]
        match condition:
            case VariableCondition(variable=variable, comparison=(operator, operand)):
                key = ("variable", variable, operator, operand)
            case HoursCondition(hours=hours, is_=state):
                key = ("hours", hours, state)
            case DayCondition(day=days):
                key = ("day", days)
            case DateCondition(date=dates):
                key = ("date", dates)
            case ShareCondition(share=percent):
                key = ("share", percent, rule_id)
        atom = self._atoms.get(key)
        if atom is None:
            atom = self._atoms[key] = self._new_atom(condition, rule_id)
        return atom

    def _new_atom(
        self,
        condition: VariableCondition | HoursCondition | DayCondition | DateCondition | ShareCondition,
        rule_id: str,
    ) -> Atom:
        match condition:
            case VariableCondition(variable=variable, comparison=(operator, operand)):
                test = OPERATORS[operator].build(operand)
                return VariableAtom(variable, operator, operand, test, variable in self._secret_variables)
            case HoursCondition(hours=hours, is_=state):
                return HoursAtom(hours, state == "open")
            case DayCondition(day=days):
                return DayAtom(days)
            case DateCondition(date=(first, last)):
                return DateAtom(date.fromisoformat(first), date.fromisoformat(last))
            case ShareCondition(share=percent):
                return ShareAtom(percent, rule_salt(rule_id))
