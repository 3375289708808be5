"""The meaning of rules, as named cases in tests/rules/*.yaml that an operator can read; this runs each of them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from handoff_rules.compiled import compile_configuration
from handoff_rules.configuration import Configuration, read_configuration
from handoff_rules.decide import Facts, Vote, decide
from handoff_rules.explain import explain
from handoff_rules.stored_facts import facts_from_store, facts_to_store
from handoff_rules.trace import RuleResult, Trace

FOLDER = Path(__file__).parent.parent / "rules"
NOON = "2026-11-20T12:00:00-05:00"


def cases() -> list[Any]:
    found = []
    for file in sorted(FOLDER.glob("*.yaml")):
        for scenario in yaml.load(file.read_text("utf-8"), yaml.BaseLoader):
            for call in scenario["calls"]:
                name = f"{file.stem}: {scenario['scenario']}: {call['name']}"
                found.append(pytest.param(scenario, call, id=name))
    return found


def configuration_of(scenario: dict[str, Any]) -> Configuration:
    destinations = [
        {"id": name, "name": name, "method": "INVITE", "route": f"sip:{name}@pbx.example.com", "reason": reason}
        for name, reason in [("sales", "sales_question"), ("support", ""), ("front-desk", "")]
    ]
    return read_configuration(
        {
            "schema": "1",
            "name": "Conformance",
            "time_zone": "America/New_York",
            "default_destination": "front-desk",
            "variables": {name: {"secret": "true"} for name in scenario.get("secret", [])},
            "destinations": destinations,
            "hours": scenario.get("hours", []),
            "rules": [{"name": rule["id"], **rule} for rule in scenario["rules"]],
        }
    )


def facts_of(call: dict[str, Any]) -> Facts:
    votes = tuple(Vote(**vote) for vote in call.get("votes", []))
    return Facts(call.get("variables", {}), datetime.fromisoformat(call.get("at", NOON)), votes)


def told(trace: Trace, rule_id: str) -> list[str]:
    rule = next(rule for rule in trace.rules if rule.id == rule_id)
    return [f"{condition.subject} {condition.expected}: {condition.actual}" for condition in rule.conditions]


@pytest.mark.parametrize(("scenario", "call"), cases())
def test_the_case_holds(scenario: dict[str, Any], call: dict[str, Any]) -> None:
    unknown = set(call) - {
        "name",
        "variables",
        "at",
        "votes",
        "expect",
        "destination",
        "why",
        "skipped",
        "reason",
        "sets",
        "vote",
    }
    assert not unknown
    compiled, facts = compile_configuration(configuration_of(scenario)), facts_of(call)
    decision, trace = decide(compiled, facts), explain(compiled, facts)

    assert (decision.rule or "default") == call["expect"]
    assert decision.destination == call.get("destination", decision.destination)
    assert decision.reason == call.get("reason", decision.reason)
    assert dict(decision.set_variables) == call.get("sets", dict(decision.set_variables))
    assert decision.vote == call.get("vote", decision.vote)

    assert (trace.destination, trace.rule, trace.vote) == (decision.destination, decision.rule, decision.vote)
    for rule, sentence in call.get("why", {}).items():
        assert sentence in told(trace, rule)
    skipped = {rule.id for rule in trace.rules if rule.result is RuleResult.SKIPPED}
    assert skipped >= set(call.get("skipped", []))

    restored = facts_from_store(json.loads(json.dumps(facts_to_store(compiled, facts))))
    assert (decide(compiled, restored), explain(compiled, restored)) == (decision, trace)


def test_there_are_at_least_120_cases_and_no_two_have_one_name() -> None:
    names = [case.id for case in cases()]
    assert len(names) >= 120
    assert len(set(names)) == len(names)
