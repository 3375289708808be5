"""`<Refer>`, `<Record>` and the endings, attribute for attribute."""

from __future__ import annotations

import pytest

from tests.twiml.documents import DECLARATION
from twiml import (
    DocumentError,
    RecordingCallback,
    Spoken,
    hang_up,
    record,
    refer,
    say_and_hang_up,
    sip_uri,
)

ENDED = "https://handoff.example.com/voice/refer-ended?s=1"


def test_a_refer_names_its_target_with_headers_and_always_an_action() -> None:
    uri = sip_uri("sip:alice@example.com", [("User-to-User", "123456789;encoding=hex")])
    assert refer(uri, action=ENDED, before=[Spoken("Putting you through.")]) == (
        f'{DECLARATION}<Response><Say>Putting you through.</Say><Refer action="{ENDED}">'
        "<Sip>sip:alice@example.com?User-to-User=123456789%3Bencoding%3Dhex</Sip></Refer></Response>"
    )


@pytest.mark.parametrize("uri", ["tel:+14155550100", "sip:alice@example.com?X-Twilio-Sid=1", "sip:alice@example.com?"])
def test_a_refer_target_that_sip_uri_would_not_write_is_refused(uri: str) -> None:
    with pytest.raises(DocumentError):
        refer(uri, action=ENDED)


def test_a_message_is_taken_after_the_greeting_and_silence_comes_back_to_us() -> None:
    document = record(
        [Spoken("Please leave a message.", "en-US")],
        action="/voice/recorded?s=1",
        max_seconds=120,
        recording=RecordingCallback("/voice/status?s=1"),
    )
    assert document == (
        f'{DECLARATION}<Response><Say language="en-US">Please leave a message.</Say>'
        '<Record action="/voice/recorded?s=1" finishOnKey="#" maxLength="120" playBeep="true"'
        ' recordingStatusCallback="/voice/status?s=1" recordingStatusCallbackEvent="completed absent" timeout="5" />'
        "<Redirect>/voice/recorded?s=1</Redirect></Response>"
    )


def test_a_message_can_end_at_no_key_and_silence_can_go_elsewhere() -> None:
    document = record(
        [],
        action="/voice/recorded",
        max_seconds=2,
        recording=RecordingCallback("/voice/status"),
        finish_on_key="",
        nothing_recorded_url="/voice/recorded?empty=1",
    )
    assert '<Response><Record action="/voice/recorded" finishOnKey="" maxLength="2"' in document
    assert document.endswith("<Redirect>/voice/recorded?empty=1</Redirect></Response>")


@pytest.mark.parametrize("option", [{"max_seconds": 1}, {"silence_seconds": 0}, {"finish_on_key": "a"}])
def test_a_recording_outside_twilios_limits_is_refused(option: dict[str, object]) -> None:
    options = {"action": "/voice/recorded", "max_seconds": 120, "recording": RecordingCallback("/voice/status")}
    with pytest.raises(DocumentError):
        record([], **(options | option))  # type: ignore[arg-type]


def test_a_call_ends_with_words_or_without() -> None:
    assert say_and_hang_up([Spoken("Goodbye.", "en-US")]) == (
        f'{DECLARATION}<Response><Say language="en-US">Goodbye.</Say><Hangup /></Response>'
    )
    assert hang_up() == f"{DECLARATION}<Response><Hangup /></Response>"


def test_a_text_with_nothing_to_say_is_left_out() -> None:
    assert say_and_hang_up([Spoken(" \x00\n")]) == hang_up()


@pytest.mark.parametrize("words", [Spoken("Hi", language="en_US"), Spoken("Hi", voice='x" loop="0')])
def test_a_language_or_voice_that_is_none_is_refused(words: Spoken) -> None:
    with pytest.raises(DocumentError):
        say_and_hang_up([words])
