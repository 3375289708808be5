"""A real redis-server for the people records, and a clock that the tests move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from webapp.people.limits import GuessCounter
from webapp.people.sessions import Sessions
from webapp.people.set_up import SetUp
from webapp.people.sign_in import SignIn
from webapp.people.users import Users
from webapp.store.embedded import EmbeddedRedis
from webapp.store.redis import open_redis


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 20, 15, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = EmbeddedRedis(tmp_path_factory.mktemp("people"))
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    client = open_redis(redis_url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def away() -> Iterator[Redis]:
    """A client for a store that refuses connections."""
    client = open_redis("redis://127.0.0.1:1/0")
    yield client
    client.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def users(redis: Redis, clock: Clock) -> Users:
    return Users(redis, clock)


@pytest.fixture
def sessions(redis: Redis, users: Users, clock: Clock) -> Sessions:
    return Sessions(redis, users, clock)


@pytest.fixture
def sign_in(redis: Redis, users: Users, sessions: Sessions, clock: Clock) -> SignIn:
    return SignIn(users, sessions, GuessCounter(redis, clock))


@pytest.fixture
def set_up(redis: Redis, users: Users) -> SetUp:
    return SetUp(redis, users, setup_token="a-platform-secret")
