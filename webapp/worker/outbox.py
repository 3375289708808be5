"""The outbox: what must still be done, in one Redis sorted set, so that no process has to live for it.

A job is taken under a lease (a time in the future as its score); a worker that dies lets the lease run out and the
next one takes it over. A job's identity is its idempotency key: adding it a second time, or again within a week after
it was finished, changes nothing. What a handler must know after a crash, it notes on the job before it acts.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from redis import Redis

from webapp.store import keys
from webapp.store.key_parts import digest

LEASE = timedelta(seconds=60)
"""How soon the job of a worker that died is taken over; one that lives renews the lease while it works."""

ADD = """
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
redis.call('HSET', KEYS[2], 'kind', ARGV[2], 'payload', ARGV[3], 'state', 'waiting', 'attempts', 0, 'added', ARGV[5])
redis.call('ZADD', KEYS[1], ARGV[4], ARGV[1])
return 1
"""
LEASE_JOB = """
local due = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not due or tonumber(due) > tonumber(ARGV[2]) then return {} end
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('ZREM', KEYS[1], ARGV[1]) return {} end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], 'lease', ARGV[4])
redis.call('HINCRBY', KEYS[2], 'attempts', 1)
return redis.call('HGETALL', KEYS[2])
"""
NOTE = """
if redis.call('HGET', KEYS[2], 'lease') ~= ARGV[2] then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], 'notes', ARGV[4])
return 1
"""
RENEW = """
if redis.call('HGET', KEYS[2], 'lease') ~= ARGV[2] then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
"""
LATER = """
if redis.call('HGET', KEYS[2], 'lease') ~= ARGV[2] then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], 'why', ARGV[4])
redis.call('HDEL', KEYS[2], 'lease')
return 1
"""
FINISH = """
if redis.call('HGET', KEYS[2], 'lease') ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[2], 'state', ARGV[3], 'why', ARGV[4])
redis.call('HDEL', KEYS[2], 'lease')
redis.call('EXPIRE', KEYS[2], ARGV[5])
return 1
"""


@dataclass(frozen=True, slots=True)
class Job:
    """`notes` is what earlier attempts wrote down; `lease` proves that the job is still ours."""

    identity: str
    kind: str
    payload: Mapping[str, Any]
    attempts: int
    notes: Mapping[str, Any]
    lease: str


class LeaseLostError(Exception):
    """Another worker has taken the job over: this one must not act any more."""


class Outbox:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._add, self._lease, self._note, self._renew, self._later, self._finish = (
            redis.register_script(script) for script in (ADD, LEASE_JOB, NOTE, RENEW, LATER, FINISH)
        )

    def add(self, kind: str, key: str, payload: Mapping[str, Any], *, due: datetime) -> bool:
        """False when the job is known already, waiting or finished. `key` tells jobs of one kind apart."""
        identity = identity_of(kind, key)
        arguments: list[str | float] = [
            identity,
            kind,
            json.dumps(payload),
            due.timestamp(),
            datetime.now(UTC).timestamp(),
        ]
        return bool(self._add(keys=self._keys(identity), args=arguments))

    def take(self, now: datetime) -> Job | None:
        """The job that has been due longest, leased to us; None when nothing is due."""
        due: Any = self._redis.zrangebyscore(keys.outbox(), "-inf", now.timestamp(), start=0, num=10)
        for identity in due:
            lease = secrets.token_hex(8)
            until = (now + LEASE).timestamp()
            flat = self._lease(keys=self._keys(identity), args=[identity, now.timestamp(), until, lease])
            if flat:
                return _job(identity, dict(zip(flat[::2], flat[1::2], strict=True)), lease)
        return None

    def note(self, job: Job, notes: Mapping[str, Any], now: datetime) -> None:
        """Write down what the next attempt must know, before acting. Raises LeaseLostError when the job is not ours."""
        until = (now + LEASE).timestamp()
        if not self._note(keys=self._keys(job.identity), args=[job.identity, job.lease, until, json.dumps(notes)]):
            raise LeaseLostError(job.identity)

    def renew(self, job: Job, now: datetime) -> bool:
        """The job stays ours for another LEASE. False when somebody else has it."""
        until = (now + LEASE).timestamp()
        return bool(self._renew(keys=self._keys(job.identity), args=[job.identity, job.lease, until]))

    def put_back(self, job: Job, *, due: datetime, why: str) -> bool:
        """Try again at `due`. False when somebody else has the job."""
        return bool(self._later(keys=self._keys(job.identity), args=[job.identity, job.lease, due.timestamp(), why]))

    def finish(self, job: Job, *, state: str = "done", why: str = "") -> bool:
        """The job is over, `done` or `failed`; its record stays a week, so that it is not done again."""
        arguments: list[str | float] = [job.identity, job.lease, state, why, keys.FINISHED_JOB_SECONDS]
        return bool(self._finish(keys=self._keys(job.identity), args=arguments))

    def state_of(self, kind: str, key: str) -> Mapping[str, str]:
        """The stored record of a job (state, why, attempts), empty when it is not known."""
        stored: Any = self._redis.hgetall(keys.job(identity_of(kind, key)))
        return dict(stored)

    def waiting(self) -> int:
        counted: Any = self._redis.zcard(keys.outbox())
        return int(counted)

    def oldest_due(self) -> datetime | None:
        """When the most overdue job was to be done; doctor looks at it."""
        first: Any = self._redis.zrange(keys.outbox(), 0, 0, withscores=True)
        return datetime.fromtimestamp(first[0][1], UTC) if first else None

    @staticmethod
    def _keys(identity: str) -> list[str]:
        return [keys.outbox(), keys.job(identity)]


def adding(kind: str, key: str, payload: Mapping[str, Any], *, due: datetime) -> tuple[str | float | int, ...]:
    """`Outbox.add` as one command for a path that waits for nothing; it may be sent again without a second effect."""
    identity = identity_of(kind, key)
    return (
        "EVAL", ADD, 2, keys.outbox(), keys.job(identity),
        identity, kind, json.dumps(payload), due.timestamp(), datetime.now(UTC).timestamp(),
    )  # fmt: skip


def identity_of(kind: str, key: str) -> str:
    """`send-text` and a CallSid become one identifier; whatever is not plain or too long is hashed."""
    plain = f"{kind}-{key}".lower()
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,62}", plain):
        return plain
    return f"{kind[:20]}-{digest(key)[:40]}"


def _job(identity: str, stored: Mapping[str, str], lease: str) -> Job:
    return Job(
        identity=identity,
        kind=stored.get("kind", ""),
        payload=json.loads(stored.get("payload", "{}")),
        attempts=int(stored.get("attempts", 1)),
        notes=json.loads(stored.get("notes", "{}")),
        lease=lease,
    )
