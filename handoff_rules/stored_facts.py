"""Facts as they are stored with a call: secrets leave only the results of the conditions that asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handoff_rules.atoms import HIDDEN, told_key
from handoff_rules.compiled import Compiled
from handoff_rules.evaluation import Evaluation
from handoff_rules.facts import Facts, Vote


def facts_to_store(compiled: Compiled, facts: Facts) -> dict[str, Any]:
    """The facts as JSON-able data, from which `facts_from_store` makes facts that decide and explain alike.

    `call_sid` is never treated as a secret: shares and the log need it. A replay against another version finds the
    conditions that both versions share, and which secrets were told: a new condition on one of those is false there,
    and `handoff_rules.unknown` says so.
    """
    secret = compiled.secret_variables - {"call_sid"}
    return {
        "variables": _without(secret, facts.variables),
        "at": facts.at.isoformat(),
        "votes": [_vote(vote, secret) for vote in facts.votes],
        "failing": sorted(facts.failing),
        "conditions": _of_secrets(compiled, facts, secret) if secret else {},
    }


def _without(secret: frozenset[str], variables: Mapping[str, str]) -> dict[str, str]:
    if secret.isdisjoint(variables):
        return dict(variables)
    return {name: value for name, value in variables.items() if name not in secret}


def _of_secrets(compiled: Compiled, facts: Facts, secret: frozenset[str]) -> dict[str, bool | None]:
    evaluation = Evaluation(compiled, facts)
    told: dict[str, bool | None] = {told_key(name): True for name in secret.intersection(facts.variables)}
    return told | {atom.key: atom.truth(evaluation) for atom in compiled.secret_atoms if atom.variable != "call_sid"}


def facts_from_store(stored: Mapping[str, Any]) -> Facts:
    """The facts again. Raises KeyError, TypeError or ValueError when `stored` is not what `facts_to_store` made."""
    return Facts(
        variables=dict(stored["variables"]),
        at=datetime.fromisoformat(stored["at"]),
        votes=tuple(Vote(**vote) for vote in stored["votes"]),
        failing=frozenset(stored["failing"]),
        kept=dict(stored["conditions"]),
    )


def _vote(vote: Vote, secret: frozenset[str]) -> dict[str, Any]:
    return {
        "source": vote.source,
        "destination": vote.destination,
        "reason": vote.reason,
        "utterance": vote.utterance,
        "set": {name: HIDDEN if name in secret else value for name, value in vote.set.items()},
    }
