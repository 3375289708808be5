"""How often each error code was seen here, when last, and on which call or text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redis import Redis

from webapp.store import keys

LATEST = 10

# One field per code; a repeated report of the same thing counts once.
SEE = """
local seen = redis.call('HGET', KEYS[1], ARGV[1])
local record = seen and cjson.decode(seen) or {count = 0, on = {}}
for _, sid in ipairs(record.on) do if sid == ARGV[2] then return 0 end end
record.count = record.count + 1
record.last = ARGV[3]
table.insert(record.on, 1, ARGV[2])
while #record.on > tonumber(ARGV[4]) do table.remove(record.on) end
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(record))
return 1
"""


@dataclass(frozen=True, slots=True)
class Sighting:
    """`on` holds the latest SIDs (calls CA…, texts SM…), newest first."""

    code: str
    count: int
    last: str
    on: tuple[str, ...]


class Sightings:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._see = redis.register_script(SEE)

    def note(self, code: str, on: str, at: datetime) -> None:
        """`code` as the catalogue spells it (`30034`, `sip:486`), `on` the SID of the call or text."""
        if code:
            self._see(keys=[keys.error_sightings()], args=_arguments(code, on, at))

    def of(self, code: str) -> Sighting | None:
        stored: Any = self._redis.hget(keys.error_sightings(), code)
        return _read(code, stored) if stored else None

    def all(self) -> Mapping[str, Sighting]:
        stored: Any = self._redis.hgetall(keys.error_sightings())
        return {code: _read(code, record) for code, record in stored.items()}


def plain_sighting(sighting: Sighting | None) -> dict[str, Any]:
    """How often a code was seen here, for programs; a code that was never seen has a count of 0."""
    if sighting is None:
        return {"count": 0, "last": None, "on": []}
    return {"count": sighting.count, "last": sighting.last, "on": list(sighting.on)}


def sighting_command(code: str, on: str, at: datetime) -> tuple[str | int, ...]:
    """The same as a command for whoever writes without waiting, such as a call; it may be repeated."""
    return ("EVAL", SEE, 1, keys.error_sightings(), *_arguments(code, on, at))


def _arguments(code: str, on: str, at: datetime) -> tuple[str | int, ...]:
    return (code[:40], on[:40], at.isoformat(), LATEST)


def _read(code: str, stored: str) -> Sighting:
    record = json.loads(stored)
    return Sighting(code, int(record["count"]), str(record.get("last", "")), tuple(record["on"] or ()))
