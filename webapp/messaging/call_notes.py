"""What became of a call's text, as lines of the call's own timeline."""

from __future__ import annotations

import json
from datetime import datetime

from redis import Redis

from webapp.calls.timeline import AFTER_ALL, Event, Kind
from webapp.store import keys

NOT_SENT = "not_sent"
"""Beside Twilio's own statuses: the worker did not send it."""
UNCLEAR = "unclear"
"""The worker sent it and got no answer, and Twilio did not show its list afterwards either."""


def note_on_call(redis: Redis, call_sid: str, event: Event, now: datetime) -> None:
    """The first word under the event's identity stays: what is done again after a crash tells the call nothing new."""
    timeline = keys.call_timeline(call_sid)
    if redis.exists(timeline):  # a call whose log has expired gets no line that would stay for ever
        redis.hsetnx(timeline, event.id, json.dumps(event.stored(int(now.timestamp() * 1000))))


def delivery_event(purpose: str, status: str, *, code: str = "", why: str = "") -> Event:
    """The last word on a text: Twilio's final status with its error code, or ours with our reason."""
    raw = {"MessageStatus": status, "ErrorCode": code} if status not in (NOT_SENT, UNCLEAR) else {}
    detail = {
        "purpose": purpose,
        "status": status,
        "why": why,
        "raw": {name: said for name, said in raw.items() if said},
    }
    return Event(f"text:{purpose}:delivery", Kind.TEXT, AFTER_ALL - 1, 2, detail)
