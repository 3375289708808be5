"""The simulator's own promises: nothing secret leaves, the far end is honest, one call's words stay the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from handoff_rules.intake import MenuIntake
from handoff_rules.outcomes import Outcome
from webapp.configurations.published import publish
from webapp.simulator import AS_CONFIGURED, SimulatedCall, Simulation, simulate

AT = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


def desk(**more: Any) -> dict[str, Any]:
    return {"id": "desk", "name": "Desk", "method": "INVITE", "route": "sip:desk@pbx.example.com"} | more


def played(destination: dict[str, Any], *far_end: str, over: str = "phone", **more: Any) -> Simulation:
    document = {"schema": 1, "name": "One", "default_destination": "desk", "destinations": [destination]} | more
    call = SimulatedCall("+12125550123", "+14155550199", over, AT)
    return simulate(publish(document), call, far_end, environment=AS_CONFIGURED)


def test_the_trace_names_the_destination_that_an_agent_asked_for_and_asks_no_rule() -> None:
    def named(identity: str) -> dict[str, Any]:
        return {"id": identity, "name": identity.title(), "method": "INVITE", "route": "+14155550100"}

    document = {
        "schema": 1, "name": "Agent", "default_destination": "desk", "destinations": [named("desk"), named("events")],
        "intake": {"kind": "conversation_relay", "url": "wss://agent.example.com/talk"},
        "rules": [{"id": "all", "name": "All", "destination": "desk"}],
    }  # fmt: skip
    call = SimulatedCall("+12125550123", "+14155550199", at=AT, asked_for="events", reason="wedding")
    played = simulate(publish(document), call, environment=AS_CONFIGURED)
    assert (played.path, played.trace.destination, played.trace.rule) == (("events",), "events", None)
    assert (played.trace.asked_for, played.trace.reason, played.trace.rules[0].result) == (
        "events", "wedding", "skipped",
    )  # fmt: skip


def test_a_secret_does_not_leave_through_a_variable_that_a_rule_sets() -> None:
    destination = desk(headers=[{"name": "X-Priority", "value": "$priority"}], utterance="Priority $priority.")
    rule = {"id": "r", "name": "R", "destination": "desk", "set": {"priority": "$card"}}
    call = SimulatedCall("+12125550123", "+14155550199", "phone", AT, {"card": "4242"})
    document = {
        "schema": 1, "name": "One", "default_destination": "desk", "destinations": [destination], "rules": [rule],
    }  # fmt: skip
    assert "4242" in simulate(publish(document), call, environment=AS_CONFIGURED).steps[0].document
    secret = document | {"variables": {"card": {"secret": True}}}
    assert "4242" not in simulate(publish(secret), call, environment=AS_CONFIGURED).steps[0].document


@pytest.mark.parametrize(
    ("screen", "word", "outcome"),
    [
        ("off", "machine", Outcome.ANSWERED),
        ("whisper", "machine", Outcome.ANSWERED),
        ("accept", "machine", Outcome.DECLINED),
        ("off", "declined", Outcome.DECLINED),
        ("whisper", "declined", Outcome.NO_ANSWER),
        ("accept", "declined", Outcome.DECLINED),
        ("off", "sip:603", Outcome.DECLINED),
        ("off", "sip:486", Outcome.BUSY),
        ("off", "sip:480", Outcome.NO_ANSWER),
        ("off", "unconfirmed", Outcome.FAILED),
        ("off", "referred", Outcome.ANSWERED),
    ],
)
def test_a_dialled_line_is_judged_by_what_twilio_would_report(screen: str, word: str, outcome: Outcome) -> None:
    assert played(desk(screen=screen), word).steps[0].outcome is outcome


def test_a_machine_is_known_where_detection_listens() -> None:
    assert played(desk(screen="accept", machine_detection=True), "machine").steps[0].outcome is Outcome.MACHINE


def test_who_declines_an_unscreened_phone_is_busy() -> None:
    assert played(desk(route="+14155550100"), "declined").steps[0].outcome is Outcome.BUSY


def test_a_long_reason_is_the_same_on_every_step() -> None:
    backup = desk(id="backup", name="Backup", route="sip:backup@pbx.example.com")
    header = [{"name": "X-Reason", "value": "$handoff_reason"}]
    first = desk(reason="r" * 400, headers=header, fallback=[{"destination": "backup"}])
    found = played(first, "busy", destinations=[first, backup | {"headers": header}])
    assert [dict(step.headers) for step in found.steps] == [{"X-Reason": "r" * 100}] * 2


@pytest.mark.parametrize(("choices", "expected"), [({"1": {}}, ("1", "")), ({"1#": {}}, ("1#2", ""))])
def test_the_hash_key_ends_what_is_pressed_unless_it_has_a_meaning(choices: Any, expected: tuple[str, str]) -> None:
    menu = MenuIntake(kind="menu", prompt="Press.", choices=choices, num_digits=None)
    assert menu.takes("1#2", "") == expected


def test_a_menu_takes_as_many_keys_as_it_asks_for() -> None:
    menu = {"kind": "menu", "prompt": "Press.", "choices": {"1": {"intent": "billing"}}}
    rule = {"id": "billing", "name": "B", "when": {"variable": "intent", "is": "billing"}, "destination": "desk"}
    document = {
        "schema": 1, "name": "One", "default_destination": "desk", "destinations": [desk()], "rules": [rule],
        "intake": menu,
    }  # fmt: skip
    call = SimulatedCall("+12125550123", "+14155550199", "phone", AT, digits="19")
    assert simulate(publish(document), call, environment=AS_CONFIGURED).rule == "billing"
    spoken = SimulatedCall("+12125550123", "+14155550199", "phone", AT, speech="billing")
    assert (
        len(
            [
                step
                for step in simulate(publish(document), spoken, environment=AS_CONFIGURED).steps
                if step.verb == "ask"
            ]
        )
        == 2
    )
