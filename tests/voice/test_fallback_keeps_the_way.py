"""The fallback URL sends a call where the document that Twilio could not use would have sent it, and nowhere twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from handoff_rules.outcomes import Ends, Outcome
from tests.application import BASE_URL
from tests.scenario_app import Stage, staged
from tests.voice.posting import ABOUT, CALLER, CHILD, PARENT, post, record_of, told, url_in
from webapp import urls
from webapp.calls.timeline import GENERATION, TRANSFERS
from webapp.simulator.replay import replay
from webapp.store import keys
from webapp.voice.state import CallState

FIRST, SECOND, DESK = "sip:first@pbx.example.com", "+14155550102", "+14155550100"
OURS, IS_THERE = "+14155550199", {"CallStatus": "in-progress"}
CONFIGURATION: dict[str, Any] = {
    "schema": 1, "name": "The same way", "default_destination": "desk",
    "destinations": [
        {"id": "first", "name": "First", "method": "INVITE", "route": FIRST, "fallback": [{"destination": "second"}]},
        {"id": "second", "name": "Second", "method": "INVITE", "route": SECOND},
        {"id": "desk", "name": "Desk", "method": "INVITE", "route": DESK},
    ],
    "rules": [{"id": "all", "name": "All", "destination": "first"}],
}  # fmt: skip
AGENT = {"kind": "conversation_relay", "url": "wss://agent.example.com/talk"}
MENU = {"kind": "menu", "prompt": "Press 1.", "choices": {"1": {"intent": "second"}}}
BY_INTENT = {"id": "i", "name": "I", "when": {"variable": "intent", "is": "second"}, "destination": "second"}
LOST, REFUSED = "11200", "13214"


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        yield stage


def dialled(document: str) -> tuple[str | None, str]:
    """The caller ID that is shown, and whom the document rings."""
    shown, rung = re.search(r'callerId="([^"]+)"', document), re.search(r">([^<>]+)</(?:Number|Sip)>", document)
    assert rung is not None, document
    return shown and shown[1], rung[1]


def begun(stage: Stage) -> str:
    return post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})


def unusable(stage: Stage, target: str, code: str, **repeated: str) -> str:
    """What the fallback URL answers when the document of `target` could not be used."""
    failed = {"ErrorCode": code, "ErrorUrl": BASE_URL + target}
    return post(stage, urls.FALLBACK, CALLER | IS_THERE | repeated | failed)


@pytest.mark.parametrize("repeated", [{}, {"DialCallStatus": "failed"}], ids=["plain", "with what it told"])
def test_a_refused_caller_id_of_the_second_step_rings_the_second_step_again(
    stage: Stage, repeated: dict[str, str]
) -> None:
    ended = url_in(begun(stage), "action")
    assert dialled(post(stage, ended, CALLER | IS_THERE | {"DialCallStatus": "failed"})) == (CALLER["From"], SECOND)
    assert dialled(unusable(stage, ended, REFUSED, **repeated)) == (OURS, SECOND)
    assert record_of(stage).path == ("first", "second")


@pytest.mark.parametrize(("code", "shown"), [(LOST, CALLER["From"]), (REFUSED, OURS)])
def test_a_handoff_that_waited_for_the_answer_to_an_offer_is_made_all_the_same(
    redis_url: str, tmp_path: Path, code: str, shown: str
) -> None:
    offering = {"offer_text": {"prompt": "A text? Press 1.", "body": "Ours is 4155550199."}, "route": "+14155550103"}
    first, *others = CONFIGURATION["destinations"]
    with staged(CONFIGURATION | {"destinations": [first | offering, *others]}, redis_url, tmp_path) as stage:
        assert dialled(unusable(stage, url_in(begun(stage), "action"), code)) == (shown, "+14155550103")
        assert record_of(stage).path == ("first",)
        assert "first could not be reached" not in told(stage)


def transferred(stage: Stage, redis: Redis) -> str:
    """The target of a transfer to `second` for which the API has taken the caller out of the first conversation."""
    document, services = begun(stage), stage.application.services
    version = str(services.live.environment("production").version)
    redis.hset(keys.call_steps(PARENT), TRANSFERS, "1")
    state = CallState("production", version, None, "asked", None, attempt=GENERATION, destination="second")
    post(stage, url_in(document, "action"), CALLER | IS_THERE | {"DialCallStatus": "completed", "DialBridged": "true"})
    return f"{urls.TRANSFER}?s={services.state_keys.write(state, PARENT)}"


@pytest.mark.parametrize(("code", "shown"), [(LOST, CALLER["From"]), (REFUSED, OURS)])
def test_a_transfer_goes_to_the_destination_that_the_api_named(
    stage: Stage, redis: Redis, code: str, shown: str
) -> None:
    document = unusable(stage, transferred(stage, redis), code)
    assert dialled(document) == (shown, SECOND)
    talked = {"DialCallStatus": "completed", "DialBridged": "true"}
    post(stage, url_in(document, "action"), CALLER | IS_THERE | talked)
    record = record_of(stage)
    assert (record.path, record.ends) == (("first", "second"), Ends.ANSWERED)
    assert told(stage)[-1] == "second answered"


@pytest.mark.parametrize("code", [LOST, REFUSED])
def test_the_destination_that_an_agent_named_is_rung_where_twilio_repeats_its_word(
    redis_url: str, tmp_path: Path, code: str
) -> None:
    with staged(CONFIGURATION | {"intake": AGENT}, redis_url, tmp_path) as stage:
        ended = {"HandoffData": json.dumps({"destination": "second"}), "SessionStatus": "ended"}
        target = url_in(begun(stage), "action")
        assert dialled(unusable(stage, target, code, **ended))[1] == SECOND
        assert dialled(unusable(stage, target, code))[1] == FIRST, "without its word the rules decide"


@pytest.mark.parametrize("code", [LOST, REFUSED])
def test_the_key_that_a_caller_pressed_counts_where_twilio_repeats_it(
    redis_url: str, tmp_path: Path, code: str
) -> None:
    rules = [BY_INTENT, *CONFIGURATION["rules"]]
    with staged(CONFIGURATION | {"intake": MENU, "rules": rules}, redis_url, tmp_path) as stage:
        assert dialled(unusable(stage, url_in(begun(stage), "action"), code, Digits="1"))[1] == SECOND


@pytest.mark.parametrize(("keys", "rung"), [({"Digits": "1"}, None), ({"Digits": "2"}, SECOND), ({}, SECOND)])
def test_whoever_accepted_a_screened_call_has_talked_when_the_end_of_it_is_lost(
    redis_url: str, tmp_path: Path, keys: dict[str, str], rung: str | None
) -> None:
    first, *others = CONFIGURATION["destinations"]
    screening = CONFIGURATION | {"destinations": [first | {"screen": "accept"}, *others]}
    with staged(screening, redis_url, tmp_path) as stage:
        document = begun(stage)
        leg = ABOUT | IS_THERE | {"CallSid": CHILD, "ParentCallSid": PARENT, "To": FIRST}
        asked = post(stage, url_in(document, "url"), leg)
        post(stage, url_in(asked, "action"), leg | keys)
        answer = unusable(stage, url_in(document, "action"), LOST)
        assert (dialled(answer)[1] if rung else answer.count("<Hangup />")) == (rung or 1)


@pytest.mark.parametrize("code", [LOST, REFUSED])
def test_a_refer_whose_end_is_lost_is_not_confirmed_and_did_not_fail(redis_url: str, tmp_path: Path, code: str) -> None:
    first, *others = CONFIGURATION["destinations"]
    with staged(CONFIGURATION | {"destinations": [first | {"method": "REFER"}, *others]}, redis_url, tmp_path) as stage:
        over_sip = {"SipDomain": "example.sip.twilio.com", "From": "sip:alice@pbx.example.com"}
        document = post(stage, urls.CALL, CALLER | over_sip | {"CallStatus": "ringing"})
        assert dialled(unusable(stage, url_in(document, "action"), code, **over_sip))[1] == SECOND
        assert record_of(stage).attempts[0].outcome is Outcome.UNCONFIRMED


def test_nobody_says_that_a_destination_failed_whose_end_was_lost(stage: Stage) -> None:
    assert dialled(unusable(stage, url_in(begun(stage), "action"), LOST))[1] == SECOND
    assert "How it went at first is not known: Twilio did not reach us with it" in told(stage)


NO_SUCH_HOST = "13254"


def test_a_step_that_twilio_would_not_do_is_not_sent_once_more_and_the_timeline_has_the_code(stage: Stage) -> None:
    begun(stage)
    assert dialled(unusable(stage, urls.CALL, NO_SUCH_HOST))[1] == SECOND
    record = record_of(stage)
    assert record.path == ("first", "second")
    assert record.attempts[0].raw == {"ErrorCode": NO_SUCH_HOST}


def test_a_call_with_a_step_that_twilio_would_not_do_is_played_again_the_same_way(stage: Stage) -> None:
    begun(stage)
    second = url_in(unusable(stage, urls.CALL, NO_SUCH_HOST), "action")
    post(stage, second, CALLER | IS_THERE | {"DialCallStatus": "completed", "DialBridged": "true"})
    published = stage.application.services.live.environment("production")
    assert replay(record_of(stage), published).differences == ()


def test_a_fallback_that_twilio_would_not_do_is_not_sent_once_more(stage: Stage) -> None:
    ended = url_in(begun(stage), "action")
    post(stage, ended, CALLER | IS_THERE | {"DialCallStatus": "failed"})
    assert dialled(unusable(stage, ended, NO_SUCH_HOST))[1] == DESK


def test_a_transfer_that_twilio_would_not_do_goes_on_behind_its_destination(stage: Stage, redis: Redis) -> None:
    assert dialled(unusable(stage, transferred(stage, redis), NO_SUCH_HOST))[1] == DESK


def test_an_intake_that_twilio_would_not_do_leaves_the_decision_to_the_rules(redis_url: str, tmp_path: Path) -> None:
    with staged(CONFIGURATION | {"intake": MENU}, redis_url, tmp_path) as stage:
        begun(stage)
        assert dialled(unusable(stage, urls.CALL, "13310"))[1] == FIRST
