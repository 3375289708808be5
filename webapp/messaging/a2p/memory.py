"""What is remembered about the registration in Redis: the last snapshot, the numbers' states, what texts have met."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from redis import Redis
from redis.client import Pipeline

from webapp.messaging.a2p.facts import AccountFacts, Delivery, Registered, Registration
from webapp.store import keys

Kept = TypeVar("Kept")
SNAPSHOT = TypeAdapter(AccountFacts)
REGISTRATION = TypeAdapter(Registration)
DELIVERY = TypeAdapter(Delivery)

# How long a refused text keeps its sender from texting, by Twilio's code. 30035 is a registration that runs and 30034 a
# campaign that is missing as often as one that is a little late; for the others somebody must work for days.
COOL_DOWN = {
    "30032": timedelta(days=1),
    "30033": timedelta(days=1),
    "30034": timedelta(hours=1),
    "30035": timedelta(minutes=10),
}
COOL_DOWN_AGAIN = timedelta(hours=1)

# Twilio's events come at least once and in any order: a field is replaced by something newer alone.
WRITE_IF_NEWER = """
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known and tonumber(cjson.decode(known).order) >= tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
"""

END_IF_OURS = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class RegistrationMemory:
    """One account's. `redis` is the patient client; its errors are the caller's to report."""

    def __init__(self, redis: Redis, account_sid: str) -> None:
        self._redis = redis
        self._account = account_sid
        self._write_if_newer = redis.register_script(WRITE_IF_NEWER)
        self._end_if_ours = redis.register_script(END_IF_OURS)

    def snapshot(self) -> AccountFacts | None:
        """The last snapshot, up to a week old; None when there is none or it was written by another version."""
        stored: Any = self._redis.get(keys.a2p(self._account))
        return _read(SNAPSHOT, stored)

    def keep_snapshot(self, facts: AccountFacts) -> None:
        self._redis.set(keys.a2p(self._account), SNAPSHOT.dump_json(facts), ex=keys.A2P_SECONDS)

    def begin_refresh(self, token: str, seconds: int) -> bool:
        """True for the one reader; its turn ends by itself when the reader dies."""
        return bool(self._redis.set(keys.a2p_refresh(self._account), token, nx=True, ex=seconds))

    def end_refresh(self, token: str) -> None:
        self._end_if_ours(keys=[keys.a2p_refresh(self._account)], args=[token])

    def registrations(self) -> dict[str, Registration]:
        """By number SID."""
        return self._all(keys.a2p_registrations(self._account), REGISTRATION)

    def note_registration(self, number_sid: str, registration: Registration) -> bool:
        """False when this or something newer is known already. Of two states of one instant the final one wins."""
        rank = 0 if registration.state in (Registered.PENDING, Registered.LEAVING) else 1
        order = int(registration.at.timestamp() * 1000) * 2 + rank
        document = json.loads(REGISTRATION.dump_json(registration)) | {"order": order}
        key = keys.a2p_registrations(self._account)
        return bool(self._write_if_newer(keys=[key], args=[number_sid, json.dumps(document), order]))

    def deliveries(self) -> dict[str, Delivery]:
        """By sender."""
        return self._all(keys.a2p_deliveries(self._account), DELIVERY)

    def delivery(self, sender: str) -> Delivery:
        stored: Any = self._redis.hget(keys.a2p_deliveries(self._account), sender)
        return _read(DELIVERY, stored) or Delivery()

    def note_delivered(self, sender: str, at: datetime) -> None:
        def change(known: Delivery) -> Delivery:
            is_newer = known.delivered_at is None or known.delivered_at < at
            return replace(known, delivered_at=at) if is_newer else known

        self._change_delivery(sender, change)

    def note_blocked(self, sender: str, code: str, at: datetime, *, text: str = "") -> Delivery:
        """Trips the breaker of one sender (30032 to 30035), once for each text; again within a day it stays longer."""

        def change(known: Delivery) -> Delivery:
            if text and known.blocked_on == text:
                return known
            pause = COOL_DOWN.get(code, COOL_DOWN_AGAIN)
            if known.blocked_by == code and known.blocked_at is not None and at - known.blocked_at < timedelta(days=1):
                pause = max(pause, COOL_DOWN_AGAIN)
            return Delivery(known.delivered_at, at, code, at + pause, text)

        return self._change_delivery(sender, change)

    def _change_delivery(self, sender: str, change: Callable[[Delivery], Delivery]) -> Delivery:
        """Reports of one sender come at once: what one changes, another does not overwrite."""
        key = keys.a2p_deliveries(self._account)

        def together(pipeline: Pipeline) -> Any:
            stored: Any = pipeline.hget(key, sender)
            changed = change(_read(DELIVERY, stored) or Delivery())
            pipeline.multi()
            pipeline.hset(key, sender, DELIVERY.dump_json(changed))
            return changed

        kept: Any = self._redis.transaction(together, key, value_from_callable=True)
        found: Delivery = kept
        return found

    def _all(self, key: str, reader: TypeAdapter[Kept]) -> dict[str, Kept]:
        stored: Any = self._redis.hgetall(key)
        read = ((name, _read(reader, text)) for name, text in stored.items())
        return {name: value for name, value in read if value is not None}


def _read(reader: TypeAdapter[Kept], stored: str | bytes | None) -> Kept | None:
    if stored is None:
        return None
    try:
        return reader.validate_python(_without_order(json.loads(stored)))
    except (ValidationError, ValueError):
        return None


def _without_order(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "order"}


def utc_now() -> datetime:
    return datetime.now(UTC)
