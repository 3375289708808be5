"""Sign in: count the guess, check the password, begin a session. One answer for every way to fail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import structlog

from webapp.people.limits import GuessCounter, limits_for
from webapp.people.passwords import is_right
from webapp.people.sessions import Sessions
from webapp.people.users import User, Users

log = structlog.get_logger(__name__)


class Refusal(StrEnum):
    WRONG = "wrong"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Begun:
    user: User
    token: str


class SignIn:
    """Raises `redis.RedisError` when the store does not answer: no password is evaluated then."""

    def __init__(self, users: Users, sessions: Sessions, counter: GuessCounter) -> None:
        self._users = users
        self._sessions = sessions
        self._counter = counter

    def attempt(
        self, email: str, password: str, *, address: str, agent: str = "", known_device: str | None = None
    ) -> Begun | Refusal:
        """`known_device` is the user id that a signed cookie of an earlier sign-in on this device names."""
        user = self._users.by_email(email)
        device = known_device if user is not None and known_device == user.id else None
        if not self._counter.take(limits_for(email, address, known_device=device)):
            log.warning("sign-in refused: too many guesses", pii_address=address)
            return Refusal.TOO_MANY
        if not is_right(user.password_hash if user and user.enabled else None, password) or user is None:
            log.info("sign-in refused: wrong name or password", pii_address=address)
            return Refusal.WRONG
        return Begun(user, self._sessions.begin(user, address=address, agent=agent))
