"""`handoff hours list|show`: a schedule and its text form, whether it is open now, and the two weeks to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from handoff_rules.check_hours import hours_problems
from handoff_rules.hours import Hours
from handoff_rules.hours_open import HORIZON, CompiledHours, StripDay, compile_hours
from handoff_rules.hours_text import text_of, times_of
from webapp.commands._listing import Details, Thing, listing


def details(hours: Thing, document: Thing) -> Details:
    """What the schedule says now and in the next 14 days, by its own clock; comments in front of the YAML."""
    compiled = compile_hours(Hours.model_validate(hours), document.get("time_zone", "UTC"))
    now = datetime.now(UTC)
    days = compiled.strip(now)
    answer = compiled.at(now)
    text = _text(hours)
    warnings = [f"{one.message} {one.fix}" for one in hours_problems(compiled.hours, "", now.date())]
    state: Mapping[str, Any] = {
        "open": answer.open, "because": str(answer.because),
        "next_change": answer.next_change.isoformat() if answer.next_change else None,
        "days": [_plain(day) for day in days], "warnings": warnings,
    }  # fmt: skip
    lines = [
        _told(compiled, now),
        *warnings,
        f"As text: {text}",
        f"The next 14 days, in the time of {compiled.zone.key}:",
    ]
    return Details({"text": text, "state": state}, [*lines, *(_line(day) for day in days)])


def _text(hours: Thing) -> str:
    return text_of(times_of(Hours.model_validate(hours)))


def _told(compiled: CompiledHours, now: datetime) -> str:
    answer = compiled.at(now)
    named = {"regular": "", "closed_now": ", by hand"}
    because = named.get(answer.because.kind, f", because of {answer.because}")
    change = answer.next_change
    when = f"{change.astimezone(compiled.zone):%a %Y-%m-%d %H:%M}" if change else None
    if answer.open:
        return f"Open now{because}, {f'until {when}' if when else 'and it never closes'}."
    never = "by itself" if compiled.hours.closed_now or compiled.never_opens() else f"within {HORIZON.days} days"
    return f"Closed now{because}. {f'It opens next on {when}' if when else f'It does not open {never}'}."


def _line(day: StripDay) -> str:
    spans = ", ".join(f"{span.start}-{span.end}" for span in day.open) or "closed"
    special = "" if day.because.kind == "regular" else f"  ({day.because})"
    return f"  {day.day:%a %Y-%m-%d}  {spans}{special}"


def _plain(day: StripDay) -> Mapping[str, Any]:
    return {"date": day.day.isoformat(), "because": str(day.because),
            "open": [f"{span.start}-{span.end}" for span in day.open]}  # fmt: skip


hours_command = listing(
    "hours",
    "set of hours",
    lambda hours: (hours.get("time_zone", ""), "closed by hand" if hours.get("closed_now") else "", _text(hours)),
    details,
)
