"""A document to paste into a TwiML Bin: what callers get when this whole app is down."""

from __future__ import annotations

from twiml.emergency import last_resort_dial, last_resort_words
from twiml.spoken import Spoken
from webapp.setting_checks import number_or_sip_uri


def fallback_document(destination: str | None, words: str = "") -> str:
    """Dial `destination` (an E.164 number or SIP URI), else say the words. It needs nothing of ours to run.

    Raises ValueError for another destination: a typo must not quietly become “nobody answers”.
    """
    if destination:
        try:
            return last_resort_dial(str(number_or_sip_uri(destination)))
        except ValueError as error:
            raise ValueError(f"The destination {error}") from None
    return last_resort_words((Spoken(words),)) if words else last_resort_words()
