"""The trace agrees with the decision, says what was to blame, and never shows a secret."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings

from handoff_rules.compiled import compile_configuration
from handoff_rules.configuration import Configuration
from handoff_rules.decide import decide
from handoff_rules.explain import explain
from handoff_rules.facts import Facts, Vote
from handoff_rules.stored_facts import facts_from_store, facts_to_store
from handoff_rules.trace import RuleResult, VoteResult
from tests.handoff_rules import configurations as some

AT = some.START
THANKSGIVING = "Thanksgiving Day (public holiday, 2026-11-26)"


@settings(max_examples=200, deadline=None)
@given(some.configurations, some.facts_with_votes)
def test_the_trace_tells_what_decide_decides(configuration: Configuration, facts: Facts) -> None:
    compiled = compile_configuration(configuration)
    decision, trace = decide(compiled, facts), explain(compiled, facts)
    assert (trace.destination, trace.rule, trace.vote, trace.reason) == (
        decision.destination,
        decision.rule,
        decision.vote,
        decision.reason,
    )
    assert [rule.id for rule in trace.rules] == [rule.id for rule in configuration.rules]
    assert [rule.id for rule in trace.rules if rule.result is RuleResult.MATCHED] == (
        [] if decision.rule is None else [decision.rule]
    )
    for rule in trace.rules:
        assert all(condition.holds is (rule.result is RuleResult.MATCHED) for condition in rule.conditions)
    json.dumps(trace.as_document())


@settings(max_examples=200, deadline=None)
@given(some.configurations, some.facts_with_votes)
def test_stored_facts_decide_and_explain_alike(configuration: Configuration, facts: Facts) -> None:
    compiled = compile_configuration(configuration)
    stored = json.loads(json.dumps(facts_to_store(compiled, facts)))
    assert "card" not in stored["variables"]
    restored = facts_from_store(stored)
    assert decide(compiled, restored) == decide(compiled, facts)
    assert explain(compiled, restored) == explain(compiled, facts)


def test_a_rule_that_does_not_match_names_the_condition_the_expected_and_the_actual() -> None:
    condition = {"all": [{"variable": "tier", "is": "vip"}, {"not": {"variable": "intent", "is": "sales"}}]}
    compiled = compile_configuration(some.read([condition]))
    (rule,) = explain(compiled, Facts({"tier": "gold", "intent": "sales"}, AT)).rules
    assert [(c.path, c.subject, c.expected, c.actual) for c in rule.conditions] == [
        ("rules/0/when/all/0", "tier", "is vip", "gold"),
        ("rules/0/when/all/1/not", "intent", "not (is sales)", "sales"),
    ]


def test_a_missing_variable_is_called_missing() -> None:
    compiled = compile_configuration(some.read([{"variable": "tier", "is_not": "vip"}]))
    (rule,) = explain(compiled, Facts({}, AT)).rules
    assert (rule.result, rule.conditions[0].actual) == ("not_matched", "missing")


@pytest.mark.parametrize(
    ("schedule", "because", "found"),
    [
        ({}, "regular hours", "closed"),
        ({"holidays": {"country": "US"}}, THANKSGIVING, f"closed, because of {THANKSGIVING}"),
        ({"closed_now": True}, "closed now, by hand", "closed, by hand"),
    ],
)
def test_hours_are_told_with_what_closed_them(schedule: dict[str, Any], because: str, found: str) -> None:
    desk = {"id": "desk", "name": "Desk", "weekly": {"mon-fri": ["09:00-17:00"]}, **schedule}
    compiled = compile_configuration(some.read([{"hours": "desk", "is": "open"}], hours=[desk], time_zone="UTC"))
    (rule,) = explain(compiled, Facts({}, datetime(2026, 11, 26, 20, 0, tzinfo=UTC))).rules
    (condition,) = rule.conditions
    assert (condition.actual, condition.because, condition.found) == ("closed", because, found)


def test_what_is_not_about_hours_has_no_reason_of_its_own() -> None:
    compiled = compile_configuration(some.read([{"variable": "tier", "is": "vip"}]))
    ((condition,),) = (rule.conditions for rule in explain(compiled, Facts({"tier": "closed"}, AT)).rules)
    assert (condition.because, condition.found) == ("", "closed")


def test_rules_behind_the_match_and_switched_off_ones_are_skipped_with_the_reason() -> None:
    configuration = some.read([None, None, None])
    off = configuration.rules[0].model_copy(update={"enabled": False})
    compiled = compile_configuration(configuration.model_copy(update={"rules": (off, *configuration.rules[1:])}))
    trace = explain(compiled, Facts({}, AT))
    assert [(rule.result, rule.note) for rule in trace.rules] == [
        ("skipped", "The rule is switched off."),
        ("matched", "The rule has no condition: it matches every call."),
        ("skipped", "An earlier rule matched."),
    ]


def test_a_secret_is_dots_on_both_sides_and_in_what_is_stored() -> None:
    configuration = some.read([{"variable": "card", "is": "4242"}, {"variable": "card", "starts_with": ["42", "5"]}])
    compiled = compile_configuration(configuration)
    facts = Facts({"card": "4200-0000"}, AT, votes=(Vote("code", set={"card": "4200-0000"}),))
    told = json.dumps(explain(compiled, facts).as_document()) + json.dumps(facts_to_store(compiled, facts))
    assert "42" not in told.replace(configuration.name, "")


def test_votes_are_told_with_what_became_of_them() -> None:
    compiled = compile_configuration(some.read([None]))
    votes = (Vote("a", reason="hint"), Vote("b", "nowhere"), Vote("c", "two", set={"tier": "gold"}), Vote("d", "three"))
    trace = explain(compiled, Facts({}, AT, votes))
    assert (trace.destination, trace.vote, trace.reason, dict(trace.set_variables)) == (
        "two",
        "c",
        "hint",
        {"tier": "gold"},
    )
    assert [vote.result for vote in trace.votes] == [
        VoteResult.OVERRIDES_ONLY,
        VoteResult.UNKNOWN_DESTINATION,
        VoteResult.CHOSEN,
        VoteResult.PASSED_OVER,
    ]
    assert trace.rules[0].note == "A code rule decided."
