"""What lists say of how a call ended, in whatever order Twilio tells of it: the same as the call's own page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from handoff_rules.outcomes import Ends
from tests.scenario_app import Stage, staged
from tests.voice.posting import ABOUT, CALLER, PARENT, post, record_of, url_in
from webapp import urls
from webapp.calls.reading import CallReader
from webapp.calls.wanted import Wanted

CONFIGURATION = {
    "schema": 1, "name": "Lists", "default_destination": "desk",
    "destinations": [{"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550101",
                      "fallback": [{"voicemail": {}}]}],
}  # fmt: skip
IS_THERE, IS_GONE = {"CallStatus": "in-progress"}, {"CallStatus": "completed"}
TALKED = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "80"}
RECORDING = {
    "RecordingSid": "RE" + "1" * 32, "RecordingDuration": "7", "RecordingStatus": "completed",
    "RecordingUrl": "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1",
}  # fmt: skip


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        yield stage


def settled(stage: Stage) -> None:
    """What was told so far is written before what follows."""
    assert stage.application.services.voice_store.flush(5)


def listed(stage: Stage, redis: Redis) -> str:
    settled(stage)
    [call] = CallReader(redis).find(Wanted()).calls
    ends = call.ends
    assert [one.call_sid for one in CallReader(redis).find(Wanted(ends=ends)).calls] == [PARENT], "the filter"
    started = call.started
    assert [one.ends for one in CallReader(redis).ends_between(started, started).calls] == [ends], "the counts"
    return ends


@pytest.mark.parametrize("over_first", [True, False], ids=["call over, dial ended", "dial ended, call over"])
def test_a_caller_who_hangs_up_after_a_conversation_was_answered(stage: Stage, redis: Redis, over_first: bool) -> None:
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    told = [(urls.STATUS, CALLER | IS_GONE), (url_in(document, "action"), CALLER | IS_GONE | TALKED)]
    for target, form in told if over_first else reversed(told):
        post(stage, target, form)
        settled(stage)
    assert record_of(stage).ends is Ends.ANSWERED
    assert listed(stage, redis) == "answered"


def test_a_message_that_twilio_has_counts_when_its_own_webhook_was_lost(stage: Stage, redis: Redis) -> None:
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    document = post(stage, url_in(document, "action"), CALLER | IS_THERE | {"DialCallStatus": "busy"})
    post(stage, urls.STATUS, CALLER | IS_GONE)
    settled(stage)
    about = {"AccountSid": ABOUT["AccountSid"], "CallSid": PARENT} | RECORDING
    post(stage, url_in(document, "recordingStatusCallback"), about)
    assert record_of(stage).ends is Ends.VOICEMAIL
    assert listed(stage, redis) == "voicemail"


def test_a_caller_who_hangs_up_while_it_rings_hung_up_although_nothing_else_is_told(stage: Stage, redis: Redis) -> None:
    post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    post(stage, urls.STATUS, CALLER | IS_GONE)
    assert record_of(stage).ends is Ends.CALLER_HUNG_UP
    assert listed(stage, redis) == "caller_hung_up"
