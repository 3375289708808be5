"""Reads the call log: one call, or pages of calls, newest first. For console, API and command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import redis

from webapp.calls.record import CallRecord, read_record
from webapp.store import keys

PAGE = 50


class UnknownCallError(LookupError):
    def __init__(self, call_sid: str) -> None:
        super().__init__(f"There is no call {call_sid[:40]} in the call log.")


@dataclass(frozen=True, slots=True)
class Page:
    """`next_cursor` continues after the last one; None at the end."""

    calls: tuple[CallRecord, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """`total` calls there were; `calls` reads those of `call_sids` as it is asked for them."""

    total: int
    call_sids: tuple[str, ...]
    calls: Iterator[CallRecord]


def cursor_at(at_ms: float, call_sid: str) -> str:
    return f"{at_ms:.0f}:{call_sid}"


MOST_PAGES_READ = 100
"""A token of the sandbox reads past the calls of production, and not without end."""


class CallReader:
    """`client` is the patient one, with decoded answers. Its errors (redis.RedisError) go to the caller."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def get(self, call_sid: str) -> CallRecord | None:
        """None when there is no such call; ValueError when that is no CallSid."""
        found = self._read([call_sid])
        return found[0] if found else None

    def page(
        self, cursor: str | None = None, count: int = PAGE, *, shown: Callable[[CallRecord], bool] = lambda _: True
    ) -> Page:
        """Newest first. The cursor is the start of the last call shown and its identity, so no call is shown twice, and
        those that are not shown are not named."""
        found: list[CallRecord] = []
        scores: dict[str, float] = {}
        position: str | None = cursor
        for _ in range(MOST_PAGES_READ):
            pairs, position = self._pairs(position, count)
            scores.update(pairs)
            found += [record for record in self._read([sid for sid, _ in pairs]) if shown(record)]
            if position is None or len(found) >= count:
                break
        following = None
        if found and (position is not None or len(found) > count):
            last = found[:count][-1].call_sid
            following = cursor_at(scores[last], last)
        return Page(tuple(found[:count]), following)

    def _pairs(self, cursor: str | None, count: int) -> tuple[list[tuple[str, float]], str | None]:
        """The next CallSids with their starts, and the cursor behind them when there are more."""
        score, _, last = (cursor or "").partition(":")
        highest = f"{float(score)}" if score else "+inf"
        rows = self._client.zrange(
            keys.calls(), highest, "-inf", desc=True, byscore=True, offset=0, num=count + 50, withscores=True
        )
        pairs = [(str(sid), float(at)) for sid, at in cast(list[tuple[str, float]], rows)]
        if last:
            position = next((index + 1 for index, (sid, _) in enumerate(pairs) if sid == last), 0)
            pairs = pairs[position:]
        more = len(pairs) > count
        pairs = pairs[:count]
        following = cursor_at(pairs[-1][1], pairs[-1][0]) if more and pairs else None
        return pairs, following

    def all_since(self, at_ms: int, most: int = 100_000) -> Iterator[CallRecord]:
        """The calls that began since then, newest first, read in pages."""
        return self._each(self._sids_since(at_ms, most))

    def sample(self, since: datetime, most: int) -> Sample:
        """At most `most` of the calls that began since then, evenly spread over the time."""
        sids = self._sids_since(int(since.timestamp() * 1000), 100_000)
        step = max(len(sids) / most, 1)
        chosen = tuple(sids[int(place * step)] for place in range(min(len(sids), most)))
        return Sample(len(sids), chosen, self._each(chosen))

    def _sids_since(self, at_ms: int, most: int) -> list[str]:
        found = self._client.zrange(keys.calls(), "+inf", at_ms, desc=True, byscore=True, offset=0, num=most)
        return [str(sid) for sid in cast("list[str]", found)]

    def _each(self, sids: Sequence[str]) -> Iterator[CallRecord]:
        for start in range(0, len(sids), 50):
            yield from self._read(sids[start : start + 50])

    def _read(self, call_sids: Sequence[str]) -> list[CallRecord]:
        if not call_sids:
            return []
        pipeline = self._client.pipeline(transaction=False)
        for call_sid in call_sids:
            pipeline.hgetall(keys.call(call_sid))
            pipeline.hgetall(keys.call_variables(call_sid))
            pipeline.hgetall(keys.call_timeline(call_sid))
        answers = pipeline.execute()
        rows = zip(call_sids, answers[::3], answers[1::3], answers[2::3], strict=True)
        records = (read_record(sid, call, told, timeline) for sid, call, told, timeline in rows)
        return [record for record in records if record is not None]
