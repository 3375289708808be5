"""What the production calls of the last 24 hours say about each destination and rule."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from redis import Redis

from handoff_rules.facts import Facts
from handoff_rules.outcomes import Ends
from handoff_rules.stored_facts import facts_from_store
from webapp.calls.log import DESTINATION_OF
from webapp.calls.summary import ends_of
from webapp.store import keys

DAY = timedelta(hours=24)
MOST_CALLS, MOST_FACTS = 2_000, 300
"""The newest calls of the day that are looked at: a page must answer in time, and says when there were more."""
KEPT_SECONDS = 30.0
TOOK_IT = frozenset({Ends.ANSWERED.value, Ends.REFERRED.value})
FEWEST, SHARE = 3, 0.5
"""A destination that let most calls go is failing; of fewer calls than these nothing is said."""


@dataclass(slots=True)
class Handed:
    """`calls` went to the destination, `finished` have a result there, `answered` of these found somebody."""

    calls: int = 0
    finished: int = 0
    answered: int = 0

    @property
    def percent(self) -> int | None:
        return round(100 * self.answered / self.finished) if self.finished else None

    @property
    def is_failing(self) -> bool:
        return self.finished >= FEWEST and self.answered < SHARE * self.finished


@dataclass(slots=True)
class Hits:
    """How many calls the rule decided, and when the newest of them began."""

    calls: int = 0
    last: datetime | None = None


@dataclass(slots=True)
class Traffic:
    """`is_whole` False: the day had more than these `calls`, and only the newest were looked at."""

    calls: int = 0
    is_whole: bool = True
    destinations: dict[str, Handed] = field(default_factory=dict)
    rules: dict[str, Hits] = field(default_factory=dict)

    def handed(self, destination: str) -> Handed:
        return self.destinations.get(destination, Handed())

    def hits(self, rule: str) -> Hits:
        return self.rules.get(rule, Hits())

    def add(self, started: datetime, stored: Mapping[str, str | None]) -> None:
        """Count one call. Only the last destination can have taken it: the ladder ends there."""
        self.calls += 1
        if rule := stored.get("rule"):
            hits = self.rules.setdefault(rule, Hits())
            hits.calls += 1
            hits.last = max(hits.last or started, started)
        path = _path(stored)
        for place, destination in enumerate(path, start=1):
            handed = self.destinations.setdefault(destination, Handed())
            handed.calls += 1
            is_last, ends = place == len(path), ends_of(stored)
            handed.finished += bool(ends) or not is_last
            handed.answered += is_last and ends in TOOK_IT


class TrafficReader:
    """Raises `redis.RedisError` when the store does not answer. A picture is kept for KEPT_SECONDS in this process."""

    def __init__(self, redis: Redis, clock: Callable[[], datetime], *, kept_seconds: float = KEPT_SECONDS) -> None:
        self._redis = redis
        self._clock = clock
        self._kept_seconds = kept_seconds
        self._kept: tuple[float, Traffic] | None = None
        self._lock = threading.Lock()

    def last_day(self) -> Traffic:
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] > self._kept_seconds:
                self._kept = (time.monotonic(), self._read())
            return self._kept[1]

    def facts(self) -> list[Facts]:
        """How the newest calls of the day were decided, at most MOST_FACTS; what cannot be read is left out."""
        rows = self._newest(MOST_FACTS)
        stored = self._each(("HMGET", keys.call(sid), "environment", "facts") for sid, _ in rows)
        return [facts for environment, text in stored if environment != "sandbox" for facts in _facts(text)]

    def _read(self) -> Traffic:
        rows = self._newest(MOST_CALLS)
        traffic = Traffic(is_whole=len(rows) < MOST_CALLS)
        stored = self._each(("HGETALL", keys.call(sid)) for sid, _ in rows)
        for (_, at_ms), call in zip(rows, stored, strict=True):
            if call and call.get("environment") != "sandbox":
                traffic.add(datetime.fromtimestamp(at_ms / 1000, UTC), call)
        return traffic

    def _newest(self, most: int) -> list[tuple[str, float]]:
        first = int((self._clock() - DAY).timestamp() * 1000)
        found = self._redis.zrevrangebyscore(keys.calls(), "+inf", first, start=0, num=most, withscores=True)
        return cast("list[tuple[str, float]]", found)

    def _each(self, commands: Iterable[tuple[str, ...]]) -> list[Any]:
        with self._redis.pipeline(transaction=False) as pipe:
            for command in commands:
                pipe.execute_command(*command)
            return pipe.execute()


def _path(stored: Mapping[str, str | None]) -> list[str]:
    """The destinations in the order of their attempts; each attempt has a field of its own."""
    attempts = {
        int(number): str(name)
        for field_name, name in stored.items()
        if field_name.startswith(DESTINATION_OF) and (number := field_name[len(DESTINATION_OF) :]).isdecimal() and name
    }
    return [attempts[number] for number in sorted(attempts)]


def _facts(text: str | None) -> list[Facts]:
    try:
        return [facts_from_store(json.loads(text or "")["decision"])]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
