"""A saved test made from a real call holds all that decided it, or is not made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from handoff_rules.problems import ConfigurationError
from webapp.configurations.deployment import Deployment
from webapp.configurations.published import publish
from webapp.simulator import AS_CONFIGURED, SimulatedCall, simulate
from webapp.simulator.keeping import kept_already, saved_test_of, why_last_fails, with_test
from webapp.simulator.saved_tests import TestResult, run_saved_test
from webapp.voice.code_rules import CodeRules

AT = datetime(2026, 11, 20, 15, tzinfo=UTC)
CALL = SimulatedCall("+12125550123", "+14155550199", at=AT, call_sid="CA" + "a" * 32)


def document(**more: Any) -> dict[str, Any]:
    def named(identity: str, number: str, **more: Any) -> dict[str, Any]:
        return {"id": identity, "name": identity.title(), "method": "INVITE", "route": f"+1415555{number}"} | more

    return {
        "schema": 1, "name": "Kept", "default_destination": "desk",
        "destinations": [
            named("desk", "0100"),
            named("billing", "0101", skip_when_failing=True, fallback=[{"destination": "events"}]),
            named("events", "0102"),
        ],
    } | more  # fmt: skip


def rule(when: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"id": "one", "name": "One", "destination": "billing"} | ({"when": when} if when else {}) | more


def kept(configuration: dict[str, Any], call: SimulatedCall) -> tuple[tuple[str, ...], TestResult]:
    """The path of the call, and what the saved test that was made from it says."""
    played = simulate(publish(configuration), call, environment=AS_CONFIGURED)
    published = publish(with_test(configuration, saved_test_of(call, played, "Kept")))
    return played.path, run_saved_test(published, published.compiled.configuration.tests[0])


def test_a_saved_test_names_the_destination_again_that_the_agent_named() -> None:
    intake = {"kind": "conversation_relay", "url": "wss://agent.example.com/talk"}
    path, result = kept(document(intake=intake), replace(CALL, asked_for="events"))
    assert path == ("events",)
    assert result.passed, result.differences


def test_a_saved_test_draws_the_shares_of_the_call_that_it_was_made_from() -> None:
    half = document(rules=[rule({"share": 50})])
    calls = [replace(CALL, call_sid=f"CA{number:032x}") for number in range(20)]
    found = [kept(half, call) for call in calls]
    assert {path for path, _ in found} == {("billing",), ("desk",)}
    assert [result.differences for _, result in found] == [()] * 20


def test_a_saved_test_passes_over_the_destinations_that_were_failing_then() -> None:
    path, result = kept(document(rules=[rule()]), replace(CALL, failing=frozenset({"billing"})))
    assert path == ("events",)
    assert result.passed, result.differences


def test_a_failing_destination_of_a_test_must_be_there() -> None:
    call = {"from": "+12125550123", "to": "+14155550199", "failing": ["biling"]}
    test = {"name": "Typo", "call": call, "expect": {"path": ["billing"]}}
    with pytest.raises(ConfigurationError) as raised:
        publish(document(tests=[test]))
    assert [(one.path, one.fix) for one in raised.value.problems] == [
        ("tests/0/call/failing/0", "Did you mean `billing`?")
    ]


def test_why_a_test_cannot_be_kept_that_names_a_destination_gone_by_now() -> None:
    call = replace(CALL, failing=frozenset({"gone"}))
    test = saved_test_of(call, simulate(publish(document()), call, environment=AS_CONFIGURED), "Kept")
    why = why_last_fails(with_test(document(), test), deployment=Deployment(), code_rules=CodeRules({}))
    assert why == ("There is no destination \u201cgone\u201d.",)


def test_a_test_that_plays_and_expects_the_same_is_known_by_whatever_name_it_has() -> None:
    test = saved_test_of(CALL, simulate(publish(document()), CALL, environment=AS_CONFIGURED), "Kept")
    stored = publish(document(tests=[test | {"name": "Renamed"}])).document
    assert kept_already(stored, test) == "Renamed"
    assert kept_already(document(), test) is None
    assert kept_already(stored, test | {"expect": {"path": ["billing"]}}) is None
    assert kept_already(stored, test | {"far_end": ["busy"]}) is None
