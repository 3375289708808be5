"""Reads the call log: one call, or pages of calls, newest first. For console, API and command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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


class CallReader:
    """`client` is the patient one, with decoded answers. Its errors (redis.RedisError) go to the caller."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def get(self, call_sid: str) -> CallRecord | None:
        """None when there is no such call; ValueError when that is no CallSid."""
        found = self._read([call_sid])
        return found[0] if found else None

    def page(self, cursor: str | None = None, count: int = PAGE) -> Page:
        """Newest first. The cursor is the start of the last call shown and its identity, so no call is shown twice."""
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
        following = f"{pairs[-1][1]:.0f}:{pairs[-1][0]}" if more and pairs else None
        return Page(tuple(self._read([sid for sid, _ in pairs])), following)

    def all_since(self, at_ms: int, most: int = 100_000) -> Iterator[CallRecord]:
        """The calls that began since then, newest first, read in pages."""
        sids = [
            str(sid)
            for sid in self._client.zrange(keys.calls(), "+inf", at_ms, desc=True, byscore=True, offset=0, num=most)
        ]
        for start in range(0, len(sids), 200):
            yield from self._read(sids[start : start + 200])

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
