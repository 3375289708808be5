"""What became of each text: sent, delivered or refused, with the code explained, in whatever order Twilio tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redis import Redis

from webapp.messaging.catalogue import Explanation
from webapp.messaging.explain import explain
from webapp.store import keys

# How far along a text is. A callback may come late or twice; a lower rank never replaces a higher one.
RANK = {"accepted": 0, "scheduled": 0, "queued": 1, "sending": 2, "sent": 3, "delivered": 9, "undelivered": 9,
        "failed": 9, "canceled": 9, "read": 10}  # fmt: skip

# The rank and the status change together or not at all. A callback may even overtake the note that we sent the text.
ADVANCE = """
local rank = redis.call('HGET', KEYS[1], 'rank')
if rank and tonumber(rank) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'rank', ARGV[1], 'status', ARGV[2], 'code', ARGV[3], 'changed', ARGV[4])
if not rank then redis.call('EXPIRE', KEYS[1], ARGV[5]) end
return 1
"""


@dataclass(frozen=True, slots=True)
class Text:
    sid: str
    call_sid: str
    to: str
    sender: str
    purpose: str
    status: str
    code: str
    sent_at: str

    @property
    def explanation(self) -> Explanation | None:
        return explain(self.code) if self.code else None


class TextLog:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._advance = redis.register_script(ADVANCE)

    def sent(self, sid: str, payload: Mapping[str, Any], at: datetime) -> None:
        """Twilio took the text on. That proves nothing about its arrival (30034 comes later, by callback)."""
        key = keys.message(sid)
        fields = {
            "to": str(payload["to"]),
            "from": str(payload["from"]),
            "call_sid": str(payload["call_sid"]),
            "purpose": str(payload["purpose"]),
            "sent_at": at.isoformat(),
        }
        with self._redis.pipeline() as together:
            together.hset(key, items=[part for pair in fields.items() for part in pair])
            together.hsetnx(key, "rank", 1)
            together.hsetnx(key, "status", "queued")
            together.expire(key, keys.MESSAGE_SECONDS)
            together.zadd(keys.messages(), {sid: at.timestamp()})
            together.zremrangebyscore(keys.messages(), "-inf", at.timestamp() - keys.MESSAGE_SECONDS)
            together.execute()

    def heard(self, sid: str, status: str, code: str, at: datetime) -> bool:
        """A status callback; False when it changes nothing. An unknown status is kept, below every final one."""
        rank = RANK.get(status, 4)
        key = keys.message(sid)
        return bool(
            self._advance(keys=[key], args=[rank, status[:40], code[:10], at.isoformat(), keys.MESSAGE_SECONDS])
        )

    def of(self, sid: str) -> Text | None:
        stored: Any = self._redis.hgetall(keys.message(sid))
        return _text(sid, stored) if stored else None

    def latest(self, limit: int = 100) -> tuple[Text, ...]:
        sids: Any = self._redis.zrevrange(keys.messages(), 0, limit - 1)
        return tuple(text for text in map(self.of, sids) if text is not None)


def _text(sid: str, stored: Mapping[str, str]) -> Text:
    return Text(
        sid=sid,
        call_sid=stored.get("call_sid", ""),
        to=stored.get("to", ""),
        sender=stored.get("from", ""),
        purpose=stored.get("purpose", ""),
        status=stored.get("status", ""),
        code=stored.get("code", ""),
        sent_at=stored.get("sent_at", ""),
    )
