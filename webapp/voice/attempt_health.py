"""What the attempts of real calls say about the health of their destinations, where that decides anything.

Only what the far end of a production call did counts: a test in the sandbox, a lost webhook of ours or a caller ID that
Twilio refused says nothing about the destination.
"""

from __future__ import annotations

from handoff_rules.destinations import Destination
from handoff_rules.outcomes import Outcome
from webapp.calls.health import HealthBoard
from webapp.calls.log import CallLog, Remembered
from webapp.voice import flow
from webapp.voice.outcomes import Attempted
from webapp.voice.state import CallState
from webapp.voice.steps import HandOff, Step


class AttemptHealth:
    def __init__(self, health: HealthBoard, log: CallLog) -> None:
        self._health = health
        self._log = log

    def begins(self, step: Step, environment: str) -> None:
        """A document goes out that rings somebody."""
        if isinstance(step, HandOff) and _counts(step.destination, environment):
            self._health.trying(step.destination.id)

    def picked_up(self, call_sid: str, destination: Destination | None, state: CallState) -> None:
        """Somebody or something answered: known long before the conversation ends."""
        if destination is not None and _counts(destination, state.environment):
            self._record(call_sid, destination, state, Outcome.ANSWERED)

    def ended(
        self, call_sid: str, context: flow.Context, state: CallState, attempted: Attempted, found: Remembered | None
    ) -> None:
        """A repeated webhook is not counted again."""
        destination = context.configuration.destination_by_id.get(state.destination or "")
        if destination is None or not _counts(destination, context.environment):
            return
        is_repeated = found is not None and not found.is_first
        if not is_repeated and attempted.by_far_end and not context.refused_caller_id:
            self._record(call_sid, destination, state, attempted.outcome, attempted.talked_seconds)

    def _record(
        self, call_sid: str, destination: Destination, state: CallState, outcome: Outcome, talked_seconds: int = 0
    ) -> None:
        attempt = f"{call_sid}:{state.attempt}"
        if paused := self._health.record(destination.id, outcome, attempt, talked_seconds):
            self._log.tell_failing(destination.id, paused)


def _counts(destination: Destination, environment: str) -> bool:
    return destination.skip_when_failing and environment == "production"
