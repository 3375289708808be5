"""A Redis that hangs is waited for by one thread at a time: all others are told at once that it did not answer.

Without this a few people at the console, or one busy program at the API, hold every thread of the web server for
seconds each, and a caller waits behind them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

from redis import BlockingConnectionPool
from redis.connection import AbstractConnection
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.sentinel import SentinelConnectionPool, SentinelManagedConnection, SentinelManagedSSLConnection

PAUSE_SECONDS: Final = 0.25
"""Between two tries, so that a server that is back is noticed soon."""
LONGEST_TRY_SECONDS: Final = 5.0
"""A try of which nothing was heard for so long (its thread has ended) keeps nobody from trying."""


class OneWaits:
    """What one client knows of its server. Thread-safe. Only time-outs count: a refused connection costs no time."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._hung_at: float | None = None
        self._tried_at: float | None = None

    def ask(self) -> None:
        """Raises the library's TimeoutError when somebody else is waiting already, or has just done so in vain."""
        if self._hung_at is None:
            return
        with self._lock:
            now = self._clock()
            is_tried = self._tried_at is not None and now - self._tried_at < LONGEST_TRY_SECONDS
            if self._hung_at is not None and (is_tried or now - self._hung_at < PAUSE_SECONDS):
                raise RedisTimeoutError("Timeout: the server did not answer a moment ago, so it was not asked again")
            self._tried_at = now

    def hung(self) -> None:
        with self._lock:
            self._hung_at, self._tried_at = self._clock(), None

    def answered(self) -> None:
        if self._hung_at is not None:
            with self._lock:
                self._hung_at = self._tried_at = None


class OneWaitsPool(BlockingConnectionPool):
    """A pool whose connections report time-outs, and which hands none out while the server hangs."""

    def __init__(self, *, connection_class: type[AbstractConnection], **options: Any) -> None:
        self._one_waits = OneWaits()
        reporting = _reporting(connection_class, self._one_waits)
        super().__init__(connection_class=reporting, **options)  # type: ignore[no-untyped-call]

    def get_connection(self, *args: Any, **options: Any) -> Any:
        self._one_waits.ask()
        return super().get_connection(*args, **options)  # type: ignore[no-untyped-call]


class OneWaitsSentinelPool(SentinelConnectionPool):
    """The same for the primary that the sentinels name."""

    def __init__(self, service_name: str, sentinel_manager: Any, *, ssl: bool = False, **options: Any) -> None:
        self._one_waits = OneWaits()
        managed = SentinelManagedSSLConnection if ssl else SentinelManagedConnection
        reporting = _reporting(managed, self._one_waits)
        super().__init__(service_name, sentinel_manager, connection_class=reporting, **options)  # type: ignore[no-untyped-call]

    def get_connection(self, *args: Any, **options: Any) -> Any:
        self._one_waits.ask()
        return super().get_connection(*args, **options)


def _reporting(connection_class: type[AbstractConnection], one_waits: OneWaits) -> type[AbstractConnection]:
    """The class of connections with its ears open; a connection reports to the pool that it is of."""

    class Reporting(connection_class):  # type: ignore[valid-type, misc]
        def connect(self) -> None:
            try:
                super().connect()
            except RedisTimeoutError:
                one_waits.hung()
                raise

        def read_response(self, *args: Any, **options: Any) -> Any:
            try:
                answer = super().read_response(*args, **options)
            except RedisTimeoutError:
                one_waits.hung()
                raise
            except ResponseError:  # a refusal is an answer
                one_waits.answered()
                raise
            one_waits.answered()
            return answer

    return Reporting
