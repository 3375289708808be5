"""What a person hears, and the two documents that end a call with or without words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Hangup, Say

from twiml import attribute_values
from twiml.document import document, readable, verb

SAY_CHARACTERS = 3_000
"""The smallest limit among Twilio's voices (Polly), error 13521."""
SAY_ENCODED = 4_500
"""The limit on the URL-encoded text, same page: 750 Cyrillic or 500 Chinese characters reach it."""

_SENTENCE_END = re.compile(r"[.!?…;:](?=\s)|[。！？；]")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text to say. `language` as BCP 47 (Twilio's default is en-US), `voice` as Twilio names it."""

    text: str
    language: str | None = None
    voice: str | None = None


def say_and_hang_up(spoken: Sequence[Spoken]) -> str:
    """`<Say>` each text in full, then `<Hangup>`. Texts with nothing to say are left out. Raises DocumentError."""
    return document([*said(spoken), verb(Hangup)])


def hang_up() -> str:
    """`<Hangup>`: ends the call; on a SIP leg this is the BYE that gives the call back to the caller's side."""
    return document([verb(Hangup)])


def said(spoken: Sequence[Spoken]) -> Iterator[TwiML]:
    """The `<Say>` verbs for these texts. One over Twilio's limits becomes several, so that it is heard in full."""
    for words in spoken:
        language = None if words.language is None else attribute_values.language(words.language, "Say language")
        voice = None if words.voice is None else attribute_values.voice(words.voice, "Say voice")
        for piece in _pieces(readable(words.text).strip()):
            yield verb(Say, piece, language=language, voice=voice)


def _pieces(text: str) -> Iterator[str]:
    """The text in parts that one `<Say>` takes, parted after a sentence, else between words, else anywhere."""
    while text:
        end = _fitting(text)
        if end < len(text):
            sentences = [match.end() for match in _SENTENCE_END.finditer(text, 0, end)]
            end = sentences[-1] if sentences else text.rfind(" ", 1, end) if " " in text[1:end] else end
        yield text[:end].rstrip()
        text = text[end:].lstrip()


def _fitting(text: str) -> int:
    """How many leading characters fit in one `<Say>`."""
    if len(text) * 12 <= SAY_ENCODED:  # an emoji, the worst case, encodes to twelve
        return len(text)
    encoded = 0
    for position, character in enumerate(text[:SAY_CHARACTERS]):
        encoded += 1 if character.isascii() and character.isalnum() else 3 * len(character.encode())
        if encoded > SAY_ENCODED:
            return position
    return min(len(text), SAY_CHARACTERS)
