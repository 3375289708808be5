"""What the called person hears before the caller is connected: a whisper, or a question that only a person answers.

Twilio runs these documents on the far leg and takes nothing there but Play, Say, Gather and Hangup
(https://www.twilio.com/docs/voice/twiml/number; another Dial is error 13201). A document that ends connects the two.
"""

from __future__ import annotations

from collections.abc import Sequence

from twilio.twiml.voice_response import Gather, Hangup

from twiml import attribute_values
from twiml.document import document, verb
from twiml.spoken import Spoken, said


def whisper(spoken: Sequence[Spoken]) -> str:
    """Says who is calling and why, to the called person alone, then connects. Raises DocumentError."""
    return document(list(said(spoken)))


def ask_to_accept(spoken: Sequence[Spoken], *, action: str, timeout_seconds: int = 8) -> str:
    """Says `spoken` ("… press 1 to take the call") and posts one key, or none after `timeout_seconds`, to `action`.

    Should `action` not answer, the leg hangs up: voicemail must never count as a person. Raises DocumentError.
    """
    asked = verb(
        Gather,
        "",
        *said(spoken),
        action=attribute_values.callback_url(action, "Gather action"),
        actionOnEmptyResult="true",
        input="dtmf",
        numDigits="1",
        timeout=attribute_values.whole_number(timeout_seconds, 1, 60, "Gather timeout"),
    )
    return document([asked, verb(Hangup)])


def accepted(spoken: Sequence[Spoken] = ()) -> str:
    """The person takes the call: the document ends and Twilio connects the two."""
    return document(list(said(spoken)))


def declined(spoken: Sequence[Spoken] = ()) -> str:
    """The person, or the machine, does not take the call: the far leg ends and the caller's Dial goes to its action."""
    return document([*said(spoken), verb(Hangup)])
