"""With a real phone: which calls meet the sandbox, and whether one has just come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from webapp.calls.summary import Summary
from webapp.calls.wanted import Wanted
from webapp.console.needs import needs
from webapp.people.store_away import STORE_AWAY

JUST_NOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class RealCall:
    """`numbers` of ours whose calls meet the sandbox, `callers` whose calls do on any number; `last` is the newest."""

    numbers: Sequence[str]
    callers: Sequence[str]
    last: Summary | None

    @property
    def is_possible(self) -> bool:
        return bool(self.numbers or self.callers)


def real_call() -> RealCall:
    deployment = needs().live.deployment
    numbers = [number for number, about in deployment.numbers.items() if about.environment == "sandbox"]
    return RealCall(numbers, deployment.test_callers, last_test_call())


def last_test_call() -> Summary | None:
    """The newest call to the sandbox of the last minutes; None too while the store does not answer."""
    since = int((needs().clock() - JUST_NOW).timestamp() * 1000)
    try:
        found = needs().calls.find(Wanted(environment="sandbox"), after=since, limit=1)
    except STORE_AWAY:
        return None
    return found.calls[0] if found.calls else None
