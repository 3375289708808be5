"""Questions, screening, agents and redirects, attribute for attribute."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from tests.twiml.documents import DECLARATION
from twiml import (
    DocumentError,
    Input,
    Spoken,
    accepted,
    ask_to_accept,
    conversation_relay,
    declined,
    gather,
    redirect,
    stream,
    whisper,
)

GATHERED = "/voice/gathered?s=1"
SOCKET = "wss://agent.example.com/socket"


def test_a_menu_takes_keys_and_always_comes_back() -> None:
    assert gather([Spoken("Press 1 for billing.", "en-US")], action=GATHERED, num_digits=1, timeout_seconds=7) == (
        f'{DECLARATION}<Response><Gather action="{GATHERED}" actionOnEmptyResult="true" input="dtmf" numDigits="1"'
        ' timeout="7"><Say language="en-US">Press 1 for billing.</Say></Gather></Response>'
    )


def test_a_menu_takes_speech_with_its_hints_and_language() -> None:
    document = gather(
        [],
        action=GATHERED,
        inputs=[Input.SPEECH, Input.DTMF],
        finish_on_key="",
        language="de-DE",
        hints="Rechnung,\nBuchung",
        speech_model="phone_call",
        speech_timeout_seconds=2,
    )
    assert document == (
        f'{DECLARATION}<Response><Gather action="{GATHERED}" actionOnEmptyResult="true" finishOnKey=""'
        ' hints="Rechnung, Buchung" input="dtmf speech" language="de-DE" speechModel="phone_call" speechTimeout="2"'
        ' timeout="5" /></Response>'
    )


def test_a_menu_of_keys_says_nothing_about_speech() -> None:
    document = gather([], action=GATHERED, language="de-DE", hints="Rechnung", speech_model="phone_call")
    assert document == gather([], action=GATHERED)


@pytest.mark.parametrize(
    "option",
    [{"inputs": ()}, {"timeout_seconds": 0}, {"num_digits": 0}, {"num_digits": 33}, {"finish_on_key": "12"}],
)
def test_a_question_outside_twilios_limits_is_refused(option: dict[str, object]) -> None:
    with pytest.raises(DocumentError):
        gather([], action=GATHERED, **option)  # type: ignore[arg-type]


def test_a_person_accepts_by_key_and_silence_ends_the_leg() -> None:
    assert ask_to_accept([Spoken("Billing question. Press 1 to take the call.")], action="/voice/screened?s=1") == (
        f'{DECLARATION}<Response><Gather action="/voice/screened?s=1" actionOnEmptyResult="true" input="dtmf"'
        ' numDigits="1" timeout="8"><Say>Billing question. Press 1 to take the call.</Say></Gather><Hangup />'
        "</Response>"
    )


def test_whisper_accept_and_decline() -> None:
    assert whisper([Spoken("VIP caller.")]) == f"{DECLARATION}<Response><Say>VIP caller.</Say></Response>"
    assert accepted() == f"{DECLARATION}<Response />"
    assert declined() == f"{DECLARATION}<Response><Hangup /></Response>"


def test_the_far_leg_hears_nothing_but_what_twilio_allows_there() -> None:
    words = [Spoken("Hello"), Spoken("Hallo", "de-DE")]
    for document in (whisper(words), ask_to_accept(words, action="/x"), accepted(words), declined(words)):
        tags = {element.tag for element in ET.fromstring(document.encode()).iter()}
        assert tags <= {"Response", "Play", "Say", "Gather", "Hangup"}


def test_an_agent_is_connected_by_conversation_relay() -> None:
    document = conversation_relay(
        SOCKET,
        action="/voice/agent-ended?s=1",
        welcome_greeting="Hello, how can I help?",
        language="en-US",
        voice="Joanna-Neural",
        parameters={"customer": "C-1042", "note": 'say "hi" & <bye>'},
        before=[Spoken("One moment.")],
    )
    assert document == (
        f'{DECLARATION}<Response><Say>One moment.</Say><Connect action="/voice/agent-ended?s=1"><ConversationRelay'
        f' dtmfDetection="true" language="en-US" url="{SOCKET}" voice="Joanna-Neural"'
        ' welcomeGreeting="Hello, how can I help?"><Parameter name="customer" value="C-1042" />'
        '<Parameter name="note" value="say &quot;hi&quot; &amp; &lt;bye&gt;" /></ConversationRelay></Connect>'
        "</Response>"
    )


def test_a_relay_without_options_is_short() -> None:
    assert conversation_relay(SOCKET, action="/voice/agent-ended", dtmf=False) == (
        f'{DECLARATION}<Response><Connect action="/voice/agent-ended"><ConversationRelay url="{SOCKET}" /></Connect>'
        "</Response>"
    )


def test_an_agent_is_connected_by_a_two_way_stream() -> None:
    assert stream(SOCKET, action="/voice/agent-ended", parameters={"call": "1"}) == (
        f'{DECLARATION}<Response><Connect action="/voice/agent-ended"><Stream url="{SOCKET}">'
        '<Parameter name="call" value="1" /></Stream></Connect></Response>'
    )


@pytest.mark.parametrize(
    "url", ["ws://agent.example.com/", "https://agent.example.com/", f"{SOCKET}?token=1", "wss://"]
)
def test_an_agent_is_reached_by_a_secure_socket_without_a_query(url: str) -> None:
    with pytest.raises(DocumentError, match="wss://"):
        stream(url, action="/voice/agent-ended")


def test_a_redirect_goes_at_once_or_after_a_pause() -> None:
    assert redirect("/voice/call") == f"{DECLARATION}<Response><Redirect>/voice/call</Redirect></Response>"
    assert redirect("/voice/call?a=1&b=2", after_seconds=3, before=[Spoken("Please wait.")]) == (
        f'{DECLARATION}<Response><Say>Please wait.</Say><Pause length="3" />'
        "<Redirect>/voice/call?a=1&amp;b=2</Redirect></Response>"
    )
