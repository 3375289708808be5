"""The verbs, attributes and nesting that may leave this program, as Twilio documents them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Verb(NamedTuple):
    """What one element may carry: its attributes and the elements inside it."""

    attributes: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SPEECH = "language voice"
_MACHINE_DETECTION = "machineDetection machineDetectionTimeout amdStatusCallback"
_TARGET = _names(f"url statusCallback statusCallbackEvent {_MACHINE_DETECTION}")

VERBS: Mapping[str, Verb] = {
    # https://www.twilio.com/docs/voice/twiml
    "Response": Verb(children=_names("Say Pause Redirect Hangup Dial Refer Record Gather Connect")),
    # https://www.twilio.com/docs/voice/twiml/say
    "Say": Verb(_names(_SPEECH)),
    # https://www.twilio.com/docs/voice/twiml/pause, /redirect, /hangup
    "Pause": Verb(_names("length")),
    "Redirect": Verb(),
    "Hangup": Verb(),
    # https://www.twilio.com/docs/voice/twiml/dial, /number, /sip
    "Dial": Verb(
        _names("action answerOnBridge callerId referUrl ringTone sequential timeLimit timeout"), _names("Number Sip")
    ),
    "Number": Verb(_TARGET | {"sendDigits"}),
    "Sip": Verb(_TARGET | {"username", "password"}),
    # https://www.twilio.com/docs/voice/twiml/refer
    "Refer": Verb(_names("action"), _names("Sip")),
    # https://www.twilio.com/docs/voice/twiml/record
    "Record": Verb(
        _names("action finishOnKey maxLength playBeep timeout recordingStatusCallback recordingStatusCallbackEvent")
    ),
    # https://www.twilio.com/docs/voice/twiml/gather
    "Gather": Verb(
        _names(
            "action actionOnEmptyResult finishOnKey hints input language numDigits speechModel speechTimeout timeout"
        ),
        _names("Say"),
    ),
    # https://www.twilio.com/docs/voice/twiml/connect/conversationrelay, /voice/twiml/stream
    "Connect": Verb(_names("action"), _names("ConversationRelay Stream")),
    "ConversationRelay": Verb(_names("dtmfDetection language url voice welcomeGreeting"), _names("Parameter")),
    "Stream": Verb(_names("url"), _names("Parameter")),
    "Parameter": Verb(_names("name value")),
}
