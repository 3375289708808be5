"""What Twilio refused, in our words where the catalogue knows its code: for pages, API, commands and jobs."""

from __future__ import annotations

from webapp.messaging.catalogue import Explanation
from webapp.messaging.explain import explain
from webapp.twilio_rest.errors import TwilioRequestError


def explanation_of(error: TwilioRequestError) -> Explanation | None:
    """None for an error without a code of Twilio's, and for a code that the catalogue does not know."""
    found = explain(error.code) if error.code is not None else None
    return found if found is not None and found.known else None


def message_of(error: TwilioRequestError) -> str:
    """What went wrong; Twilio's own words where we do not know the code."""
    known = explanation_of(error)
    return f"Twilio says: {known.title} ({known.code})." if known else error.said


def fix_of(error: TwilioRequestError) -> str:
    """One thing to do."""
    if known := explanation_of(error):
        return known.fix[0]
    if error.permanent:
        return "Check the credentials and the request; Twilio's answer is quoted in the message."
    return "Try again in a minute; https://status.twilio.com says whether Twilio has a fault."
