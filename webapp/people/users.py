"""Users in Redis: one record each, unique by e-mail address, with a counter that ends old sessions."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from redis import Redis, WatchError

from webapp.people.passwords import hash_password
from webapp.people.roles import Role
from webapp.store import keys

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
"""Enough to catch a slip of the hand; only mail itself could tell the rest. Lengths: RFC 5321, 4.5.3."""


class EmailRefusedError(ValueError):
    """Nobody can be added under this address; the message says why."""


class EmailTakenError(EmailRefusedError):
    """Somebody already has it."""


class NotAnEmailError(EmailRefusedError):
    """It cannot be an e-mail address."""


class SomebodyExistsError(ValueError):
    """The first person has been there already."""


class LastAdminError(ValueError):
    """The change would leave nobody who can manage people."""


@dataclass(frozen=True, slots=True)
class User:
    """`epoch` grows when password or role change or the user is switched off: sessions of before end with it."""

    id: str
    email: str
    name: str
    role: Role
    created_at: datetime
    password_hash: str = field(repr=False)
    enabled: bool = True
    epoch: int = 1

    def to_json(self) -> str:
        return json.dumps(asdict(self) | {"created_at": self.created_at.isoformat()})

    @classmethod
    def from_json(cls, text: str | bytes) -> User:
        record: dict[str, Any] = json.loads(text)
        record["role"] = Role(record["role"])
        record["created_at"] = datetime.fromisoformat(record["created_at"])
        return cls(**record)


class Users:
    """Raises `redis.RedisError` when the store does not answer: the callers say what that means for the person."""

    def __init__(self, redis: Redis, now: Callable[[], datetime]) -> None:
        self._redis = redis
        self._now = now

    def everybody(self) -> list[User]:
        records = self._redis.hvals(keys.users())
        return sorted((User.from_json(record) for record in records), key=lambda user: user.name.casefold())

    def exist(self) -> bool:
        return bool(self._redis.hlen(keys.users()))

    def get(self, user_id: str) -> User | None:
        record = self._redis.hget(keys.users(), user_id)
        return User.from_json(record) if record else None

    def by_email(self, email: str) -> User | None:
        user_id = self._redis.hget(keys.user_emails(), _key(email))
        return self.get(_text(user_id)) if user_id else None

    def add(self, *, email: str, name: str, role: Role, password: str) -> User:
        """Raises EmailRefusedError or WeakPasswordError."""
        user = self._new(email, name, role, password)
        if not self._redis.hsetnx(keys.user_emails(), _key(email), user.id):
            raise EmailTakenError(f"{email.strip()} is already in use.")
        self._redis.hset(keys.users(), user.id, user.to_json())
        return user

    def add_first(self, *, email: str, name: str, password: str) -> User:
        """An admin, if nobody exists at the moment of writing. Raises SomebodyExistsError too."""
        user = self._new(email, name, Role.ADMIN, password)
        with self._redis.pipeline() as pipe:
            pipe.watch(keys.users())
            if pipe.hlen(keys.users()):
                raise SomebodyExistsError
            pipe.multi()
            pipe.hset(keys.user_emails(), _key(email), user.id)
            pipe.hset(keys.users(), user.id, user.to_json())
            try:
                pipe.execute()
            except WatchError as overtaken:
                raise SomebodyExistsError from overtaken
        return user

    def _new(self, email: str, name: str, role: Role, password: str) -> User:
        if not EMAIL.fullmatch(email.strip()):
            raise NotAnEmailError("This is not an e-mail address. One looks like sam@example.com.")
        return User(
            id=f"usr_{secrets.token_hex(6)}",
            email=email.strip(),
            name=name.strip(),
            role=role,
            created_at=self._now(),
            password_hash=hash_password(password),
        )

    def change_role(self, user_id: str, role: Role) -> User:
        return self._change(user_id, lambda user: replace(user, role=role, epoch=user.epoch + 1))

    def change_password(self, user_id: str, password: str) -> User:
        hashed = hash_password(password)
        return self._change(user_id, lambda user: replace(user, password_hash=hashed, epoch=user.epoch + 1))

    def switch(self, user_id: str, *, enabled: bool) -> User:
        return self._change(user_id, lambda user: replace(user, enabled=enabled, epoch=user.epoch + 1))

    def _change(self, user_id: str, change: Callable[[User], User]) -> User:
        """Read, change and write as one step: two admins at work never undo each other, and one admin always stays."""
        with self._redis.pipeline() as pipe:
            while True:
                try:
                    pipe.watch(keys.users())
                    users = {user.id: user for user in map(User.from_json, pipe.hvals(keys.users()))}
                    users[user_id] = changed = change(users[user_id])
                    _keep_an_admin(users.values())
                    pipe.multi()
                    pipe.hset(keys.users(), user_id, changed.to_json())
                    pipe.execute()
                except WatchError:
                    continue
                return changed


def _keep_an_admin(users: Any) -> None:
    if not any(user.enabled and user.role is Role.ADMIN for user in users):
        raise LastAdminError("Make somebody else an admin first: without one, nobody can manage people.")


def _key(email: str) -> str:
    return email.strip().casefold()


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
