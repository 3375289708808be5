"""Who is rung and what people hear in a simulated call, read from the very documents that Twilio would get."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from webapp.voice.flow import Context
from webapp.voice.screening import introduction
from webapp.voice.state import CallState

RUNG = frozenset({"Number", "Sip"})


def caller_hears(document: str) -> tuple[str, ...]:
    """The texts of every `<Say>`, in order. The document is our own and was parsed before."""
    return tuple(say.text for say in ET.fromstring(document).iter("Say") if say.text)  # noqa: S314


def rings(document: str) -> tuple[str, ...]:
    """The numbers and SIP addresses that the document rings or refers to, in order, without the headers in them."""
    nouns = [noun for verb in ET.fromstring(document) for noun in verb if noun.tag in RUNG]  # noqa: S314  # our own
    return tuple((noun.text or "").partition("?")[0] for noun in nouns)


def called_person_hears(context: Context, state: CallState, screen: str) -> tuple[str, ...]:
    """The whisper before the bridge, and the question when the person has to accept."""
    if screen == "off":
        return ()
    return tuple(spoken.text for spoken in introduction(context, state, asks=screen == "accept"))
