"""The writer equals the Twilio library's, and the gate lets out nothing that Twilio does not document."""

from __future__ import annotations

import inspect as introspection
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml import TwiML
from twilio.twiml.voice_response import Connect, ConversationRelay, Dial, Gather, Refer, Say, VoiceResponse

from tests.twiml.documents import DECLARATION, STATUS
from tests.twiml.hostile import texts
from twiml import (
    MAX_BYTES,
    DocumentError,
    NumberTarget,
    SipTarget,
    Spoken,
    dial,
    gather,
    refer,
    say_and_hang_up,
)
from twiml.allowed import VERBS
from twiml.document import document, inspect, readable, verb

ACTION = "https://handoff.example.com/voice/dial-ended?s=1&leg=2"
XML_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"])).map(readable)

DOCUMENTED = {  # https://www.twilio.com/docs/voice/twiml and the page of each verb below it, read on 2026-11-20
    "Response": "",
    "Say": "voice language loop",
    "Pause": "length",
    "Redirect": "method",
    "Hangup": "",
    "Dial": "action method answerOnBridge callerId callReason hangupOnStar record recordingStatusCallback"
    " recordingStatusCallbackMethod recordingStatusCallbackEvent recordingTrack recordingConfigurationId referUrl"
    " referMethod ringTone timeLimit timeout trim sequential",
    "Number": "sendDigits url method byoc statusCallback statusCallbackMethod statusCallbackEvent machineDetection"
    " machineDetectionTimeout machineDetectionSpeechThreshold machineDetectionSpeechEndThreshold"
    " machineDetectionSilenceTimeout amdStatusCallback amdStatusCallbackMethod",
    "Sip": "username password url method statusCallback statusCallbackMethod statusCallbackEvent machineDetection"
    " machineDetectionTimeout machineDetectionSpeechThreshold machineDetectionSpeechEndThreshold"
    " machineDetectionSilenceTimeout amdStatusCallback amdStatusCallbackMethod",
    "Refer": "action method",
    "Record": "action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback"
    " recordingStatusCallbackMethod recordingStatusCallbackEvent transcribe transcribeCallback"
    " recordingConfigurationId",
    "Gather": "action method actionOnEmptyResult input timeout speechTimeout finishOnKey numDigits language"
    " speechModel hints profanityFilter enhanced partialResultCallback partialResultCallbackMethod",
    "Connect": "action method",
    "ConversationRelay": "url welcomeGreeting welcomeGreetingInterruptible language ttsLanguage transcriptionLanguage"
    " ttsProvider voice transcriptionProvider speechModel interruptible interruptSensitivity dtmfDetection"
    " reportInputDuringAgentSpeech preemptible hints debug elevenlabsTextNormalization intelligenceService",
    "Stream": "url track name statusCallback",
    "Parameter": "name value",
}

BUILDERS: dict[str, Any] = {  # where the library says which attributes a verb or noun takes
    **{"Say": VoiceResponse.say, "Pause": VoiceResponse.pause, "Redirect": VoiceResponse.redirect},
    **{"Dial": VoiceResponse.dial, "Refer": VoiceResponse.refer},
    **{"Record": VoiceResponse.record, "Gather": VoiceResponse.gather, "Connect": VoiceResponse.connect},
    **{"Number": Dial.number, "Sip": Dial.sip, "Stream": Connect.stream, "Parameter": ConversationRelay.parameter},
    "ConversationRelay": Connect.conversation_relay,
}


def camel(name: str) -> str:
    return re.sub(r"_(.)", lambda match: match[1].upper(), name)


@pytest.mark.parametrize("name", VERBS)
def test_every_allowed_attribute_is_one_that_twilio_documents(name: str) -> None:
    assert VERBS[name].attributes <= set(DOCUMENTED[name].split())


@pytest.mark.parametrize("name", BUILDERS)
def test_every_allowed_attribute_is_one_that_twilios_library_knows(name: str) -> None:
    assert VERBS[name].attributes <= {
        camel(parameter) for parameter in introspection.signature(BUILDERS[name]).parameters
    }


