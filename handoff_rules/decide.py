"""The decision: which destination a call goes to, and what the matching rule or a code rule changes about it.

Total: there is always an answer, because there is always a default destination. In this order: the first vote of a
code rule that names a destination of the configuration; the first enabled rule, from the top, whose condition holds;
the default destination. Overrides of votes (reason, utterance, set) count before those of the rule, when the vote named
no destination or the one that was chosen: what was said about another destination is not said about this one.
"""

from __future__ import annotations

from collections.abc import Sequence

from handoff_rules.compiled import Compiled, CompiledRule
from handoff_rules.decision import Decision
from handoff_rules.evaluation import Evaluation
from handoff_rules.facts import Facts, Vote
from handoff_rules.tree import holds

__all__ = ["Decision", "Facts", "Vote", "counting", "decide"]


def decide(compiled: Compiled, facts: Facts) -> Decision:
    """The decision for these facts. Never raises; the same facts and version give the same answer."""
    vote = choosing_vote(compiled, facts)
    if vote is not None:
        return with_votes(by_vote(vote), compiled, facts)
    matched = first_match(compiled, facts)
    return with_votes(by_rule(compiled, matched), compiled, facts)


def first_match(compiled: Compiled, facts: Facts) -> CompiledRule | None:
    """By the index; facts from storage are read rule by rule, because of secrets only the results were kept."""
    evaluation = Evaluation(compiled, facts)
    if facts.kept:
        return next((rule for rule in compiled.rules if rule.rule.enabled and holds(rule.tree, evaluation)), None)
    position = compiled.index.first(evaluation)
    return None if position is None else compiled.rules[position]


def choosing_vote(compiled: Compiled, facts: Facts) -> Vote | None:
    """A vote for a destination that this version does not have is no opinion: only published ones are dialled."""
    known = compiled.configuration.destination_by_id
    return next((vote for vote in facts.votes if vote.destination in known), None)


def counting(votes: Sequence[Vote], destination: str) -> list[Vote]:
    """The votes whose overrides count for this destination."""
    return [vote for vote in votes if vote.destination in (None, destination)]


def by_vote(vote: Vote) -> Decision:
    return Decision(str(vote.destination), vote=vote.source)


def by_rule(compiled: Compiled, matched: CompiledRule | None) -> Decision:
    if matched is None:
        return Decision(compiled.configuration.default_destination)
    rule = matched.rule
    return Decision(rule.destination, rule.id, rule.reason or "", rule.utterance, rule.headers, rule.set)


def with_votes(decision: Decision, compiled: Compiled, facts: Facts) -> Decision:
    """Fill in what votes override and, where nobody gave a reason, the destination's own."""
    if not facts.votes and decision.reason:
        return decision
    reason, utterance, set_variables = decision.reason, decision.utterance, decision.set_variables
    for vote in reversed(counting(facts.votes, decision.destination)):
        reason = vote.reason or reason
        utterance = utterance if vote.utterance is None else vote.utterance
        set_variables = {**set_variables, **vote.set} if vote.set else set_variables
    destination = compiled.configuration.destination_by_id.get(decision.destination)
    return Decision(
        decision.destination,
        decision.rule,
        reason or (destination.reason if destination else ""),
        utterance,
        decision.headers,
        set_variables,
        decision.vote,
    )
