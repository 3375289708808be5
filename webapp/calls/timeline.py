"""What happened to one call, as events that any order, repetition or delay of webhooks leaves the same.

An event's id is made from what happened, never from when it was told: the first report of an id counts. Events sort
by attempt, then by the phase of the attempt, then by Twilio's own sequence number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class Kind(StrEnum):
    RECEIVED = "received"
    ASKED = "asked"
    GATHERED = "gathered"
    AGENT_ENDED = "agent_ended"
    TRANSFERRED = "transferred"
    DECIDED = "decided"
    OFFERED = "offered"
    HANDED_OFF = "handed_off"
    LEFT_OUT = "left_out"
    LEG = "leg"
    SCREENED = "screened"
    DIALLED_AGAIN = "dialled_again"
    OUTCOME = "outcome"
    PASSED_OVER = "passed_over"
    VOICEMAIL = "voicemail"
    RECORDED = "recorded"
    SPOKEN = "spoken"
    HUNG_UP = "hung_up"
    FALLBACK = "fallback"
    TEXT = "text"
    ENDED = "ended"


TRANSFERS = "transfers"
"""The field among a call's steps that counts how often the API took the call elsewhere."""
GENERATION = 100
"""Each transfer begins a new hundred of attempts, so that nothing of it meets what the call had done before."""
LOST = 50
"""Where a call goes on counting within its hundred when what it had rung before is not known any more; ladders ring at
most twenty."""
AFTER_ALL = 1_000_000
"""The attempt of what comes behind every other event."""


PHASE = {kind: position for position, kind in enumerate(Kind)}


class Event(NamedTuple):
    """`attempt` counts destinations rung, from 1; 0 is before the first. `detail` is plain JSON data."""

    id: str
    kind: Kind
    attempt: int = 0
    sequence: int = 0
    detail: Mapping[str, Any] = {}
    at_ms: int = 0

    def order(self) -> tuple[int, int, int, str]:
        return (self.attempt, PHASE[self.kind], self.sequence, self.id)

    def stored(self, at_ms: int) -> dict[str, Any]:
        return {"kind": self.kind.value, "attempt": self.attempt, "sequence": self.sequence,
                "at": at_ms, "detail": self.detail}  # fmt: skip


def stored_together(events: Iterable[Event], at_ms: int) -> list[dict[str, Any]]:
    """The events of one webhook as one value: the first webhook of its kind writes it, a repeated one changes nothing,
    even when it would decide otherwise by now."""
    return [{"id": event.id, **event.stored(at_ms)} for event in events]


def read_events(name: str, stored: Any) -> list[Event]:
    """One field of the timeline: what one webhook wrote together, or a single event under its own identity."""
    if isinstance(stored, list):
        return [read_event(str(each["id"]), each) for each in stored]
    return [read_event(name, stored)]


def read_event(event_id: str, stored: Mapping[str, Any]) -> Event:
    """Raises KeyError or ValueError when the stored value is not ours; the caller leaves such an event out."""
    return Event(
        event_id, Kind(stored["kind"]), int(stored["attempt"]), int(stored["sequence"]),
        dict(stored["detail"]), int(stored["at"]),
    )  # fmt: skip


def in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=Event.order)
