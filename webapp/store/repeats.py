"""A request that comes again under the same key gets the first answer, and happens once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from redis import Redis

from webapp.store import keys

RUNNING_SECONDS = 60
"""A first attempt whose process died gives way after this."""

_CLAIM = """
local found = redis.call('HGETALL', KEYS[1])
if #found > 0 then return found end
redis.call('HSET', KEYS[1], 'request', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return {}
"""


class OtherRequestError(Exception):
    """The key was used for another request."""


class StillRunningError(Exception):
    """The first request with this key has no answer yet."""


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    status: int
    body: str
    headers: dict[str, str]


class Repeats:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def begin(self, owner: str, key: str, request: str) -> FirstAnswer | None:
        """None: go on, this is the first. `request` is a digest of what is asked. Raises what stands in the way."""
        name = keys.idempotency(owner, key)
        flat = cast("list[Any]", self._redis.eval(_CLAIM, 1, name, request, str(RUNNING_SECONDS)))
        found = dict(zip(flat[::2], flat[1::2], strict=True))
        if not found:
            return None
        if found.get("request") != request:
            raise OtherRequestError
        if "body" not in found:
            raise StillRunningError
        return FirstAnswer(int(found["status"]), found["body"], json.loads(found["headers"]))

    def keep(self, owner: str, key: str, answer: FirstAnswer) -> None:
        name = keys.idempotency(owner, key)
        pipeline = self._redis.pipeline(transaction=True)
        fields = {"status": str(answer.status), "body": answer.body, "headers": json.dumps(answer.headers)}
        pipeline.hset(name, mapping=dict[Any, Any](fields))
        pipeline.expire(name, keys.IDEMPOTENCY_SECONDS)
        pipeline.execute()

    def forget(self, owner: str, key: str) -> None:
        """The attempt failed for a passing reason: the next one may try."""
        self._redis.delete(keys.idempotency(owner, key))
