"""What every test shares: a network that is off, a real Redis, and the rule that CI skips nothing."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from redis import Redis

from tests.redis_server import RedisServer
from webapp.store.redis import VoiceRedis, open_redis


class NetworkBlockedError(RuntimeError):
    """A test reached for a machine other than this one; not an OSError, so that no handler mistakes it for a fault."""


def _refuse_other_machines(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host and host != "localhost" and not _is_loopback(str(host)):
        raise NetworkBlockedError(f"a test tried to reach {host}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


sys.addaudithook(_refuse_other_machines)

# A background thread that logs while a command is under test must not write into the command's own output.
structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=sys.__stderr__))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    return _no_skip_in_ci((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Any:
    return _no_skip_in_ci((yield))


def _no_skip_in_ci(report: Any) -> Any:
    """What a machine cannot run, it names and skips. CI can run everything, so there a skip is a failure."""
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where nothing may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One real redis-server for the session. Tests that hurt it start their own with `RedisServer()`."""
    with RedisServer() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """An empty store."""
    with redis_server.client() as client:
        client.flushall()
    return redis_server.url


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """The patient client of an empty store."""
    with open_redis(redis_url) as client:
        yield client


@pytest.fixture
def voice_redis(redis_url: str) -> Iterator[VoiceRedis]:
    """The client of the voice path, on an empty store."""
    client = VoiceRedis(redis_url)
    yield client
    client.close()
