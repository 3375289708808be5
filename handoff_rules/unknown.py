"""What a stored call does not know: secrets that a decision asks for, and that were never stored."""

from __future__ import annotations

from handoff_rules.atoms import Atom, VariableAtom
from handoff_rules.compiled import Compiled
from handoff_rules.decide import choosing_vote
from handoff_rules.evaluation import Evaluation
from handoff_rules.facts import Facts
from handoff_rules.tree import leaves, surely


def unknown_secrets(compiled: Compiled, facts: Facts, asked_for: str | None = None) -> tuple[str, ...]:
    """The secret variables whose values could lead these facts to another rule than `decide` finds; none for facts
    that did not come from storage. `asked_for` is the destination that an agent or the API named, as in `explain`."""
    if not facts.kept or asked_for in compiled.configuration.destination_by_id or choosing_vote(compiled, facts):
        return ()
    evaluation = Evaluation(compiled, facts)

    def is_unknown(atom: Atom) -> bool:
        return isinstance(atom, VariableAtom) and atom.is_unknown(evaluation)

    def truth(atom: Atom) -> bool | None:
        return None if is_unknown(atom) else atom.truth(evaluation) is True

    found: dict[str, None] = {}
    for rule in compiled.rules:
        if not rule.rule.enabled:
            continue
        answer = surely(rule.tree, truth)
        if answer is None:
            found |= dict.fromkeys(atom.subject for atom in leaves(rule.tree) if is_unknown(atom))
        elif answer:
            break
    return tuple(found)
