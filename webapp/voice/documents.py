"""The only place where a decision becomes a document: a step in, TwiML out, with what could not be sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from handoff_rules.caller_id import CallerID
from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination
from handoff_rules.headers import DroppedHeader, FilledHeader, FilledHeaders, fill_headers
from handoff_rules.variables import substitute
from twiml.callbacks import RecordingCallback, RecordingEvent, StatusCallback
from twiml.dial import NumberTarget, dial
from twiml.record import record
from twiml.refer import refer
from twiml.sip_address import sip_uri
from twiml.spoken import Spoken, hang_up, say_and_hang_up
from webapp import urls
from webapp.urls import PublicURLs
from webapp.voice import intake_documents
from webapp.voice.dial_documents import OfOneCall, dialled
from webapp.voice.methods import Verb
from webapp.voice.shown_number import OurNumbers, shown_number
from webapp.voice.steps import HandOff, HangUp, Meet, Offer, Speak, Step, TakeMessage

PHONE_CARRIES_NO_HEADERS = "a phone number carries no SIP headers"
GOODBYE = "Thank you. Goodbye."


class Setting(NamedTuple):
    """What a document depends on beside the step: where to call back, what is known of the call, what we own.

    `machine_state` is the state for the callback of machine detection, which does not say whose leg it speaks of.
    """

    urls: PublicURLs
    state: str
    configuration: Configuration
    variables: Mapping[str, str]
    over: str
    ours: OurNumbers = OurNumbers()
    sandbox_phone: str | None = None
    own_caller_id: bool = False
    machine_state: str = ""

    @property
    def secrets(self) -> frozenset[str]:
        return self.configuration.secret_variables

    def callback(self, path: str) -> str:
        return self.urls.to(path, self.state)

    def filled(self, text: str) -> str:
        """What is said may name variables; a secret is never spoken."""
        if "$" not in text:
            return text
        spoken = {name: value for name, value in self.variables.items() if name not in self.secrets}
        return substitute(text, spoken).text.strip()


class Document(NamedTuple):
    """The TwiML, the headers that go on the wire, and what was left out and why.

    `verb` is what a handoff became in the end, None for other steps. `failed`: this step cannot be done.
    """

    xml: str
    verb: Verb | None = None
    headers: tuple[FilledHeader, ...] = ()
    dropped: tuple[DroppedHeader, ...] = ()
    caller_id: CallerID | None = None
    failed: str | None = None


def render(step: Step, setting: Setting) -> Document:
    """Raises twiml.errors.DocumentError when the step cannot become a document."""
    match step:
        case HandOff():
            return _hand_off(step, setting)
        case TakeMessage():
            return Document(_voicemail(step, setting))
        case Speak():
            return Document(say_and_hang_up([Spoken(setting.filled(step.text), step.language, step.voice)]))
        case HangUp():
            return Document(hang_up())
        case Meet():
            return Document(intake_documents.meet(step, setting))
        case Offer():
            return Document(intake_documents.offer(step, setting))


def goodbye(language: str, voice: str | None) -> str:
    """After a voicemail. Said in English only where the language is, else the line just closes."""
    if not language.startswith("en"):
        return hang_up()
    return say_and_hang_up([Spoken(GOODBYE, language, voice)])


def _hand_off(step: HandOff, setting: Setting) -> Document:
    if setting.sandbox_phone:
        return _ring_the_sandbox_phone(step, setting, setting.sandbox_phone)
    before = _before(step, setting)
    if step.plan.verb is Verb.HANG_UP:
        return Document(say_and_hang_up(before) if before else hang_up(), Verb.HANG_UP)
    filled = fill_headers(step.headers, setting.variables, secrets=setting.secrets)
    if filled.failed:
        return Document("", dropped=filled.dropped, failed=filled.failed)
    if step.plan.verb is Verb.REFER and step.plan.refer_to:
        uri = sip_uri(step.plan.refer_to, filled.kept)
        xml = refer(uri, action=setting.callback(urls.REFER_ENDED), before=before)
        return Document(xml, Verb.REFER, filled.kept, filled.dropped)
    return _dial(step, setting, filled, before)


def _dial(step: HandOff, setting: Setting, filled: FilledHeaders, before: list[Spoken]) -> Document:
    is_phone_only = step.plan.is_phone_only
    caller = _caller_id(step.destination, setting, phone=step.plan.rings_a_phone)
    call = OfOneCall(setting.state, setting.machine_state, caller.value, () if is_phone_only else filled.kept)
    xml = dialled(
        step.destination, step.plan.routes, setting.urls, call, before=before, is_said_to_all="$" not in step.utterance
    )
    if is_phone_only:
        dropped = (*filled.dropped, *(DroppedHeader(header.name, PHONE_CARRIES_NO_HEADERS) for header in filled.kept))
        return Document(xml, Verb.DIAL, (), dropped, caller)
    return Document(xml, Verb.DIAL, filled.kept, filled.dropped, caller)


def _ring_the_sandbox_phone(step: HandOff, setting: Setting, phone: str) -> Document:
    """A real test in the sandbox rings the tester's phone and never the real desk (DESIGN section 4)."""
    destination = step.destination
    caller = _caller_id(destination, setting, phone=True)
    xml = dial(
        [NumberTarget(number=phone, status=StatusCallback(setting.callback(urls.STATUS)))],
        action=setting.callback(urls.DIAL_ENDED),
        timeout_seconds=destination.ring_seconds,
        time_limit_seconds=destination.time_limit_seconds,
        caller_id=caller.value,
        before=_before(step, setting),
    )
    return Document(xml, Verb.DIAL, caller_id=caller)


def _caller_id(destination: Destination, setting: Setting, *, phone: bool) -> CallerID:
    return shown_number(
        destination, setting.ours, phone=phone, over=setting.over, variables=setting.variables,
        callers_is_refused=setting.own_caller_id,
    )  # fmt: skip


def _before(step: HandOff, setting: Setting) -> list[Spoken]:
    text = setting.filled(step.utterance)
    return [Spoken(text, step.destination.language, step.destination.voice)] if text else []


def _voicemail(step: TakeMessage, setting: Setting) -> str:
    greeting = Spoken(setting.filled(step.voicemail.greeting), step.language, step.voice)
    callback = RecordingCallback(setting.callback(urls.STATUS), (RecordingEvent.COMPLETED, RecordingEvent.ABSENT))
    return record(
        [greeting],
        action=setting.callback(urls.RECORDED),
        max_seconds=step.voicemail.max_seconds,
        recording=callback,
        nothing_recorded_url=setting.callback(urls.RECORDED),
    )
