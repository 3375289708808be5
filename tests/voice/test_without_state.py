"""Webhooks whose state is lost, or that met a fault of ours, where the default destination must not be rung."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from redis import Redis

from handoff_rules.outcomes import Ends
from tests.application import BASE_URL
from tests.scenario_app import Stage, staged
from tests.voice.posting import ABOUT, CALLER, CHILD, PARENT, RECORDING, post, record_of, told, url_in
from webapp import urls
from webapp.store import keys

MANY = {f"note_{number}": {"sample": "x"} for number in range(20)}
CONFIGURATION: dict[str, Any] = {
    "schema": 1, "name": "Without its state", "default_destination": "desk", "variables": MANY,
    "destinations": [
        {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550101", "screen": "accept",
         "language": "en-GB", "fallback": [{"voicemail": {}}]},
    ],
}  # fmt: skip
LOST = "?s=1.e30.AAAA"
LEG = ABOUT | {
    "CallSid": CHILD, "ParentCallSid": PARENT, "To": "+14155550101", "CallStatus": "in-progress",
}  # fmt: skip
IS_THERE = {"CallStatus": "in-progress"}


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        yield stage


def verbs(document: str) -> list[str]:
    return [verb.tag for verb in fromstring(document)]


def test_the_called_person_is_asked_and_can_take_the_call_or_not(stage: Stage) -> None:
    post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    asked = post(stage, urls.SCREEN + LOST, LEG)
    assert verbs(asked) == ["Gather", "Hangup"]
    assert verbs(post(stage, url_in(asked, "action"), LEG | {"Digits": "1"})) == []
    for key in ({}, {"Digits": "9"}):
        assert verbs(post(stage, url_in(asked, "action"), LEG | key)) == ["Hangup"]
    assert [line for line in told(stage) if line.startswith("Handed off")] == ["Handed off to desk by Dial"]


@pytest.mark.parametrize("path", [urls.SCREEN, urls.SCREENED])
@pytest.mark.parametrize("is_lost", [False, True], ids=["its state", "no state"])
def test_a_called_person_whose_document_was_lost_is_asked_by_the_fallback_and_no_dial_is_sent(
    stage: Stage, path: str, is_lost: bool
) -> None:
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    state = LOST if is_lost else "?" + url_in(document, "url").partition("?")[2]
    asked = post(stage, urls.FALLBACK, LEG | {"ErrorCode": "11200", "ErrorUrl": BASE_URL + path + state})
    assert verbs(asked) == ["Gather", "Hangup"]
    assert verbs(post(stage, url_in(asked, "action"), LEG | {"Digits": "1"})) == []
    ended = {"DialCallStatus": "completed", "DialBridged": "false"}
    assert verbs(post(stage, url_in(document, "action"), CALLER | IS_THERE | ended)) == ["Say", "Record", "Redirect"]


def test_words_that_no_document_can_hold_are_left_out_and_the_person_is_asked(stage: Stage, redis: Redis) -> None:
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    redis.hset(keys.call_variables(PARENT), mapping=dict.fromkeys(MANY, "\U0001f600" * 1_000))
    asked = post(stage, url_in(document, "url"), LEG)
    assert verbs(asked) == ["Gather", "Hangup"]
    assert verbs(post(stage, url_in(asked, "action"), LEG)) == ["Hangup"]
    assert "The called side declined the call" in told(stage), "the state was readable"


@pytest.mark.parametrize(
    ("path", "more"),
    [
        (urls.RECORDED, {}),
        (urls.FALLBACK, {"ErrorCode": "11200", "ErrorUrl": BASE_URL + urls.RECORDED + LOST}),
    ],
    ids=["recorded", "fallback"],
)
def test_whoever_left_a_message_is_rung_through_to_nobody(stage: Stage, path: str, more: dict[str, str]) -> None:
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    post(stage, url_in(document, "action"), CALLER | IS_THERE | {"DialCallStatus": "busy"})
    goodbye = post(stage, path + (LOST if not more else ""), CALLER | IS_THERE | RECORDING | more)
    assert verbs(goodbye) == ["Say", "Hangup"]
    assert 'language="en-GB"' in goodbye
    assert record_of(stage).ends is Ends.VOICEMAIL
    assert "A message was recorded, 7 s" in told(stage)


def test_a_message_whose_webhook_got_no_answer_is_in_the_timeline(stage: Stage) -> None:
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    document = post(stage, url_in(document, "action"), CALLER | IS_THERE | {"DialCallStatus": "busy"})
    lost = {"ErrorCode": "11200", "ErrorUrl": BASE_URL + url_in(document, "action")}
    assert verbs(post(stage, urls.FALLBACK, CALLER | IS_THERE | RECORDING | lost)) == ["Say", "Hangup"]
    assert "A message was recorded, 7 s" in told(stage)
