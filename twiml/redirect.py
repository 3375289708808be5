"""`<Redirect>`: go on with another of our own documents, at once or after a pause."""

from __future__ import annotations

from collections.abc import Sequence

from twilio.twiml.voice_response import Pause, Redirect

from twiml import attribute_values
from twiml.document import document, verb
from twiml.spoken import Spoken, said


def redirect(url: str, *, after_seconds: int = 0, before: Sequence[Spoken] = ()) -> str:
    """The document that says `before`, waits `after_seconds` (0 to 600) and fetches `url`.

    A pause that comes first delays the answering of the call (https://www.twilio.com/docs/voice/twiml/pause).
    Raises DocumentError. Source: https://www.twilio.com/docs/voice/twiml/redirect
    """
    seconds = attribute_values.whole_number(after_seconds, 0, 600, "Pause length")
    pause = [verb(Pause, length=seconds)] if after_seconds else []
    return document([*said(before), *pause, verb(Redirect, attribute_values.callback_url(url, "Redirect"))])
