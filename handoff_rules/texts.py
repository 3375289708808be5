"""Texts that a call may lead to: one to a caller whom nobody took, one with details to a caller who pressed 1."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from unicodedata import category

from pydantic import Field, StringConstraints

from handoff_rules.model import Language, Model, Voice

LONGEST_TEXT = 320
"""Characters: two messages of the plainest alphabet. A text is a note, not a letter."""
OPT_OUT_NOTE = "Reply STOP to opt out."
"""Put at the end of a text that does not name STOP itself."""
_NAMES_STOP = re.compile(
    r"\bSTOP\b|(?i:\b(?:reply|respond|answer|send|text|write)(?:\s+(?:back|the|us|with|word))*\s+[\"'“‘]?stop\b)"
)
"""The word in capitals, or what to do with it. A bus stop, or a stop at the desk, tells nobody how to opt out."""

TextBody = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, strip_whitespace=True)]
Prompt = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
NobodyReached = Literal["voicemail", "message", "hung_up", "caller_hung_up"]


class TextBack(Model):
    """Sent to a caller of the phone network whom no person took. `on`: the ends of a call that it follows."""

    body: TextBody
    on: Annotated[tuple[NobodyReached, ...], Field(min_length=1)] = (
        "voicemail", "message", "hung_up", "caller_hung_up",
    )  # fmt: skip


class OfferText(Model):
    """Asked once before the first handoff of a call; key 1 is the consent, whatever else happens means no.

    The handoff goes on in every case. Without a language of its own, `prompt` is spoken like the destination.
    """

    prompt: Prompt
    body: TextBody
    timeout_seconds: int = Field(default=4, ge=1, le=10)
    language: Language | None = None
    voice: Voice | None = None


def consents(digits: str) -> bool:
    """What the caller pressed after the prompt: 1, and nothing else, is a yes."""
    return digits == "1"


def has_control_characters(text: str) -> bool:
    """A line may end with a line feed; every other control character would be shown as a box, or end the text."""
    return any(category(sign) == "Cc" for sign in text.replace("\n", ""))


def with_way_out(text: str) -> str:
    """The text as it is sent: every recipient is told how to get no more of them."""
    return text if _NAMES_STOP.search(text) else f"{text} {OPT_OUT_NOTE}"
