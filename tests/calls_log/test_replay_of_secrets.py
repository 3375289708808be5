"""A stored call does not know its secrets: a replay says where they would decide, and never tells one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.application import Application
from tests.calls_log.test_calls_command import stage_of
from tests.calls_log.test_replay import MENU, document, played
from tests.stand_in import Call
from webapp.calls.record import CallRecord
from webapp.configurations.published import publish
from webapp.simulator.impact import impact
from webapp.simulator.keeping import saved_test_of
from webapp.simulator.replay import call_of, replay
from webapp.store import keys

NO_MENU = {"kind": "none"}
SECRET = "4242"


def with_card(*conditions: dict[str, Any]) -> dict[str, Any]:
    rules = [
        {"id": f"card-{number}", "name": "Card", "when": {"variable": "sip_x_card", **when}, "destination": "events"}
        for number, when in enumerate(conditions)
    ]
    return document(NO_MENU) | {"variables": {"sip_x_card": {"sample": "1", "secret": True}}, "rules": rules}


def of_a_card(redis_url: str, folder: Path, then: dict[str, Any]) -> CallRecord:
    return played(redis_url, folder, then, Call(over="sip", sip_headers={"X-Card": SECRET}))


def test_a_new_condition_on_a_secret_is_told_as_unknown_and_its_call_left_out(redis_url: str, tmp_path: Path) -> None:
    then, now = publish(with_card({"is": "1"})), publish(with_card({"is": "1"}, {"starts_with": "42"}))
    record = of_a_card(redis_url, tmp_path, with_card({"is": "1"}))
    assert replay(record, then).simulation.unknown == ()
    assert replay(record, now).simulation.unknown == ("sip_x_card",)
    found = impact([record], then, now)
    assert (found.compared, found.left_out, found.moved) == (0, 1, ())


def test_a_secret_that_no_longer_is_one_is_not_taken_for_missing(redis_url: str, tmp_path: Path) -> None:
    record = of_a_card(redis_url, tmp_path, with_card({"is": "1"}))
    now = publish(with_card({"is_missing": True}, {"starts_with": "42"}) | {"variables": {}})
    found = replay(record, now)
    assert found.simulation.path == ("desk",)
    assert found.simulation.unknown == ("sip_x_card",)


def test_what_was_told_after_the_decision_decides_nothing_in_a_replay(redis_url: str, tmp_path: Path) -> None:
    record = played(redis_url, tmp_path, document(NO_MENU), Call())
    told_later = replace(record, variables={**record.variables, "intent": "billing"})
    assert replay(told_later, publish(document(NO_MENU))).differences == ()


def test_a_secret_that_an_agent_told_stands_in_no_saved_test(redis_url: str, tmp_path: Path) -> None:
    record = played(redis_url, tmp_path, document(MENU), Call(digits=("1",)))
    told = replace(record, variables={**record.variables, "card": SECRET})
    assert told.facts is not None
    again = replay(told, publish(document(MENU)))
    assert SECRET not in str(saved_test_of(call_of(told, told.facts), again.simulation, "Kept"))


def test_the_command_says_which_secret_is_unknown_and_shows_none(redis_url: str, tmp_path: Path) -> None:
    then = with_card({"is": "1"})
    with stage_of(redis_url, tmp_path, then) as stage:
        sid = stage.play("answered", over="sip", to="sip:desk@pbx.example.com", sip_headers={"X-Card": SECRET})
        _tell(stage.application, sid, "sip_x_card", SECRET)
        shown = stage.terminal.run("calls", "show", sid, "--reveal", "--json").output
        assert '"sip_x_card"' in shown
        assert SECRET not in shown
        stage.edit(**with_card({"is": "1"}, {"starts_with": "42"}))
        again = stage.terminal.run("calls", "replay", sid).output
        assert "sip_x_card: secret, and so not kept. With its value it could go another way." in again
        assert "It goes the same way" not in again
        assert "1 calls were left out" in stage.terminal.run("calls", "impact", "--hours", "9600").output


def _tell(application: Application, sid: str, name: str, value: str) -> None:
    """As the API keeps what an agent tells."""
    application.services.configurations.store.client.hset(keys.call_variables(sid), name, value)
