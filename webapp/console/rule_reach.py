"""How many of the last day's calls a rule that is being written would have matched."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handoff_rules.compiled import compile_configuration
from handoff_rules.configuration import Configuration
from handoff_rules.decide import decide
from handoff_rules.problems import ConfigurationError
from handoff_rules.rules import Rule
from webapp.console.needs import needs
from webapp.people.store_away import STORE_AWAY


@dataclass(frozen=True, slots=True)
class Reach:
    matched: int
    calls: int


def reach_of(rule: Rule, configuration: Configuration) -> Reach | None:
    """None when it cannot be said. The rule stands alone here: rules above it may take some of these calls.

    A condition on a secret variable counts as not matched: its value is not stored.
    """
    try:
        facts = needs().traffic.facts()
    except STORE_AWAY:
        return None
    alone = rule.model_copy(update={"enabled": True, "destination": configuration.default_destination})
    try:
        compiled = compile_configuration(configuration.model_copy(update={"rules": (alone,), "tests": ()}))
    except ConfigurationError:
        return None
    matched = sum(decide(compiled, replace(one, votes=())).rule == rule.id for one in facts)
    return Reach(matched, len(facts))
