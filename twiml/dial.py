"""`<Dial>`: ring one or several targets for the caller, all at once or one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Dial, Number, Sip

from twiml import attribute_values
from twiml.callbacks import StatusCallback
from twiml.document import document, verb
from twiml.errors import DocumentError
from twiml.sip_address import check_sip_uri
from twiml.spoken import Spoken, said

MAX_TARGETS = 10
"""https://www.twilio.com/docs/voice/twiml/dial: up to ten nouns in one Dial."""


class MachineDetectionMode(StrEnum):
    ENABLE = "Enable"
    DETECT_MESSAGE_END = "DetectMessageEnd"


@dataclass(frozen=True, slots=True)
class MachineDetection:
    """Ask Twilio whether a person or a machine answered; it posts `AnsweredBy` to `url` while the leg is up."""

    url: str
    mode: MachineDetectionMode = MachineDetectionMode.ENABLE
    timeout_seconds: int = 30

    def attributes(self) -> dict[str, str]:
        seconds = attribute_values.whole_number(self.timeout_seconds, 3, 60, "machineDetectionTimeout")
        return {
            "machineDetection": self.mode,
            "machineDetectionTimeout": seconds,
            "amdStatusCallback": attribute_values.callback_url(self.url, "amdStatusCallback"),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTarget:
    """A phone number to ring, in E.164. `screen_url` answers what the called person hears before the bridge."""

    number: str
    status: StatusCallback
    send_digits: str | None = None
    screen_url: str | None = None
    machine_detection: MachineDetection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SipTarget:
    """A SIP URI to ring, as `sip_address.sip_uri` writes it. `username` and `password` answer a digest challenge."""

    uri: str
    status: StatusCallback
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    screen_url: str | None = None
    machine_detection: MachineDetection | None = None


Target = NumberTarget | SipTarget


def dial(
    targets: Sequence[Target],
    *,
    action: str,
    timeout_seconds: int,
    time_limit_seconds: int,
    caller_id: str | None = None,
    answer_on_bridge: bool = True,
    in_order: bool = False,
    before: Sequence[Spoken] = (),
    refer_url: str | None = None,
    ring_tone: str | None = None,
) -> str:
    """The document that says `before` in full and then rings 1 to 10 targets.

    `action` is asked for what follows when the ringing or the conversation is over. `timeout_seconds` (5 to 600) is
    how long it rings, `time_limit_seconds` (1 to 14,400) how long people may talk. `caller_id` is an E.164 number as
    soon as a phone number is among the targets; for SIP alone also a name. `in_order` rings one after another.

    `answer_on_bridge` leaves a call that is still unanswered unanswered until somebody takes it: the caller hears the
    real ringing, pays nothing for it, and a SIP caller gets 180 and can still be refused. Words before it answer the
    call; the attribute is written nevertheless, because it also keeps the ringing up while the called person is
    screened and lets a failed transfer by REFER come back (Twilio's Number and "REFER to Twilio" pages).

    Raises DocumentError. Source: https://www.twilio.com/docs/voice/twiml/dial
    """
    if not 1 <= len(targets) <= MAX_TARGETS:
        raise DocumentError("Dial", f"needs 1 to {MAX_TARGETS} targets, got {len(targets)}")
    phone = any(isinstance(target, NumberTarget) for target in targets)
    dialled = verb(
        Dial,
        "",
        *map(_noun, targets),
        action=attribute_values.callback_url(action, "Dial action"),
        timeout=attribute_values.whole_number(timeout_seconds, 5, 600, "Dial timeout"),
        timeLimit=attribute_values.whole_number(time_limit_seconds, 1, 14_400, "Dial timeLimit"),
        answerOnBridge=attribute_values.flag(answer_on_bridge),
        callerId=None if caller_id is None else checked_caller_id(caller_id, phone=phone),
        sequential="true" if in_order and len(targets) > 1 else None,
        referUrl=None if refer_url is None else attribute_values.callback_url(refer_url, "Dial referUrl"),
        ringTone=None if ring_tone is None else attribute_values.ring_tone(ring_tone, "Dial ringTone"),
    )
    return document([*said(before), dialled])


def checked_caller_id(value: str, *, phone: bool) -> str:
    """`phone`: a phone number is among the targets. Raises DocumentError."""
    return (
        attribute_values.e164(value, "Dial callerId") if phone else attribute_values.caller_name(value, "Dial callerId")
    )


def _noun(target: Target) -> TwiML:
    attributes: dict[str, str] = target.status.attributes()
    if target.screen_url is not None:
        attributes["url"] = attribute_values.callback_url(target.screen_url, "screening url")
    if target.machine_detection is not None:
        attributes |= target.machine_detection.attributes()
    if isinstance(target, NumberTarget):
        if target.send_digits:
            attributes["sendDigits"] = attribute_values.digits_to_send(target.send_digits, "Number sendDigits")
        return verb(Number, attribute_values.e164(target.number, "Number"), **attributes)
    if target.username is not None and target.password is not None:
        attributes["username"] = attribute_values.credential(target.username, "Sip username")
        attributes["password"] = attribute_values.credential(target.password, "Sip password")
    check_sip_uri(target.uri)
    return verb(Sip, target.uri, **attributes)
