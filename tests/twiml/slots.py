"""Every place in every document where a value from outside ends up, as a function of that one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.twiml.documents import STATUS
from twiml import (
    Input,
    MachineDetection,
    NumberTarget,
    RecordingCallback,
    SipTarget,
    Spoken,
    StatusCallback,
    accepted,
    ask_to_accept,
    conversation_relay,
    declined,
    dial,
    gather,
    last_resort_dial,
    last_resort_words,
    record,
    redirect,
    refer,
    say_and_hang_up,
    sip_uri,
    stream,
    whisper,
)

Slot = Callable[[str], str]
ACTION = "https://handoff.example.com/voice/dial-ended?s=1.abc.def"
DESK = "sip:desk@pbx.example.com"
SOCKET = "wss://agent.example.com/socket"
RECORDED = RecordingCallback("/voice/status")


def _number(**options: object) -> str:
    values = {"number": "+14155550100", "status": STATUS} | options
    target = NumberTarget(**values)  # type: ignore[arg-type]
    return dial([target], action=ACTION, timeout_seconds=20, time_limit_seconds=60)


def _sip(**options: object) -> str:
    values = {"uri": DESK, "status": STATUS} | options
    target = SipTarget(**values)  # type: ignore[arg-type]
    return dial([target], action=ACTION, timeout_seconds=20, time_limit_seconds=60)


def _dial(**options: object) -> str:
    values = {"action": ACTION, "timeout_seconds": 20, "time_limit_seconds": 60} | options
    return dial([SipTarget(uri=DESK, status=STATUS)], **values)  # type: ignore[arg-type]


def _record(**options: object) -> str:
    values = {"action": ACTION, "max_seconds": 60, "recording": RECORDED} | options
    return record([], **values)  # type: ignore[arg-type]


def _asked(**options: object) -> str:
    values = {"action": ACTION, "inputs": [Input.DTMF, Input.SPEECH]} | options
    return gather([Spoken("Hello?")], **values)  # type: ignore[arg-type]


SPOKEN: Mapping[str, Slot] = {
    "words before a dial": lambda text: _dial(before=[Spoken(text)]),
    "words before a refer": lambda text: refer(DESK, action=ACTION, before=[Spoken(text)]),
    "the last words": lambda text: say_and_hang_up([Spoken(text)]),
    "a voicemail greeting": lambda text: record([Spoken(text)], action=ACTION, max_seconds=60, recording=RECORDED),
    "a menu prompt": lambda text: gather([Spoken(text)], action=ACTION),
    "a whisper": lambda text: whisper([Spoken(text)]),
    "an accept question": lambda text: ask_to_accept([Spoken(text)], action=ACTION),
    "words on accepting": lambda text: accepted([Spoken(text)]),
    "words on declining": lambda text: declined([Spoken(text)]),
    "words before an agent": lambda text: stream(SOCKET, action=ACTION, before=[Spoken(text)]),
    "words before a redirect": lambda text: redirect(ACTION, before=[Spoken(text)]),
    "emergency words": lambda text: last_resort_words([Spoken(text)]),
    "words before an emergency dial": lambda text: last_resort_dial(DESK, before=[Spoken(text)]),
}
"""Any text at all becomes a document."""

FREE: Mapping[str, Slot] = {
    "hints": lambda text: _asked(hints=text),
    "a welcome greeting": lambda text: conversation_relay(SOCKET, action=ACTION, welcome_greeting=text),
    "a relay parameter": lambda text: conversation_relay(SOCKET, action=ACTION, parameters={"note": text}),
    "a stream parameter": lambda text: stream(SOCKET, action=ACTION, parameters={"note": text}),
}
"""The same, in attributes."""

CHECKED: Mapping[str, tuple[str, Slot]] = {
    "Number": ("+14155550100", lambda text: _number(number=text)),
    "Number url": ("/voice/screen", lambda text: _number(screen_url=text)),
    "Number sendDigits": ("ww1#", lambda text: _number(send_digits=text)),
    "statusCallback": ("/voice/status", lambda text: _number(status=StatusCallback(text))),
    "amdStatusCallback": ("/voice/amd", lambda text: _number(machine_detection=MachineDetection(text))),
    "Sip": (DESK, lambda text: _sip(uri=text)),
    "Sip username": ("handoff", lambda text: _sip(username=text, password="x")),
    "Sip password": ("pass", lambda text: _sip(username="handoff", password=text)),
    "Sip header value": ("x", lambda text: _sip(uri=sip_uri(DESK, [("X-Note", text)]))),
    "Sip header name": ("X-Note", lambda text: _sip(uri=sip_uri(DESK, [(text, "x")]))),
    "Dial action": (ACTION, lambda text: _dial(action=text)),
    "Dial callerId": ("Hotel", lambda text: _dial(caller_id=text)),
    "Dial referUrl": ("/voice/referred", lambda text: _dial(refer_url=text)),
    "Dial ringTone": ("us", lambda text: _dial(ring_tone=text)),
    "Refer": (DESK, lambda text: refer(text, action=ACTION)),
    "Refer action": (ACTION, lambda text: refer(DESK, action=text)),
    "Say language": ("en-US", lambda text: say_and_hang_up([Spoken("Hi", language=text)])),
    "Say voice": ("Polly.Amy", lambda text: say_and_hang_up([Spoken("Hi", voice=text)])),
    "Record action": (ACTION, lambda text: _record(action=text)),
    "Record finishOnKey": ("#", lambda text: _record(finish_on_key=text)),
    "Record callback": ("/voice/status", lambda text: _record(recording=RecordingCallback(text))),
    "Record redirect": ("/voice/recorded", lambda text: _record(nothing_recorded_url=text)),
    "Gather action": (ACTION, lambda text: _asked(action=text)),
    "Gather finishOnKey": ("#", lambda text: _asked(finish_on_key=text)),
    "Gather language": ("de-DE", lambda text: _asked(language=text)),
    "Gather speechModel": ("phone_call", lambda text: _asked(speech_model=text)),
    "accept action": (ACTION, lambda text: ask_to_accept([], action=text)),
    "Redirect": (ACTION, redirect),
    "relay url": (SOCKET, lambda text: conversation_relay(text, action=ACTION)),
    "relay action": (ACTION, lambda text: conversation_relay(SOCKET, action=text)),
    "relay language": ("en-US", lambda text: conversation_relay(SOCKET, action=ACTION, language=text)),
    "relay voice": ("Amy", lambda text: conversation_relay(SOCKET, action=ACTION, voice=text)),
    "stream url": (SOCKET, lambda text: stream(text, action=ACTION)),
    "Parameter name": ("note", lambda text: stream(SOCKET, action=ACTION, parameters={text: "x"})),
}
"""A value that follows rules, with one that does: anything else is refused with DocumentError."""
EMERGENCY: Mapping[str, Slot] = {
    "destination": last_resort_dial,
    "caller ID": lambda text: last_resort_dial("+14155550100", caller_id=text),
    "language": lambda text: last_resort_dial("+14155550100", before=[Spoken("Hi", language=text)]),
    "farewell": lambda text: last_resort_dial("+14155550100", after=[Spoken(text)]),
    "words": lambda text: last_resort_words([Spoken(text, language=text, voice=text)]),
}
"""Whatever comes, there is a document, and no error."""
