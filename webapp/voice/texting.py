"""Texts in the flow of a call: whether one is offered, what an answer means, and when a missed call gets one. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination
from handoff_rules.outcomes import Ends
from handoff_rules.texts import OfferText
from webapp.calls.text_wish import JOB, Purpose, TextWish, WishedText
from webapp.calls.timeline import Event, Kind
from webapp.store.connection import Command
from webapp.voice.steps import HangUp, Offer, Speak, Step, TakeMessage
from webapp.voice.variables import PHONE
from webapp.worker.outbox import adding

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
ENDS_OF: Mapping[type[Step], Ends] = {TakeMessage: Ends.VOICEMAIL, Speak: Ends.MESSAGE}


def can_be_texted(over: str, variables: Mapping[str, str]) -> bool:
    """Only the number that the phone network vouches for: a SIP caller may name anybody as From."""
    return over == PHONE and E164.fullmatch(variables.get("caller_id", "")) is not None


def offer_of(destination: Destination) -> Offer | None:
    """The question before the handoff, in the destination's language and voice unless it has its own."""
    offer = destination.offer_text
    if offer is None:
        return None
    voice = offer.voice or (destination.voice if offer.language is None else None)
    return Offer(offer, destination.id, offer.language or destination.language, voice)


def offered(step: Offer, attempt: int) -> Event:
    return Event("offered", Kind.OFFERED, attempt, detail={"destination": step.destination, "consented": None})


def agreed(offer: OfferText, attempt: int, version: str) -> tuple[TextWish, tuple[Event, ...]]:
    """The caller pressed 1: the wish, and the consent in the timeline with the version whose prompt was heard."""
    answer = Event("offered:answer", Kind.OFFERED, attempt, 1, {"consented": True, "version": version})
    return TextWish(Purpose.DETAILS, offer.body, offer.prompt), (answer, asked(Purpose.DETAILS, attempt))


def refused(attempt: int) -> tuple[Event, ...]:
    return (Event("offered:answer", Kind.OFFERED, attempt, 1, {"consented": False}),)


def text_back(configuration: Configuration, step: Step) -> TextWish | None:
    """What is sent when the call ends with this step, None for most."""
    wanted = configuration.text_back
    ends = step.ends if isinstance(step, HangUp) else ENDS_OF.get(type(step))
    if wanted is None or ends is None or ends.value not in wanted.on:
        return None
    return TextWish(Purpose.MISSED, wanted.body)


def asked(purpose: Purpose, attempt: int) -> Event:
    return Event(f"text:{purpose}", Kind.TEXT, attempt, detail={"purpose": purpose.value})


def job(wish: TextWish, filled: Callable[[str], str], call_sid: str, at: datetime, version: str) -> Command:
    """The command that puts the wish into the outbox, where the worker judges it; `filled` fills in the variables."""
    text = WishedText(call_sid, wish.purpose, filled(wish.body), at, version, filled(wish.prompt))
    return adding(JOB, text.key, text.to_payload(), due=text.due)