def test_our_documents_are_byte_for_byte_what_the_library_writes() -> None:
    response = VoiceResponse()
    response.say("One <moment> & then", language="en-GB", voice="Polly.Amy")
    dialled = response.dial(
        action=ACTION, answer_on_bridge=True, caller_id="+14155550199", time_limit=3600, timeout=20, sequential=True
    )
    callbacks = {"status_callback": STATUS.url, "status_callback_event": "initiated ringing answered completed"}
    dialled.number("+14155550100", send_digits="ww1#", url="/voice/screen?a=1&b=2", **callbacks)
    dialled.sip("sip:d@pbx.example.com?X-A=1&X-B=2", username="u", password='p"<>&', **callbacks)
    assert response.to_xml() == dial(
        [
            NumberTarget(number="+14155550100", status=STATUS, send_digits="ww1#", screen_url="/voice/screen?a=1&b=2"),
            SipTarget(uri="sip:d@pbx.example.com?X-A=1&X-B=2", status=STATUS, username="u", password='p"<>&'),
        ],
        action=ACTION,
        timeout_seconds=20,
        time_limit_seconds=3600,
        caller_id="+14155550199",
        in_order=True,
        before=[Spoken("One <moment> & then", "en-GB", "Polly.Amy")],
    )


def test_a_refer_and_a_question_are_what_the_library_writes_too() -> None:
    response = VoiceResponse()
    response.refer(action=ACTION).sip("sip:alice@example.com?X-A=1&X-B=2")
    assert response.to_xml() == refer("sip:alice@example.com?X-A=1&X-B=2", action=ACTION)
    response = VoiceResponse()
    response.gather(action=ACTION, action_on_empty_result=True, input="dtmf", timeout=5).say("Press 1.")
    assert response.to_xml() == gather([Spoken("Press 1.")], action=ACTION)


def by_the_library(verbs: list[TwiML]) -> str:
    response = VoiceResponse()
    for one in verbs:
        response.append(one)
    written: str = response.to_xml()
    return written


@given(XML_TEXT, XML_TEXT)
def test_any_text_is_written_as_the_library_writes_it(text: str, attribute: str) -> None:
    verbs = [verb(Say, text, voice=attribute), verb(Gather, "", verb(Say, text), hints=attribute)]
    assert document(verbs) == by_the_library(verbs)


def test_hostile_text_is_written_as_the_library_writes_it() -> None:
    for text in map(readable, texts(3_000, seed=2)):
        verbs = [verb(Say, text, voice=text)]
        assert document(verbs) == by_the_library(verbs)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ([verb(Say, "hi", volume="11")], "attribute that is not on the list"),
        ([verb(Dial, "+19005550100", hangupOnStar="true")], "attribute that is not on the list"),
        ([verb(Say, "hi", verb(Dial))], "<Dial> may not stand in <Say>"),
        ([verb(Refer, "", verb(Gather))], "<Gather> may not stand in <Refer>"),
        ([verb(VoiceResponse)], "<Response> may not stand in <Response>"),
        ([verb(Say, "nul \x00")], "not well-formed"),
        ([verb(Say, "half \ud800")], "lone surrogate"),
        ([verb(Say, "x" * MAX_BYTES)], "bytes long"),
    ],
)
def test_a_broken_document_never_leaves(broken: list[TwiML], why: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(why)):
        document(broken)


@pytest.mark.parametrize("text", ["", "<Response>", "<Reponse/>", "<Response/><Response/>", "Hello", "<a:Response/>"])
def test_a_text_that_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        inspect(text)


def test_the_bound_counts_bytes_and_not_characters() -> None:
    room = MAX_BYTES - len(f"{DECLARATION}<Response><Say></Say></Response>")
    inspect(f"{DECLARATION}<Response><Say>{'x' * room}</Say></Response>")
    with pytest.raises(DocumentError, match="bytes long"):
        inspect(f"{DECLARATION}<Response><Say>{'é' * (room // 2 + 1)}</Say></Response>")


def test_more_words_than_a_document_may_hold_are_refused() -> None:
    with pytest.raises(DocumentError, match="shorten the texts"):
        say_and_hang_up([Spoken("word " * 10_000)])
