"""The document that is left when everything else failed: prepared at the start, so that it cannot fail later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from handoff_rules.caller_id import caller_id_for
from twiml.emergency import last_resort_dial, last_resort_words
from webapp.settings import Settings
from webapp.voice.variables import arrived_over


class LastResort:
    """Dial EMERGENCY_DESTINATION when there is one, else say sorry and hang up."""

    def __init__(self, settings: Settings) -> None:
        self._destination = settings.emergency_destination
        self._prepared = last_resort_dial(self._destination) if self._destination else last_resort_words()

    def document(self, fields: Mapping[str, str], default_caller_id: Callable[[], str | None]) -> str:
        """Never raises. A phone is not dialled with a caller ID that Twilio refuses (13214) where there is another."""
        if self._destination and self._destination.startswith("+"):
            with suppress(Exception):  # a caller ID is worth a try, and no more
                shown = caller_id_for(
                    over=arrived_over(fields), phone=True, caller=fields.get("From", ""), called=fields.get("To", ""),
                    default_caller_id=default_caller_id(),
                )  # fmt: skip
                return last_resort_dial(self._destination, caller_id=shown.value)
        return self._prepared
