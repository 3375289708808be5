"""Why a brand, a campaign or a verification was rejected, in our words where the code is known."""

from __future__ import annotations

from webapp.messaging.explain import explain
from webapp.twilio_rest.answers import FieldError


def explained(errors: tuple[FieldError, ...]) -> tuple[FieldError, ...]:
    """The same errors in our words; Twilio's description stays where the code is not known."""
    said = []
    for error in errors:
        known = explain(error.code) if error.code else None
        words = known.title if known and known.known else error.description
        said.append(FieldError(error.code, words or "Twilio gives no reason.", error.fields))
    return tuple(said)


def first_words(errors: tuple[FieldError, ...]) -> str:
    first = next(iter(explained(errors)), None)
    return f"{first.description} ({first.code})" if first else ""
