"""What the caller meets next: the values between the decision and the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from handoff_rules.destinations import Destination, Header, Voicemail
from handoff_rules.intake import ConversationRelayIntake, MenuIntake, SipAgentIntake, StreamIntake
from handoff_rules.outcomes import Ends
from handoff_rules.texts import OfferText
from webapp.calls.text_wish import TextWish
from webapp.calls.timeline import Event
from webapp.voice.methods import Plan
from webapp.voice.state import CallState


@dataclass(frozen=True, slots=True)
class Meet:
    """Ask before deciding. `again` is true when the caller said nothing that helps the first time."""

    intake: MenuIntake | ConversationRelayIntake | StreamIntake | SipAgentIntake
    again: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Ask whether the caller wants a text, then hand off whatever the answer is."""

    offer: OfferText
    destination: str
    language: str
    voice: str | None


class HandOff(NamedTuple):
    """Pass the call on. `headers` and `utterance` already hold the rule's overrides."""

    destination: Destination
    plan: Plan
    headers: tuple[Header, ...]
    utterance: str
    reason: str


@dataclass(frozen=True, slots=True)
class TakeMessage:
    voicemail: Voicemail
    language: str
    voice: str | None


@dataclass(frozen=True, slots=True)
class Speak:
    text: str
    language: str
    voice: str | None


@dataclass(frozen=True, slots=True)
class HangUp:
    ends: Ends


Step = Meet | Offer | HandOff | TakeMessage | Speak | HangUp


class Turn(NamedTuple):
    """One answer to Twilio: the step, the state that its callbacks carry, and what to write down.

    `text` is what the worker is asked to send; nothing of the call waits for it.
    """

    step: Step
    state: CallState
    events: tuple[Event, ...] = ()
    text: TextWish | None = None
