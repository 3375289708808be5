"""The people of one store, put together for a process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from redis import Redis

from webapp.people.limits import GuessCounter
from webapp.people.sessions import Sessions
from webapp.people.set_up import SetUp
from webapp.people.sign_in import SignIn
from webapp.people.users import Users
from webapp.settings import Settings
from webapp.store.redis import open_redis


@dataclass(frozen=True, slots=True)
class People:
    users: Users
    sessions: Sessions
    sign_in: SignIn
    set_up: SetUp


def open_people(redis: Redis, clock: Callable[[], datetime], *, setup_token: str | None) -> People:
    users = Users(redis, clock)
    sessions = Sessions(redis, users, clock)
    sign_in = SignIn(users, sessions, GuessCounter(redis, clock))
    return People(users, sessions, sign_in, SetUp(redis, users, setup_token=setup_token))


def people_of(settings: Settings) -> People:
    """The people of the store that these settings name, for commands."""
    token = settings.setup_token.get_secret_value() if settings.setup_token else None
    return open_people(open_redis(settings.store_url), lambda: datetime.now(UTC), setup_token=token)
