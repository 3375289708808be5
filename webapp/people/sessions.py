"""Server-side sessions: a random token in the cookie, its hash in Redis, two time limits, revocation at once."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from redis import Redis

from webapp.people.store_away import STORE_AWAY
from webapp.people.users import User, Users
from webapp.store import keys

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
TOUCH_AFTER = timedelta(minutes=1)
REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Session:
    """`id` is the hash of the token: what is stored or shown cannot be used to sign in."""

    id: str
    user_id: str
    epoch: int
    began: datetime
    seen: datetime
    address: str = ""
    agent: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self) | {"began": self.began.isoformat(), "seen": self.seen.isoformat()})

    @classmethod
    def from_json(cls, text: str | bytes) -> Session:
        record = json.loads(text)
        for name in ("began", "seen"):
            record[name] = datetime.fromisoformat(record[name])
        return cls(**record)

    def is_over(self, now: datetime) -> bool:
        return now - self.seen > IDLE or now - self.began > ABSOLUTE


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is asking. `certain` is False while Redis does not answer: this process's memory speaks, for reading only."""

    user: User
    session: Session
    certain: bool = True


class Sessions:
    def __init__(self, redis: Redis, users: Users, now: Callable[[], datetime]) -> None:
        self._redis = redis
        self._users = users
        self._now = now
        self._remembered: OrderedDict[str, SignedIn] = OrderedDict()

    def begin(self, user: User, *, address: str = "", agent: str = "") -> str:
        """A new session for this user; returns the token, which is stored nowhere."""
        token, now = secrets.token_urlsafe(32), self._now()
        session = Session(session_id(token), user.id, user.epoch, now, now, address[:64], agent[:200])
        self._write(session)
        return token

    def who(self, token: str) -> SignedIn | None:
        """Whose token this is. With Redis away: what this process saw last, while the session would have lasted."""
        identifier = session_id(token)
        try:
            found = self._read(identifier)
        except STORE_AWAY:
            remembered = self._remembered.get(identifier)
            alive = remembered is not None and not remembered.session.is_over(self._now())
            return replace(remembered, certain=False) if remembered and alive else None
        self._remember(identifier, found)
        return found

    def of(self, user_id: str) -> list[Session]:
        """Every live session of one user, the latest first."""
        identifiers = [_text(member) for member in self._redis.smembers(keys.user_sessions(user_id))]
        found = [self._redis.get(keys.session(identifier)) for identifier in identifiers]
        gone = [identifier for identifier, record in zip(identifiers, found, strict=True) if record is None]
        if gone:
            self._redis.srem(keys.user_sessions(user_id), *gone)
        return sorted(
            (Session.from_json(record) for record in found if record), key=lambda item: item.seen, reverse=True
        )

    def end(self, identifier: str) -> None:
        record = self._redis.getdel(keys.session(identifier))
        self._remembered.pop(identifier, None)
        if record:
            self._redis.srem(keys.user_sessions(Session.from_json(record).user_id), identifier)

    def end_all(self, user_id: str, *, but: str = "") -> None:
        for session in self.of(user_id):
            if session.id != but:
                self.end(session.id)

    def _read(self, identifier: str) -> SignedIn | None:
        record = self._redis.get(keys.session(identifier))
        if record is None:
            return None
        session, now = Session.from_json(record), self._now()
        user = self._users.get(session.user_id)
        if user is None or not user.enabled or user.epoch != session.epoch or session.is_over(now):
            self.end(identifier)
            return None
        if now - session.seen > TOUCH_AFTER:
            session = replace(session, seen=now)
            self._write(session)
        return SignedIn(user, session)

    def _write(self, session: Session) -> None:
        """Both keys in one round trip; each expires by itself, so that nothing is left of a session that is over."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(keys.session(session.id), session.to_json(), ex=IDLE)
            pipe.sadd(keys.user_sessions(session.user_id), session.id)
            pipe.expire(keys.user_sessions(session.user_id), ABSOLUTE)
            pipe.execute()

    def _remember(self, identifier: str, found: SignedIn | None) -> None:
        if found is None:
            self._remembered.pop(identifier, None)
            return
        self._remembered[identifier] = found
        self._remembered.move_to_end(identifier)
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)


def session_id(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
