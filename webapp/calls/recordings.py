"""What Twilio's words about a recording mean: a message that is there, an empty one, one that was lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from webapp.calls.timeline import Event, Kind

Raw = Mapping[str, Any]
EMPTY = "absent"
LOST = "failed"
"""RecordingStatus (https://www.twilio.com/docs/voice/twiml/record, .../api/recording); `completed` is a file."""


def is_message(raw: Raw) -> bool:
    return bool(raw.get("RecordingUrl")) and raw.get("RecordingStatus") not in (EMPTY, LOST)


def was_lost(raw: Raw) -> bool:
    return raw.get("RecordingStatus") == LOST


def recording_link(detail: Mapping[str, Any]) -> str:
    """Where Twilio keeps the message that an event tells of; "" when there is none."""
    raw = detail.get("raw") or {}
    url = str(raw.get("RecordingUrl", ""))
    return url if is_message(raw) and url.startswith("https://") else ""


def has_message(events: Iterable[Event]) -> bool:
    """Whether the caller left a message that Twilio has: what it says of the file counts more than of the call."""
    told = [event.detail["raw"] for event in events if event.kind is Kind.RECORDED]
    gone = {raw.get("RecordingSid") for raw in told if raw.get("RecordingUrl") and not is_message(raw)}
    return any(is_message(raw) and raw.get("RecordingSid") not in gone for raw in told)
