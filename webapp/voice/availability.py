"""Why a destination would not be rung at all: closed, failing, outside the policy, or not for this kind of leg."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from handoff_rules import ladder
from handoff_rules.destinations import Destination
from handoff_rules.hours_open import CompiledHours
from handoff_rules.outcomes import Outcome
from webapp.voice import methods

if TYPE_CHECKING:
    from webapp.voice.flow import Context


def unavailable(context: Context) -> ladder.Availability:
    """What the ladder asks of each destination before it rings it."""

    def obstacle(destination: Destination) -> ladder.Unavailable | None:
        schedule = context.compiled.hours.get(destination.hours) if destination.hours else None
        if schedule is not None and not schedule.is_open(context.at):
            why = f"it is outside {schedule.hours.name}{_why(schedule, context.at)}"
            return ladder.Unavailable(Outcome.CLOSED, why)
        if reason := methods.cannot_serve(destination, context.over):
            return ladder.Unavailable(*reason)
        if fault := methods.route_fault(destination, context.configuration):
            return ladder.Unavailable(Outcome.BLOCKED, fault)
        if destination.skip_when_failing and destination.id in context.failing:
            return ladder.Unavailable(
                Outcome.FAILED, "it has been failing and is passed over for a while", may_ring=True
            )
        return None

    return obstacle


def _why(schedule: CompiledHours, at: datetime) -> str:
    """Because of what, when it is not the week's own hours, and when it opens next, in the schedule's own time."""
    answer = schedule.at(at)
    named = {"regular": "", "closed_now": ", which is closed by hand"}
    because = named.get(answer.because.kind, f" because of {answer.because}")
    opens = answer.next_opens
    return because + (f" until {opens.astimezone(schedule.zone):%a %Y-%m-%d %H:%M}" if opens else "")
