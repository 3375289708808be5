"""What a stored call does not know: secrets that a decision asks for, and that were never stored."""

from __future__ import annotations

from collections.abc import Iterator

from handoff_rules.atoms import VariableAtom
from handoff_rules.compiled import Compiled
from handoff_rules.decide import choosing_vote
from handoff_rules.evaluation import Evaluation
from handoff_rules.facts import Facts
from handoff_rules.tree import All, Any, Leaf, Not, Tree, holds


def unknown_secrets(compiled: Compiled, facts: Facts, asked_for: str | None = None) -> tuple[str, ...]:
    """The secret variables whose values could lead these facts to another rule than `decide` finds; none for facts
    that did not come from storage. `asked_for` is the destination that an agent or the API named, as in `explain`."""
    if not facts.kept or asked_for in compiled.configuration.destination_by_id or choosing_vote(compiled, facts):
        return ()
    evaluation = Evaluation(compiled, facts)
    found: dict[str, None] = {}
    for rule in compiled.rules:
        if not rule.rule.enabled:
            continue
        answer = _surely(rule.tree, evaluation)
        if answer is None:
            found |= dict.fromkeys(_unknown_in(rule.tree, evaluation))
        elif answer:
            break
    return tuple(found)


def _surely(tree: Tree, evaluation: Evaluation) -> bool | None:
    """Whether the tree holds; None when that depends on a value that nobody knows any more."""
    match tree:
        case Leaf(VariableAtom() as atom) if atom.is_unknown(evaluation):
            return None
        case Leaf(_):
            return holds(tree, evaluation)
        case Not(child):
            answer = _surely(child, evaluation)
            return None if answer is None else not answer
        case All(children):
            answers = [_surely(child, evaluation) for child in children]
            return False if False in answers else None if None in answers else True
        case Any(children):
            answers = [_surely(child, evaluation) for child in children]
            return True if True in answers else None if None in answers else False


def _unknown_in(tree: Tree, evaluation: Evaluation) -> Iterator[str]:
    match tree:
        case Leaf(VariableAtom() as atom) if atom.is_unknown(evaluation):
            yield atom.variable
        case Not(child):
            yield from _unknown_in(child, evaluation)
        case All(children) | Any(children):
            for child in children:
                yield from _unknown_in(child, evaluation)
