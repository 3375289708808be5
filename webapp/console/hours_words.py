"""A set of hours in sentences: open or closed now, the next day that differs, and when the clocks change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handoff_rules.hours_open import CompiledHours
from webapp.console.pictures.strip import Day
from webapp.console.times import spoken

STEP = timedelta(minutes=15)
"""Clocks have only ever changed on a quarter of an hour."""


def state_in_words(compiled: CompiledHours, instant: datetime) -> str:
    answer = compiled.at(instant)
    change = spoken(answer.next_change, compiled.zone, instant) if answer.next_change else ""
    zone = compiled.zone.key
    if answer.open:
        return f"Open now, until {change} ({zone})." if change else f"Open now, always ({zone})."
    because = {"regular": "", "closed_now": ", by hand"}.get(answer.because.kind, f": {answer.because}")
    opens = f". Opens {change}" if change else ""
    return f"Closed now{because}{opens} ({zone})."


def ahead_in_words(days: Sequence[Day], zone: ZoneInfo) -> tuple[str, ...]:
    """What is out of the ordinary on these days, of which the first is today."""
    special = next((day for day in days[1:] if day.because), None)
    said = [] if special is None else [f"Next: {special.in_words} on {special.date:%a %-d %b}{_why(special)}."]
    return (*said, *(note for day in days if (note := clock_change(day, zone))))


def clock_change(day: Day, zone: ZoneInfo) -> str:
    """Which hour does not exist on this day, or comes twice; empty on any other day."""
    at = datetime.combine(day.date, time(), zone).astimezone(UTC) - STEP
    end = datetime.combine(day.date + timedelta(days=1), time(), zone).astimezone(UTC)
    while at < end:
        before, after = at.astimezone(zone), (at + STEP).astimezone(zone)
        moved = (after.utcoffset() or timedelta()) - (before.utcoffset() or timedelta())
        turn = before.replace(tzinfo=None) + STEP
        if moved and turn.date() == day.date:
            return _moved(day, turn, moved)
        at += STEP
    return ""


def _moved(day: Day, turn: datetime, by: timedelta) -> str:
    """`turn`: the local time at which the clocks change, as it was counted until then."""
    first, last = sorted((turn, turn + by))
    forward = by > timedelta()
    what = "does not exist" if forward else "comes twice"
    return (
        f"Clocks go {'forward' if forward else 'back'} on {day.date:%a %-d %b}: {first:%H:%M} to {last:%H:%M} {what}."
    )


def _why(day: Day) -> str:
    return f" ({day.because})" if day.because != day.in_words else ""
