"""How many password guesses are evaluated: counted in this process always, and in Redis for all processes together."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from redis import Redis

from webapp.people.store_away import STORE_AWAY
from webapp.store import keys

log = structlog.get_logger(__name__)
HOUR = 3_600
COUNTED = 50_000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` guesses in an hour for everything that shares `subject`."""

    subject: str
    most: int


def limits_for(email: str, address: str, *, known_device: str | None) -> list[Limit]:
    """The limits one guess must pass.

    A device that has signed in before counts by itself, so that strangers who guess at an account cannot lock its
    owner out. One address alone cannot use up the account's guesses, so that the owner gets in from a fresh address.
    """
    account = email.strip().casefold()
    if known_device:
        return [Limit(f"device {known_device} {account}", 10)]
    return [
        Limit(f"pair {account} {address}", 5),
        Limit(f"account {account}", 10),
        Limit(f"address {address}", 60),
    ]


class GuessCounter:
    """`take` counts a guess and says whether it may be evaluated. It never fails: Redis only makes it stricter."""

    def __init__(self, redis: Redis, now: Callable[[], datetime]) -> None:
        self._redis = redis
        self._now = now
        self._counts: OrderedDict[tuple[str, int], int] = OrderedDict()

    def take(self, limits: list[Limit]) -> bool:
        hour = int(self._now().timestamp()) // HOUR
        subjects = [limit.subject for limit in limits]
        local = [self._count_here(subject, hour) for subject in subjects]
        shared = self._count_everywhere(subjects, hour)
        return all(max(pair) <= limit.most for *pair, limit in zip(local, shared, limits, strict=True))

    def _count_here(self, subject: str, hour: int) -> int:
        count = self._counts.pop((subject, hour), 0) + 1
        self._counts[subject, hour] = count
        # Bounded, the oldest first: a flood of invented names must not cost memory.
        while len(self._counts) > COUNTED:
            self._counts.popitem(last=False)
        return count

    def _count_everywhere(self, subjects: list[str], hour: int) -> list[int]:
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                for subject in subjects:
                    pipe.incr(keys.sign_in_guesses(subject, hour))
                    pipe.expire(keys.sign_in_guesses(subject, hour), HOUR)
                return [int(count) for count in pipe.execute()[::2]]
        except STORE_AWAY as error:
            log.warning("sign-in guesses are counted in this process alone", error=type(error).__name__)
            return [0] * len(subjects)
