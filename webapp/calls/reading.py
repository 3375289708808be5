"""Reading the call log: lists with filters, one call with its timeline, and counts for the overview."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, cast

from redis import Redis

from handoff_rules.outcomes import Outcome
from webapp.calls.lasting import Lasting, lasting
from webapp.calls.summary import PRESUMED, Summary, decision_variables, ends_of, facts_of, summary_of, version_number
from webapp.calls.timeline import Event, Kind, in_order, read_events
from webapp.calls.wanted import Wanted, summary_if_wanted
from webapp.store import keys

CHUNK = 200
MOST_EXAMINED = 2_000
"""A filtered list looks at so many calls at once, and says where it stopped: a page must answer in time."""


@dataclass(frozen=True, slots=True)
class Ended:
    """When a call began and how it ended: what the overview counts."""

    started: datetime
    ends: str


@dataclass(frozen=True, slots=True)
class Ends:
    """`is_whole` False: there were more calls than were looked at."""

    calls: tuple[Ended, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Handled:
    """`calls` is how many production calls began with each version, by its number.

    `is_whole` False: there were more calls than were looked at.
    """

    calls: Mapping[int, int]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Call:
    """`variables` are what the deciding facts held (secrets hidden) with what agents and the API set on top."""

    summary: Summary
    facts: Mapping[str, Any]
    variables: Mapping[str, str]
    events: tuple[Event, ...]

    @property
    def outcomes(self) -> list[Outcome]:
        return [Outcome(event.detail["outcome"]) for event in self.events if event.kind is Kind.OUTCOME]

    @property
    def has_ended(self) -> bool:
        return any(event.kind is Kind.ENDED for event in self.events) or bool(self.summary.ends)


@dataclass(frozen=True, slots=True)
class Found:
    """Newest first. `next_before` (milliseconds) continues the list; `examined` calls were looked at."""

    calls: tuple[Summary, ...]
    next_before: int | None
    examined: int


@dataclass(slots=True)
class _Search:
    calls: list[Summary] = field(default_factory=list)
    examined: int = 0


class CallReader:
    """Raises `redis.RedisError` when the store does not answer. What is not ours in it is left out, never raised."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def find(self, wanted: Wanted, *, before: int | None = None, after: int | None = None, limit: int = 50) -> Found:
        """One page. Only calls that began before `before` and after `after` (milliseconds) are looked at."""
        search = _Search()
        for started, call in self._newest(wanted, before, after):
            search.examined += 1
            if call is not None:
                search.calls.append(call)
            if len(search.calls) == limit or search.examined == MOST_EXAMINED:
                return Found(tuple(search.calls), started, search.examined)
        return Found(tuple(search.calls), None, search.examined)

    def every(self, wanted: Wanted) -> Iterator[Summary]:
        """All that is wanted, newest first, read as it is asked for: an export ends where the calls end."""
        return (call for _, call in self._newest(wanted) if call is not None)

    def lasting(self, call_sids: Sequence[str]) -> dict[str, Lasting]:
        """How long each of these calls rang and was talked in."""
        with self._redis.pipeline(transaction=False) as pipe:
            for call_sid in call_sids:
                pipe.hgetall(keys.call_timeline(call_sid))
            timelines = pipe.execute()
        return {sid: lasting(in_order(_events(found))) for sid, found in zip(call_sids, timelines, strict=True)}

    def last_to(self, numbers: Collection[str], most: int = 500) -> dict[str, Summary]:
        """The newest call to each of these numbers, as far as the `most` newest calls of all hold one."""
        found: dict[str, Summary] = {}
        for _, call in islice(self._newest(Wanted()), most):
            if call is not None and call.called in numbers:
                found.setdefault(call.called, call)
            if len(found) == len(numbers):
                break
        return found

    def ends_between(self, start: datetime, end: datetime, most: int = MOST_EXAMINED) -> Ends:
        """How the production calls that began in this time ended, newest first; of more than `most` the latest ones."""
        first, last = (int(at.timestamp() * 1000) for at in (start, end))
        rows = cast(
            "list[tuple[str, float]]",
            self._redis.zrevrangebyscore(keys.calls(), last, first, start=0, num=most, withscores=True),
        )
        with self._redis.pipeline(transaction=False) as pipe:
            for call_sid, _ in rows:
                pipe.hmget(keys.call(call_sid), "environment", "ends", PRESUMED)
                pipe.hkeys(keys.call(call_sid))
            values = pipe.execute()
        calls = [
            Ended(
                datetime.fromtimestamp(score / 1000, UTC),
                ends_of({**dict.fromkeys(names), "ends": ends, PRESUMED: presumed}),
            )
            for (_, score), (environment, ends, presumed), names in zip(rows, values[::2], values[1::2], strict=True)
            if environment != "sandbox"
        ]
        return Ends(tuple(calls), len(rows) < most)

    def handled(self, most: int = MOST_EXAMINED) -> Handled:
        """What each version handled, of the `most` newest calls."""
        sids = cast("list[str]", self._redis.zrevrange(keys.calls(), 0, most - 1))
        with self._redis.pipeline(transaction=False) as pipe:
            for call_sid in sids:
                pipe.hmget(keys.call(call_sid), "environment", "version")
            values = pipe.execute()
        numbers = [version_number(str(met or "")) for environment, met in values if environment == "production"]
        return Handled(Counter(int(number) for number in numbers if number.isdecimal()), len(sids) < most)

    def get(self, call_sid: str) -> Call | None:
        """Raises ValueError for what is not a call SID."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.hgetall(keys.call(call_sid))
            pipe.hgetall(keys.call_variables(call_sid))
            pipe.hgetall(keys.call_timeline(call_sid))
            pipe.zscore(keys.calls(), call_sid)
            stored, variables, timeline, started = pipe.execute()
        if not stored and not timeline:
            return None
        summary = summary_of(call_sid, float(started or 0), stored)
        facts = facts_of(stored)
        known = {**decision_variables(facts), **variables}
        return Call(summary, facts, known, tuple(in_order(_events(timeline))))

    def _newest(
        self, wanted: Wanted, before: int | None = None, after: int | None = None
    ) -> Iterator[tuple[int, Summary | None]]:
        """Each call that is looked at, by its start (milliseconds); None stands for one that is not wanted.

        From the first look on the newest call stays the newest: what arrives meanwhile moves nothing.
        """
        ends = [at for at in (before, wanted.until_ms) if at is not None]
        top: str | float = f"({min(ends)}" if ends else "+inf"
        low: str | int = "-inf" if wanted.since_ms is None else wanted.since_ms
        low = low if after is None else f"({after}"
        offset = 0
        while True:
            rows = cast(
                "list[tuple[str, float]]",
                self._redis.zrevrangebyscore(keys.calls(), top, low, start=offset, num=CHUNK, withscores=True),
            )
            if not rows:
                return
            top = rows[0][1] if not offset else top
            for (call_sid, score), values in zip(rows, self._values([sid for sid, _ in rows]), strict=True):
                yield int(score), summary_if_wanted(wanted, call_sid, score, values)
            offset += len(rows)

    def _values(self, call_sids: Sequence[str]) -> list[Mapping[str, str]]:
        with self._redis.pipeline(transaction=False) as pipe:
            for call_sid in call_sids:
                pipe.hgetall(keys.call(call_sid))
            return cast("list[Mapping[str, str]]", pipe.execute())


def _events(timeline: Mapping[str, str]) -> Iterator[Event]:
    for name, text in timeline.items():
        try:
            yield from read_events(name, json.loads(text))
        except (KeyError, ValueError, TypeError):
            continue
