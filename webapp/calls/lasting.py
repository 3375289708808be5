"""How long a call rang and how long people talked, as far as the events of its timeline say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handoff_rules.outcomes import Outcome
from webapp.calls.timeline import Event, Kind

PICKED_UP = (":in-progress", ":answered")
"""How the id of a leg's event ends when the leg was picked up: the CallStatus that Twilio told."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """Seconds; None where nothing said it. `ring` runs from the first handoff to the answer, or to the last refusal."""

    ring: float | None = None
    talk: float | None = None


def lasting(events: Sequence[Event]) -> Lasting:
    began = min((event.at_ms for event in events if event.kind is Kind.HANDED_OFF and event.at_ms), default=0)
    outcomes = [event for event in events if event.kind is Kind.OUTCOME and event.at_ms]
    if not began or not outcomes:
        return Lasting()
    last = outcomes[-1]
    if last.detail.get("outcome") != Outcome.ANSWERED:
        return Lasting(_seconds(began, last.at_ms))
    talk = _talk(last)
    picked_up = _picked_up(events, last.attempt) or (last.at_ms - int(talk * 1000) if talk is not None else 0)
    return Lasting(_seconds(began, picked_up) if picked_up else None, talk)


def _talk(outcome: Event) -> float | None:
    """`DialCallDuration`: the seconds that the dialled leg was up (twilio.com/docs/voice/twiml/dial#action)."""
    raw = outcome.detail.get("raw")
    said = str(raw.get("DialCallDuration", "")) if isinstance(raw, dict) else ""
    return float(said) if said.isascii() and said.isdigit() and len(said) < 7 else None


def _picked_up(events: Sequence[Event], attempt: int) -> int:
    legs = (event for event in events if event.kind is Kind.LEG and event.attempt == attempt)
    return min((event.at_ms for event in legs if event.id.endswith(PICKED_UP) and event.at_ms), default=0)


def _seconds(start_ms: int, end_ms: int) -> float:
    return max(end_ms - start_ms, 0) / 1000
