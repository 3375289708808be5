"""A stored call is played again with what was told then: keys of a menu, an agent's wish, a vote, failing desks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.redis_server import wait_until
from tests.stand_in import Call, Twilio
from tests.stand_in.call import START, Session
from tests.stand_in.far_end import Answer
from tests.stand_in.transport import WsgiTransport
from webapp.calls.reader import CallReader
from webapp.calls.record import CallRecord, read_record
from webapp.configurations.published import publish
from webapp.simulator.impact import impact
from webapp.simulator.keeping import saved_test_of, with_test
from webapp.simulator.replay import NotReplayableError, call_of, play_again, replay
from webapp.simulator.saved_tests import run_saved_tests

MENU = {"kind": "menu", "prompt": "Press.", "choices": {"1": {"intent": "billing"}, "2": {"intent": "booking"}}}
AGENT = {"kind": "conversation_relay", "url": "wss://agent.example.com/talk"}


def document(intake: dict[str, Any]) -> dict[str, Any]:
    def named(identity: str, number: str) -> dict[str, Any]:
        return {"id": identity, "name": identity.title(), "method": "INVITE", "route": f"+1415555{number}"}

    rule = {"id": "bills", "name": "Bills", "when": {"variable": "intent", "is": "billing"}, "destination": "billing"}
    return {
        "schema": 1, "name": "One", "default_destination": "desk", "intake": intake, "rules": [rule],
        "destinations": [named("desk", "0100"), named("billing", "0101"), named("events", "0102")],
    }  # fmt: skip


def played(redis_url: str, directory: Path, configuration: dict[str, Any], call: Call) -> CallRecord:
    with Application(redis_url, directory, configuration) as application:
        application.at = START
        twilio = Twilio(WsgiTransport(application.app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL)
        call_sid = twilio.place_call(call).call_sid
        assert application.services.voice_store.flush(10)
        reader = CallReader(application.services.configurations.store.client)
        wait_until(lambda: (found := reader.get(call_sid)) is not None and found.ends is not None)
        record = reader.get(call_sid)
    assert record is not None
    return record


@pytest.mark.parametrize(("keys", "path"), [("1", ("billing",)), ("2", ("desk",)), ("", ("desk",))])
def test_keys_are_pressed_again(redis_url: str, tmp_path: Path, keys: str, path: tuple[str, ...]) -> None:
    record = played(redis_url, tmp_path, document(MENU), Call(digits=(keys, keys)))
    version = publish(document(MENU))
    assert record.path == path
    assert replay(record, version, began_with=version).differences == ()


def test_what_a_menu_set_is_not_taken_for_told(redis_url: str, tmp_path: Path) -> None:
    """The new menu gives key 1 another meaning, so the call goes another way."""
    record = played(redis_url, tmp_path, document(MENU), Call(digits=("1",)))
    changed = publish(document(MENU | {"choices": {"1": {"language": "de"}}}))
    found = replay(record, changed, began_with=publish(document(MENU)))
    assert [str(one) for one in found.differences] == [
        "path: expected billing, got desk", "rule: expected bills, got no rule",
    ]  # fmt: skip


def test_what_an_agent_wished_for_is_wished_again(redis_url: str, tmp_path: Path) -> None:
    session = Session("ended", json.dumps({"destination": "events", "reason": "wedding"}))
    record = played(redis_url, tmp_path, document(AGENT), Call(session=session))
    version = publish(document(AGENT))
    assert record.path == ("events",)
    assert replay(record, version).differences == ()
    without = document(AGENT) | {"destinations": document(AGENT)["destinations"][:2]}
    assert replay(record, publish(without)).simulation.path == ("desk",)


def test_what_an_agent_learned_decides_again(redis_url: str, tmp_path: Path) -> None:
    session = Session("ended", json.dumps({"variables": {"intent": "billing"}}))
    record = played(redis_url, tmp_path, document(AGENT), Call(session=session, far_end=(Answer("busy"),)))
    version = publish(document(AGENT))
    assert record.path == ("billing", "desk")
    found = replay(record, version)
    assert found.differences == ()
    assert record.facts is not None
    test = saved_test_of(call_of(record, record.facts), found.simulation, "From a real call")
    (result,) = run_saved_tests(publish(with_test(document(AGENT), test)))
    assert result.passed, result.differences


def test_a_call_whose_facts_have_expired_is_left_out_and_counted() -> None:
    version = publish(document(MENU))
    record = read_record("CA" + "1" * 32, {"version": str(version.version)}, {}, {})
    assert record is not None
    with pytest.raises(NotReplayableError, match="Nothing is known"):
        play_again(record, version)
    found = impact([record], version, version)
    assert (found.compared, found.left_out, found.moved) == (0, 1, ())


def test_a_replay_says_which_other_number_of_the_same_destination_would_ring(redis_url: str, tmp_path: Path) -> None:
    record = played(redis_url, tmp_path, document(MENU), Call(digits=("2",)))
    changed = document(MENU)
    changed["destinations"][0]["route"] = "+14155550177"
    found = replay(record, publish(changed))
    assert [str(one) for one in found.differences] == ["rings: expected +14155550100, got +14155550177"]


def test_a_call_that_would_ring_another_number_of_the_same_destination_goes_somewhere_else(
    redis_url: str, tmp_path: Path
) -> None:
    record = played(redis_url, tmp_path, document(MENU), Call(digits=("2",)))
    changed = document(MENU)
    changed["destinations"][0]["route"] = "+14155550177"
    found = impact([record], publish(document(MENU)), publish(changed))
    assert [one.call_sid for one in found.moved] == [record.call_sid]


@pytest.mark.parametrize("word", ["sip:603", "sip:480", "declined", "machine"])
def test_whatever_a_screened_line_said_the_call_becomes_a_test_that_passes(
    redis_url: str, tmp_path: Path, word: str
) -> None:
    """A whisper that somebody hangs up on is reported in another way than a telephone that declines."""
    whole = document({"kind": "none"})
    fallback = [{"destination": "billing", "on": ["declined"]}, {"destination": "events"}]
    whole["destinations"][0] |= {"route": "sip:desk@pbx.example.com", "screen": "whisper", "fallback": fallback}
    record = played(redis_url, tmp_path, whole, Call(far_end=(Answer(word), Answer("answered"))))
    assert record.facts is not None
    found = replay(record, publish(whole))
    assert found.differences == ()
    test = saved_test_of(call_of(record, record.facts), found.simulation, "From a real call")
    (result,) = run_saved_tests(publish(with_test(whole, test)))
    assert result.passed, result.differences
