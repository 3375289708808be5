"""What became of each text: sent, delivered or refused, with the code explained, in whatever order Twilio tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redis import Redis

from webapp.messaging.call_notes import delivery_event, note_on_call
from webapp.messaging.catalogue import Explanation
from webapp.messaging.explain import explain
from webapp.store import keys

# How far along a text is. A callback may come late or twice; a lower rank never replaces a higher one.
RANK = {"accepted": 0, "scheduled": 0, "queued": 1, "sending": 2, "sent": 3, "delivered": 9, "undelivered": 9,
        "failed": 9, "canceled": 9, "read": 10}  # fmt: skip
UNKNOWN_RANK = 4
FINAL_RANK = 9

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
    def is_final(self) -> bool:
        return RANK.get(self.status, UNKNOWN_RANK) >= FINAL_RANK

    @property
    def explanation(self) -> Explanation | None:
        return explain(self.code) if self.code else None


def plain_text(text: Text) -> dict[str, Any]:
    """One row of a list, with the code in words."""
    explanation = text.explanation
    return {
        "sid": text.sid, "call_sid": text.call_sid, "to": text.to, "from": text.sender, "purpose": text.purpose,
        "status": text.status, "code": text.code, "explanation": explanation.title if explanation else "",
        "sent_at": text.sent_at,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextPage:
    """`next_cursor` continues after the last one; None at the end."""

    texts: tuple[Text, ...]
    next_cursor: str | None


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
            together.expire(keys.messages(), keys.MESSAGE_SECONDS)
            together.execute()

    def is_news(self, sid: str, status: str) -> bool:
        rank: Any = self._redis.hget(keys.message(sid), "rank")
        return rank is None or int(rank) < RANK.get(status, UNKNOWN_RANK)

    def heard(self, sid: str, status: str, code: str, at: datetime) -> bool:
        """A status callback; False when it changes nothing. An unknown status is kept, below every final one."""
        rank = RANK.get(status, UNKNOWN_RANK)
        key = keys.message(sid)
        return bool(
            self._advance(keys=[key], args=[rank, status[:40], code[:10], at.isoformat(), keys.MESSAGE_SECONDS])
        )

    def tell_call(self, sid: str, now: datetime) -> None:
        """A final status becomes a line of the call, once, whichever of our note and Twilio's callback comes first."""
        text = self.of(sid)
        if text is not None and text.call_sid and text.is_final:
            note_on_call(self._redis, text.call_sid, delivery_event(text.purpose, text.status, code=text.code), now)

    def of(self, sid: str) -> Text | None:
        stored: Any = self._redis.hgetall(keys.message(sid))
        return _text(sid, stored) if stored else None

    def page(self, cursor: str | None = None, count: int = 50) -> TextPage:
        """Newest first. The cursor is the last text shown; one that is not known any more raises ValueError."""
        start = 0
        if cursor is not None:
            place: Any = self._redis.zrevrank(keys.messages(), cursor)
            if place is None:
                raise ValueError("no such text")
            start = int(place) + 1
        sids: Any = self._redis.zrevrange(keys.messages(), start, start + count)
        shown = sids[:count]
        with self._redis.pipeline(transaction=False) as together:
            for sid in shown:
                together.hgetall(keys.message(sid))
            found = together.execute()
        texts = tuple(_text(sid, stored) for sid, stored in zip(shown, found, strict=True) if stored)
        return TextPage(texts, shown[-1] if len(sids) > count else None)


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
