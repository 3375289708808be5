"""Twilio's verbs and nouns as a table (docs/voice/twiml): attributes and their values, allowed children, content.

What is not in this table is not TwiML that the stand-in plays: it is reported as a violation. Conferences, queues
and payments are left out, because nothing here uses them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.stand_in.values import (
    BOOLEAN,
    CALL_EVENTS,
    CALLER_ID,
    DIGITS_TO_SEND,
    LANGUAGE,
    METHOD,
    RECORDING_EVENTS,
    RING_TONES,
    TEXT,
    URL,
    VOICE,
    WEB_SOCKET,
    Check,
    at_most,
    matching,
    one_of,
    some_of,
    whole,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One element. `text`: none, optional or required; `children` are the elements that may stand inside it."""

    attributes: Mapping[str, Check] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: str = "none"
    required: frozenset[str] = frozenset()
    most_children: int = 100
    longest_text: int = 4096


def names(words: str) -> frozenset[str]:
    return frozenset(words.split())


RECORDING = {
    "recordingStatusCallback": URL,
    "recordingStatusCallbackMethod": METHOD,
    "recordingStatusCallbackEvent": RECORDING_EVENTS,
    "recordingConfigurationId": at_most(100),
}
LEG = {  # what Number, Sip and Client have in common
    "url": URL,
    "method": METHOD,
    "statusCallback": URL,
    "statusCallbackMethod": METHOD,
    "statusCallbackEvent": CALL_EVENTS,
}
MACHINE_DETECTION = {
    "machineDetection": one_of("Enable DetectMessageEnd"),
    "machineDetectionTimeout": whole(3, 60),
    "machineDetectionSpeechThreshold": whole(1000, 6000),
    "machineDetectionSpeechEndThreshold": whole(500, 5000),
    "machineDetectionSilenceTimeout": whole(2000, 10_000),
    "amdStatusCallback": URL,
    "amdStatusCallbackMethod": METHOD,
}
NAMED_VALUE = Rule({"name": at_most(128), "value": lambda value: len(value) <= 4096}, required=names("name value"))
ANY_DTMF_SPEECH = one_of("none dtmf speech any true false")

