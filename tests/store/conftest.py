"""What the store's tests share: a server that may be hurt, a client of it, a proxy that misbehaves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fault_proxy import FaultProxy
from tests.redis_server import RedisServer
from webapp.store.redis import VoiceRedis


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with RedisServer() as own:
        yield own


@pytest.fixture
def client(server: RedisServer) -> Iterator[VoiceRedis]:
    voice_redis = VoiceRedis(server.url)
    yield voice_redis
    voice_redis.close()


@pytest.fixture
def proxy(server: RedisServer) -> Iterator[FaultProxy]:
    with FaultProxy(server.port) as own:
        yield own
