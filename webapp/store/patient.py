"""redis-py for work that may wait a little: the console, the API, the worker, the command line."""

from __future__ import annotations

from typing import Any, Final

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.connection import Connection, SSLConnection, UnixDomainSocketConnection
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from webapp import jitter
from webapp.store.address import TLS, RedisAddress, read_address
from webapp.store.locate import sentinel_client
from webapp.store.one_waits import OneWaitsPool, OneWaitsSentinelPool

TIMEOUT_SECONDS: Final = 2.0
MAXIMUM_CONNECTIONS: Final = 4


class _JitteredBackoff(ExponentialBackoff):
    """redis-py's own draws from the shared generator of `random`; see webapp/jitter.py."""

    def compute(self, failures: int) -> float:
        return jitter.between(0.0, super().compute(failures))


def open_redis(url: str, *, connections: int = MAXIMUM_CONNECTIONS) -> Redis:
    """A thread-safe client whose answers are str, with 2 s for each step.

    A connection that broke is opened again twice; a command that ran into its time-out is never sent again, because
    it may have been carried out. While the server hangs, one thread at a time waits for it, and the others are
    refused at once (`webapp.store.one_waits`).
    """
    address = read_address(url)
    options = _options(address)
    if address.service is not None:
        tls = _tls_options(address.tls) | {"ssl": True} if address.tls else {}
        client: Redis = sentinel_client(address).master_for(
            address.service, connection_pool_class=OneWaitsSentinelPool, **options, **tls
        )
        return client
    pool = OneWaitsPool(max_connections=connections, timeout=TIMEOUT_SECONDS, **_place(address), **options)
    return Redis.from_pool(pool)  # closing the client then closes its connections as well


def _options(address: RedisAddress) -> dict[str, Any]:
    return {
        "db": address.database,
        "username": address.username,
        "password": address.password,
        "socket_timeout": TIMEOUT_SECONDS,
        "socket_connect_timeout": TIMEOUT_SECONDS,
        "health_check_interval": 30,
        "decode_responses": True,
        "encoding_errors": "replace",
        "client_name": "handoff",
        "retry": Retry(_JitteredBackoff(base=0.02, cap=0.2), 2, supported_errors=(RedisConnectionError,)),
    }


def _place(address: RedisAddress) -> dict[str, Any]:
    if address.path is not None:
        return {"connection_class": UnixDomainSocketConnection, "path": address.path}
    host, port = address.hosts[0]
    place: dict[str, Any] = {"connection_class": Connection, "host": host, "port": port}
    return place | (_tls_options(address.tls) | {"connection_class": SSLConnection} if address.tls else {})


def _tls_options(tls: TLS) -> dict[str, Any]:
    return {
        "ssl_cert_reqs": "required" if tls.verify else "none",
        "ssl_check_hostname": tls.verify and tls.check_host,
        "ssl_ca_certs": tls.authority,
        "ssl_certfile": tls.certificate,
        "ssl_keyfile": tls.key,
    }
