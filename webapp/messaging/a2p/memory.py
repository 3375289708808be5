"""What is remembered about the registration in Redis: the last snapshot, the numbers' states, what texts have met."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from redis import Redis

from webapp.messaging.a2p.facts import AccountFacts, Delivery, Registered, Registration
from webapp.store import keys

Kept = TypeVar("Kept")
SNAPSHOT = TypeAdapter(AccountFacts)
REGISTRATION = TypeAdapter(Registration)
DELIVERY = TypeAdapter(Delivery)

# How long a refused text keeps its sender from texting, by Twilio's code. 30035 is a registration that runs: minutes
# as a rule. The others need somebody's work; one try a day finds out when it was done.
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
        known = self.delivery(sender)
        if known.delivered_at is None or known.delivered_at < at:
            self._keep_delivery(sender, Delivery(at, known.blocked_at, known.blocked_by, known.blocked_until))

    def note_blocked(self, sender: str, code: str, at: datetime) -> Delivery:
        """Trips the breaker of one sender (30032 to 30035); again within the cool-down makes it longer."""
        known = self.delivery(sender)
        pause = COOL_DOWN.get(code, COOL_DOWN_AGAIN)
        if known.blocked_by == code and known.blocked_at is not None and at - known.blocked_at < timedelta(days=1):
            pause = max(pause, COOL_DOWN_AGAIN)
        tripped = Delivery(known.delivered_at, at, code, at + pause)
        self._keep_delivery(sender, tripped)
        return tripped

    def release(self, sender: str) -> None:
        """Somebody says that it is repaired: the next text may try."""
        known = self.delivery(sender)
        self._keep_delivery(sender, Delivery(known.delivered_at, known.blocked_at, known.blocked_by, None))

    def _keep_delivery(self, sender: str, delivery: Delivery) -> None:
        self._redis.hset(keys.a2p_deliveries(self._account), sender, DELIVERY.dump_json(delivery))

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