VERBS: Mapping[str, Rule] = {
    "Response": Rule(children=names("Say Play Pause Gather Record Dial Refer Hangup Reject Redirect Connect Start")),
    "Say": Rule({"voice": VOICE, "language": LANGUAGE, "loop": whole(0, 1000)}, text="required"),
    "Play": Rule({"loop": whole(0, 1000), "digits": DIGITS_TO_SEND}, text="optional"),
    "Pause": Rule({"length": whole(1, 600)}),
    "Hangup": Rule(),
    "Reject": Rule({"reason": one_of("rejected busy")}),
    "Redirect": Rule({"method": METHOD}, text="optional"),
    "Dial": Rule(
        {
            "action": URL,
            "method": METHOD,
            "answerOnBridge": BOOLEAN,
            "callerId": CALLER_ID,
            "callReason": at_most(50),
            "hangupOnStar": BOOLEAN,
            "record": one_of(
                "do-not-record record-from-answer record-from-ringing record-from-answer-dual record-from-ringing-dual "
                "true false"
            ),
            **RECORDING,
            "recordingTrack": one_of("inbound outbound both"),
            "referUrl": URL,
            "referMethod": METHOD,
            "ringTone": RING_TONES,
            "timeLimit": whole(1, 14_400),
            "timeout": whole(5, 600),
            "trim": one_of("trim-silence do-not-trim"),
            "sequential": BOOLEAN,
        },
        children=names("Number Sip Client"),
        text="optional",
        most_children=10,
    ),
    "Number": Rule(
        {**LEG, **MACHINE_DETECTION, "sendDigits": DIGITS_TO_SEND, "byoc": matching(r"BY[0-9a-f]{32}")},
        text="required",
        longest_text=40,
    ),
    "Sip": Rule(
        {**LEG, **MACHINE_DETECTION, "username": at_most(256), "password": at_most(256)},
        text="required",
        longest_text=1400,
    ),
    "Client": Rule(LEG, text="required", longest_text=256),
    "Refer": Rule({"action": URL, "method": METHOD}, children=names("ReferSip"), most_children=1),
    "ReferSip": Rule(text="required", longest_text=1400),
    "Gather": Rule(
        {
            "action": URL,
            "method": METHOD,
            "actionOnEmptyResult": BOOLEAN,
            "input": some_of("dtmf speech"),
            "timeout": whole(1, 600),
            "speechTimeout": matching(r"auto|[0-9]{1,3}"),
            "finishOnKey": matching(r"[0-9#*]?"),
            "numDigits": whole(1, 100),
            "language": LANGUAGE,
            "speechModel": matching(r"[A-Za-z0-9_\-]{1,60}"),
            "hints": at_most(10_000),
            "profanityFilter": BOOLEAN,
            "enhanced": BOOLEAN,
            "partialResultCallback": URL,
            "partialResultCallbackMethod": METHOD,
        },
        children=names("Say Play Pause"),
    ),
    "Record": Rule(
        {
            "action": URL,
            "method": METHOD,
            "timeout": whole(0, 600),
            "finishOnKey": matching(r"[0-9*#]*"),
            "maxLength": whole(2, 14_400),
            "playBeep": BOOLEAN,
            "trim": one_of("trim-silence do-not-trim"),
            **RECORDING,
            "transcribe": BOOLEAN,
            "transcribeCallback": URL,
        }
    ),
    "Connect": Rule({"action": URL, "method": METHOD}, children=names("ConversationRelay Stream"), most_children=1),
    "ConversationRelay": Rule(
        {
            "url": WEB_SOCKET,
            "welcomeGreeting": TEXT,
            "welcomeGreetingInterruptible": ANY_DTMF_SPEECH,
            "language": LANGUAGE,
            "ttsLanguage": LANGUAGE,
            "transcriptionLanguage": LANGUAGE,
            "ttsProvider": one_of("ElevenLabs Google Amazon"),
            "voice": VOICE,
            "transcriptionProvider": one_of("Deepgram Google"),
            "speechModel": at_most(60),
            "interruptible": ANY_DTMF_SPEECH,
            "interruptSensitivity": one_of("high medium low"),
            "dtmfDetection": BOOLEAN,
            "reportInputDuringAgentSpeech": ANY_DTMF_SPEECH,
            "preemptible": BOOLEAN,
            "hints": at_most(10_000),
            "debug": at_most(200),
            "elevenlabsTextNormalization": one_of("on auto off"),
            "intelligenceService": at_most(100),
        },
        children=names("Language Parameter"),
        required=names("url"),
    ),
    "Language": Rule(
        {"code": LANGUAGE, "ttsProvider": TEXT, "voice": VOICE, "transcriptionProvider": TEXT, "speechModel": TEXT},
        required=names("code"),
    ),
    "Parameter": NAMED_VALUE,
    "Stream": Rule(
        {
            "url": WEB_SOCKET,
            "track": one_of("inbound_track outbound_track both_tracks"),
            "name": at_most(100),
            "statusCallback": URL,
            "statusCallbackMethod": METHOD,
        },
        children=names("Parameter"),
        required=names("url"),
    ),
    "Start": Rule({"action": URL, "method": METHOD}, children=names("Stream Recording"), most_children=1),
    "Recording": Rule(
        {
            **RECORDING,
            "trim": one_of("trim-silence do-not-trim"),
            "track": one_of("inbound outbound both"),
            "channels": one_of("mono dual"),
        }
    ),
}

ON_THE_FAR_LEG = names("Say Play Gather Hangup")
"""What a whisper or screening document may hold; `<Dial>` there is error 13201 (docs/voice/twiml/number)."""

LAST_WORDS = names("Hangup Reject Redirect")
"""Verbs after these are never reached."""
