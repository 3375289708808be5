"""Counters that agree across all processes: counted in Redis, each event once, however often it is reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from redis import Redis

from webapp.calls.timeline import Event, Kind
from webapp.people.store_away import STORE_AWAY
from webapp.store import keys
from webapp.store.connection import Command

# The first report of an event writes it and counts it as one step, so a repeated webhook counts nothing.
_WRITE_AND_COUNT = (
    "if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 1 then "
    "for i = 3, #ARGV do redis.call('HINCRBY', KEYS[2], ARGV[i], 1) end end return 1"
)
SEPARATOR = "|"
"""Stands in no destination id and in no status."""


@dataclass(frozen=True, slots=True)
class Counts:
    """`calls` by Twilio's last word on them, `attempts` by destination and outcome."""

    calls: Mapping[str, int] = field(default_factory=dict)
    attempts: Mapping[tuple[str, str], int] = field(default_factory=dict)


def write_events(timeline: str, name: str, stored: str, events: Sequence[Event]) -> Command:
    """The command that writes events down under one name, and counts those that are counted."""
    counted = [counter for counter in map(_counter_of, events) if counter is not None]
    if not counted:
        return ("HSETNX", timeline, name, stored)
    return ("EVAL", _WRITE_AND_COUNT, 2, timeline, keys.counters(), name, stored, *counted)


def _counter_of(event: Event) -> str | None:
    if event.kind is Kind.OUTCOME:
        return SEPARATOR.join(("attempt", str(event.detail.get("destination")), str(event.detail.get("outcome"))))
    if event.kind is Kind.ENDED:
        return SEPARATOR.join(("call", str(event.detail.get("raw", {}).get("CallStatus", ""))[:20]))
    return None


class Counters:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def read(self) -> Counts | None:
        """None when the store is away."""
        try:
            stored = cast("dict[str, str]", self._redis.hgetall(keys.counters()))
        except STORE_AWAY:
            return None
        parts = [(name.split(SEPARATOR), int(count)) for name, count in stored.items() if count.isdecimal()]
        return Counts(
            {name[1]: count for name, count in parts if name[0] == "call" and len(name) == 2},
            {(name[1], name[2]): count for name, count in parts if name[0] == "attempt" and len(name) == 3},
        )
