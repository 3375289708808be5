"""The document that is left when everything else failed: prepared at the start, so that it cannot fail later."""

from __future__ import annotations

from twiml.emergency import last_resort_dial, last_resort_words
from webapp.settings import Settings


def last_resort(settings: Settings) -> str:
    """Dial EMERGENCY_DESTINATION when there is one, else say sorry and hang up."""
    if settings.emergency_destination:
        return last_resort_dial(settings.emergency_destination)
    return last_resort_words()
