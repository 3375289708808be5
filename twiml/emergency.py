"""The documents of last resort: they ask nothing of this program any more, and building one never raises."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Dial, Hangup, Number, Sip

from twiml import attribute_values
from twiml.document import document, verb
from twiml.sip_address import check_sip_uri
from twiml.spoken import Spoken, said, say_and_hang_up

SORRY = Spoken("We are sorry, something went wrong on our side. Please try again later. Goodbye.", "en-US")
FAREWELL = Spoken("Thank you for calling. Goodbye.", "en-US")
"""It must be true after a conversation and after a line that nobody answered: without our action Twilio cannot tell."""

LAST_DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><Response><Say language="en-US">We are sorry, something went wrong on our'
    " side. Please try again later. Goodbye.</Say><Hangup /></Response>"
)
"""What is left when nothing can be built at all."""


def last_resort_dial(
    destination: str,
    *,
    before: Sequence[Spoken] = (),
    after: Sequence[Spoken] = (FAREWELL,),
    caller_id: str | None = None,
    timeout_seconds: int = 30,
) -> str:
    """Says `before`, rings `destination` (E.164 number or SIP URI), says `after`, hangs up. Never raises.

    There is no action and no callback on purpose: the call must get through while this program cannot answer. Words
    or a caller ID that cannot be used are left out; a destination that cannot be rung gives `last_resort_words`.
    """
    attempts = ((before, after, caller_id), (before, after, None), ((), (FAREWELL,), None))
    for words, farewell, caller in attempts:
        with suppress(Exception):  # whatever it is, the caller needs an answer now; the cause is logged where it arose
            return document([*said(words), _dial(destination, caller, timeout_seconds), *said(farewell), verb(Hangup)])
    return last_resort_words(before or (SORRY,))


def last_resort_words(spoken: Sequence[Spoken] = (SORRY,)) -> str:
    """Says `spoken` and hangs up; LAST_DOCUMENT when they cannot be said. Never raises."""
    with suppress(Exception):
        return say_and_hang_up(spoken)
    return LAST_DOCUMENT


def _dial(destination: str, caller_id: str | None, timeout_seconds: int) -> TwiML:
    caller = None if caller_id is None else attribute_values.e164(caller_id, "Dial callerId")
    timeout = attribute_values.whole_number(timeout_seconds, 5, 600, "Dial timeout")
    return verb(
        Dial, "", _target(destination), answerOnBridge="true", callerId=caller, timeLimit="14400", timeout=timeout
    )


def _target(destination: str) -> TwiML:
    if not destination.lower().startswith(("sip:", "sips:")):
        return verb(Number, attribute_values.e164(destination, "Number"))
    check_sip_uri(destination)
    return verb(Sip, destination)
