"""The health of a destination: repeated failures pause it for a bounded time, after which it is tried again by itself.

The idea is that of GOV.UK Notify with its providers: count within a window, react once and then wait, come back in
steps. A line that is busy or declines is healthy: only an attempt that could not be made counts against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from handoff_rules.outcomes import Outcome

REACHED = frozenset(
    {Outcome.ANSWERED, Outcome.REFERRED, Outcome.BUSY, Outcome.NO_ANSWER, Outcome.DECLINED, Outcome.MACHINE}
)
"""The destination's side said something, so it is there. What is neither here nor FAILED says nothing about it."""


@dataclass(frozen=True, slots=True)
class HealthLimits:
    """`threshold` failures within `window_seconds`, and at least half of what happened in it, pause a destination.

    The first pause is `pause_seconds`; each one that follows is twice as long, up to `longest_pause_seconds`, until
    none has begun for `forget_seconds`. After a pause the next attempt decides: reached is healthy, failed is a pause.
    No other one is made until it has decided, or for `trial_seconds`: failures are often known sooner than answers, and
    many attempts at once would show a healthy destination by its few failures. After `longest_trial_seconds` in which
    nothing was told (a REFER that nobody confirms), attempts are made as before.
    """

    window_seconds: float = 300
    threshold: int = 3
    pause_seconds: float = 30
    longest_pause_seconds: float = 300
    forget_seconds: float = 1800
    most_results: int = 20
    trial_seconds: float = 15
    longest_trial_seconds: float = 60


DEFAULT_LIMITS = HealthLimits()


@dataclass(frozen=True, slots=True)
class Health:
    """What is remembered of a destination. Times are seconds since 1970; `results` are (time, reached), in order.

    `pauses`: how many there were in a row, which sets the length of the next one. `on_trial`: nobody was reached since
    the last pause; the next attempt decides, unless the pause is so long ago that it is forgotten.
    """

    results: tuple[tuple[float, bool], ...] = ()
    paused_until: float = 0
    pauses: int = 0
    on_trial: bool = False

    def to_plain(self) -> dict[str, Any]:
        return {
            "results": [[at, reached] for at, reached in self.results],
            "paused_until": self.paused_until,
            "pauses": self.pauses,
            "on_trial": self.on_trial,
        }

    @classmethod
    def from_plain(cls, document: Mapping[str, Any]) -> Health:
        """Back from `to_plain`. What cannot be read is a fresh health: a store must not be able to stop calls."""
        try:
            return cls(
                tuple((float(at), bool(reached)) for at, reached in document["results"]),
                float(document["paused_until"]),
                max(0, int(document["pauses"])),
                bool(document["on_trial"]),
            )
        except (KeyError, TypeError, ValueError):
            return cls()


def record(
    health: Health, outcome: Outcome, at: datetime, limits: HealthLimits = DEFAULT_LIMITS, *, talked_seconds: float = 0
) -> Health:
    """The health after one more attempt that ended at `at` (aware). Reports that come during a pause change nothing.

    `talked_seconds` before that the destination was reached: the end of a long conversation says nothing about now.
    """
    now = at.timestamp()
    if (outcome not in REACHED and outcome is not Outcome.FAILED) or is_failing(health, at, limits):
        return health
    reached = outcome in REACHED
    known_at = now - talked_seconds if reached else now
    if health.on_trial and known_at < health.paused_until <= now:
        return health
    forgotten = now - health.paused_until > limits.forget_seconds
    if forgotten:
        health = replace(health, pauses=0, on_trial=health.on_trial and not reached)
    if health.on_trial and not forgotten:
        return replace(health, results=((known_at, True),), on_trial=False) if reached else _pause(health, now, limits)
    results = sorted((*health.results, (known_at, reached)))
    recent = tuple(result for result in results if result[0] > now - limits.window_seconds)
    health = replace(health, results=recent[-limits.most_results :])
    failures = sum(not reached for _, reached in health.results)
    too_many = failures >= limits.threshold and failures * 2 >= len(health.results)
    return _pause(health, now, limits) if too_many and not reached else health


def _pause(health: Health, now: float, limits: HealthLimits) -> Health:
    seconds = min(limits.pause_seconds * 2 ** min(health.pauses, 30), limits.longest_pause_seconds)
    return Health((), now + seconds, health.pauses + 1, on_trial=True)


def is_failing(health: Health, at: datetime, limits: HealthLimits = DEFAULT_LIMITS) -> bool:
    """True while the pause lasts. It always ends by itself, whatever the store or the clock of another worker says."""
    left = health.paused_until - at.timestamp()
    return 0 < left <= limits.longest_pause_seconds


def is_on_trial(health: Health, at: datetime, limits: HealthLimits = DEFAULT_LIMITS) -> bool:
    """True after a pause until somebody is reached: one attempt at a time shows whether the destination is back."""
    return health.on_trial and 0 <= at.timestamp() - health.paused_until <= limits.longest_trial_seconds


def change(before: Health, after: Health) -> Literal["failing", "recovered"] | None:
    """What to write into the log after `record`: that a destination is paused now, or that it answers again."""
    if after.pauses > before.pauses:
        return "failing"
    return "recovered" if before.on_trial and not after.on_trial else None
