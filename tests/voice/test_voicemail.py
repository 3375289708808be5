"""A message after the tone: how the call says goodbye, and what the timeline says of a recording that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handoff_rules.outcomes import Ends
from tests.scenario_app import Stage, staged
from tests.voice.posting import ABOUT, CALLER, PARENT, RECORDING, URL, post, record_of, told, url_in
from webapp import urls
from webapp.calls.recordings import recording_link
from webapp.calls.summary import ends_of
from webapp.calls.timeline import Kind

CONFIGURATION: dict[str, Any] = {
    "schema": 1,
    "name": "Messages in many languages",
    "default_destination": "desk",
    "ending": {"voicemail": {"language": "it-IT", "greeting": "Lasciate un messaggio."}},
    "destinations": [
        {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550101", "voice": "Polly.Joanna",
         "fallback": [{"voicemail": {"greeting": "Bitte.", "language": "de-DE"}, "on": ["busy"]},
                      {"voicemail": {"greeting": "Please."}, "on": ["no_answer"]}]},
        {"id": "kiosk", "name": "Kiosk", "method": "INVITE", "route": "+14155550102", "language": "en-GB",
         "voice": "Polly.Amy", "fallback": [{"voicemail": {"greeting": "Do tell."}}]},
    ],
    "rules": [{"id": "k", "name": "K", "when": {"variable": "called_number", "is": "+14155550192"},
               "destination": "kiosk"}],
}  # fmt: skip


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        yield stage


def asked_for_a_message(stage: Stage, dial_status: str, to: str = "+14155550199") -> str:
    caller = CALLER | {"To": to}
    document = post(stage, urls.CALL, caller | {"CallStatus": "ringing"})
    ended = {"CallStatus": "in-progress", "DialCallStatus": dial_status}
    return post(stage, url_in(document, "action"), caller | ended)


@pytest.mark.parametrize(
    ("dial_status", "to", "goodbye"),
    [
        ("busy", "+14155550199", "<Response><Hangup /></Response>"),
        ("no-answer", "+14155550199", '<Say language="en-US" voice="Polly.Joanna">Thank you. Goodbye.</Say>'),
        ("no-answer", "+14155550192", '<Say language="en-GB" voice="Polly.Amy">Thank you. Goodbye.</Say>'),
        ("failed", "+14155550199", "<Response><Hangup /></Response>"),
    ],
    ids=["in German", "as the desk speaks", "as the kiosk speaks", "at the ending, in Italian"],
)
def test_whoever_asked_for_the_message_says_goodbye(stage: Stage, dial_status: str, to: str, goodbye: str) -> None:
    document = asked_for_a_message(stage, dial_status, to)
    left = CALLER | {"To": to, "CallStatus": "in-progress"} | RECORDING
    assert goodbye in post(stage, url_in(document, "action"), left)


def reported(stage: Stage, document: str, status: str) -> None:
    about = {"AccountSid": ABOUT["AccountSid"], "CallSid": PARENT, "RecordingSource": "RecordVerb"}
    post(stage, url_in(document, "recordingStatusCallback"), about | RECORDING | {"RecordingStatus": status})


def test_length_and_link_of_the_message_are_in_the_timeline(stage: Stage) -> None:
    document = asked_for_a_message(stage, "busy")
    reported(stage, document, "completed")
    post(stage, url_in(document, "action"), CALLER | {"CallStatus": "in-progress"} | RECORDING)
    assert [line for line in told(stage) if "message" in line] == [
        "Asked the caller to leave a message",
        "A message was recorded, 7 s",
        "Twilio has the message ready to be listened to, 7 s",
    ]
    links = [recording_link(event.detail) for event in record_of(stage).events if event.kind is Kind.RECORDED]
    assert links == [URL, URL]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("absent", "No message was left: Twilio reports an empty recording"),
        ("failed", "The message was lost: Twilio reports the recording as failed"),
    ],
)
@pytest.mark.parametrize("caller_was_heard", [True, False])
def test_a_recording_that_is_not_there_is_no_message(
    stage: Stage, status: str, said: str, caller_was_heard: bool
) -> None:
    document = asked_for_a_message(stage, "busy")
    if caller_was_heard:
        post(stage, url_in(document, "action"), CALLER | {"CallStatus": "in-progress"} | RECORDING)
    reported(stage, document, status)
    post(stage, urls.STATUS, CALLER | {"CallStatus": "completed"})
    assert said in told(stage)
    record = record_of(stage)
    assert record.ends is Ends.HUNG_UP
    assert ends_of(record.summary) == "hung_up", "lists say the same"
    [last] = [event for event in record.events if event.detail.get("raw", {}).get("RecordingStatus")]
    assert recording_link(last.detail) == ""


def test_a_caller_who_left_no_message_was_hung_up_on_whoever_asks(stage: Stage) -> None:
    document = asked_for_a_message(stage, "busy")
    post(stage, url_in(document, "action"), CALLER | {"CallStatus": "in-progress"})
    post(stage, urls.STATUS, CALLER | {"CallStatus": "completed"})
    assert (record_of(stage).ends, ends_of(record_of(stage).summary)) == (Ends.HUNG_UP, "hung_up")


def test_only_an_https_address_is_a_link() -> None:
    assert recording_link({"raw": {"RecordingUrl": "javascript:alert(1)"}}) == ""
    assert recording_link({"raw": {}}) == ""
    assert recording_link({}) == ""
