"""The first admin, without a default password: a one-time link made on the machine, or SETUP_TOKEN on a platform."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from redis import Redis

from webapp.people.roles import Role
from webapp.people.users import User, Users
from webapp.store import keys

LINK_LASTS = timedelta(minutes=30)


class SetUpRefusedError(ValueError):
    """The token is wrong, used or too old; the message says how to get a new one."""


class SetUp:
    def __init__(self, redis: Redis, users: Users, *, setup_token: str | None) -> None:
        self._redis = redis
        self._users = users
        self._setup_token = setup_token

    def is_needed(self) -> bool:
        return not self._users.exist()

    def make_link(self, base_url: str) -> str:
        """A link that makes one admin within 30 minutes. Whoever can run a command on the machine may have it."""
        token = secrets.token_urlsafe(24)
        self._redis.set(keys.setup_link(token), "1", ex=LINK_LASTS)
        return f"{base_url.rstrip('/')}/setup?token={token}"

    def accepts(self, token: str) -> bool:
        """Whether this token would do; nothing is used up."""
        if not token:
            return False
        return self._is_setup_token(token) or bool(self._redis.exists(keys.setup_link(token)))

    def create_admin(self, token: str, *, email: str, name: str, password: str) -> User:
        """Use the token up and make the admin. Raises SetUpRefusedError, EmailTakenError or WeakPasswordError."""
        if not self.accepts(token):
            raise SetUpRefusedError(
                "This link was used or is older than 30 minutes. Run `handoff setup-link` for a new one."
            )
        user = self._users.add(email=email, name=name, role=Role.ADMIN, password=password)
        self._redis.delete(keys.setup_link(token))
        return user

    def _is_setup_token(self, token: str) -> bool:
        """SETUP_TOKEN counts only until somebody exists: it stays in the platform's settings for ever."""
        if not self._setup_token or not hmac.compare_digest(self._setup_token.encode(), token.encode()):
            return False
        return self.is_needed()
