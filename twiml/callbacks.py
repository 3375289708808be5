"""Where Twilio reports what a leg or a recording does: the callback URL and the events that it is told about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from twiml.attribute_values import callback_url
from twiml.errors import DocumentError


class CallEvent(StrEnum):
    """`statusCallbackEvent` of a dialled leg: https://www.twilio.com/docs/voice/twiml/number"""

    INITIATED = "initiated"
    RINGING = "ringing"
    ANSWERED = "answered"
    COMPLETED = "completed"


class RecordingEvent(StrEnum):
    """`recordingStatusCallbackEvent`: https://www.twilio.com/docs/voice/twiml/record"""

    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class StatusCallback:
    """Twilio posts each of `events` of one leg to `url`. All four by default: a timeline with gaps explains nothing."""

    url: str
    events: Sequence[CallEvent] = tuple(CallEvent)

    def attributes(self) -> dict[str, str]:
        return {
            "statusCallback": callback_url(self.url, "statusCallback"),
            "statusCallbackEvent": spaced(self.events, "statusCallbackEvent"),
        }


@dataclass(frozen=True, slots=True)
class RecordingCallback:
    """Twilio posts to `url` when the recording is ready to fetch, or when there is none after all."""

    url: str
    events: Sequence[RecordingEvent] = (RecordingEvent.COMPLETED, RecordingEvent.ABSENT)

    def attributes(self) -> dict[str, str]:
        return {
            "recordingStatusCallback": callback_url(self.url, "recordingStatusCallback"),
            "recordingStatusCallbackEvent": spaced(self.events, "recordingStatusCallbackEvent"),
        }


def spaced(events: Sequence[StrEnum], where: str) -> str:
    """One string with spaces, as Twilio wants it: its library would write a Python list as `['initiated', …]`."""
    if not events:
        raise DocumentError(where, "needs at least one event")
    return " ".join(events)
