"""The first admin, without a default password: a one-time link made on the machine, or SETUP_TOKEN on a platform."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from redis import Redis

from webapp.people.passwords import WeakPasswordError
from webapp.people.roles import Role
from webapp.people.users import EmailRefusedError, SomebodyExistsError, User, Users
from webapp.store import keys

LINK_LASTS = timedelta(minutes=30)
USED = "This link was used or is older than 30 minutes. Run `handoff setup-link` for a new one."
OVERTAKEN = "Somebody was set up a moment ago. Sign in, or run `handoff setup-link` for one more admin."


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
        """Use the token up and make the admin. Raises SetUpRefusedError, EmailRefusedError or WeakPasswordError."""
        if self._is_setup_token(token):
            try:
                return self._users.add_first(email=email, name=name, password=password)
            except SomebodyExistsError as overtaken:
                raise SetUpRefusedError(OVERTAKEN) from overtaken
        with self._used_up(token):
            return self._users.add(email=email, name=name, role=Role.ADMIN, password=password)

    @contextmanager
    def _used_up(self, token: str) -> Iterator[None]:
        """Taken away first, so that of many who come at once one passes; given back, for the rest of its time, when
        what was typed is refused."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.pttl(keys.setup_link(token))
            pipe.getdel(keys.setup_link(token))
            left, found = pipe.execute()
        if found is None or left <= 0:
            raise SetUpRefusedError(USED)
        try:
            yield
        except (EmailRefusedError, WeakPasswordError):
            self._redis.set(keys.setup_link(token), "1", px=left)
            raise

    def _is_setup_token(self, token: str) -> bool:
        """SETUP_TOKEN counts only until somebody exists: it stays in the platform's settings for ever."""
        if not self._setup_token or not hmac.compare_digest(self._setup_token.encode(), token.encode()):
            return False
        return self.is_needed()
