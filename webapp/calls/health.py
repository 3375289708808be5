"""Which destinations fail again and again: what this process saw and what the others told it, for the flow as facts.

Each process counts the attempts that it hears of. The one that finds a destination failing tells the others through
Redis, and they learn it with the next webhook that they serve: it costs no round trip, and calls need none of it.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog

from handoff_rules.health import DEFAULT_LIMITS, Health, change, is_failing, is_on_trial, record
from handoff_rules.outcomes import Outcome

log = structlog.get_logger(__name__)

MOST_REMEMBERED = 1_000
"""Attempts whose outcome was counted: a repeated webhook counts once, also while Redis is away."""


class HealthBoard:
    """Damped and bounded by `handoff_rules.health`; every change of state is in the log."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._health: dict[str, Health] = {}
        self._counted: OrderedDict[str, None] = OrderedDict()
        self._trials: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def record(self, destination: str, outcome: Outcome, attempt: str, talked_seconds: float = 0) -> str | None:
        """Count the outcome of `attempt` (any text that names it), which was known before people talked so long.

        The health to tell others when a pause begins."""
        with self._lock:
            if attempt in self._counted:
                return None
            self._counted[attempt] = None
            if len(self._counted) > MOST_REMEMBERED:
                self._counted.popitem(last=False)
            before = self._health.get(destination, Health())
            after = record(before, outcome, self._clock(), talked_seconds=talked_seconds)
            self._health[destination] = after
            if not after.on_trial:
                self._trials.pop(destination, None)
        changed = change(before, after)
        if changed is not None:
            log.warning("destination health changed", destination=destination, health=changed)
        return json.dumps(after.to_plain()) if changed == "failing" else None

    def learn(self, told: Mapping[str, str]) -> None:
        """Take over the pauses that other processes began; one that is over, or is not readable, says nothing."""
        if not told:
            return
        at = self._clock()
        for destination, text in told.items():
            health = _read(text)
            with self._lock:
                known = self._health.get(destination, Health())
                if is_failing(health, at) and health.paused_until > known.paused_until:
                    self._health[destination] = health

    def trying(self, destination: str) -> None:
        """An attempt begins: while the destination is on trial, no other one does until this one says more."""
        health = self._health.get(destination)
        if health is not None and is_on_trial(health, at := self._clock()):
            self._trials[destination] = at + timedelta(seconds=DEFAULT_LIMITS.trial_seconds)

    def failing(self) -> frozenset[str]:
        """Those that are passed over now."""
        if not self._health:
            return frozenset()
        at = self._clock()
        return frozenset(name for name, health in list(self._health.items()) if self._is_passed_over(name, health, at))

    def _is_passed_over(self, destination: str, health: Health, at: datetime) -> bool:
        trial = self._trials.get(destination)
        return is_failing(health, at) or (trial is not None and at < trial and is_on_trial(health, at))


def _read(text: str) -> Health:
    try:
        return Health.from_plain(json.loads(text))
    except (ValueError, OverflowError, RecursionError):
        return Health()
