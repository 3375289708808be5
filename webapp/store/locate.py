"""Where Redis is right now: name resolution and Sentinel, both unbounded in time and so kept off the voice path."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any, Final

from redis.exceptions import RedisError
from redis.sentinel import Sentinel

from webapp.store.address import RedisAddress
from webapp.store.connection import Endpoint
from webapp.store.unavailable import Reason, StoreUnavailableError

_PATIENCE_SECONDS: Final = 1.0


def fixed_endpoint(address: RedisAddress) -> Endpoint | None:
    """The endpoint of an address that needs no looking up, else None."""
    if address.path is not None:
        return address.path
    host, port = address.hosts[0]
    return (host, port) if address.service is None and _is_numeric(host) else None


def locate(address: RedisAddress) -> Endpoint:
    """The endpoint to use now. Blocks for as long as DNS or the sentinels take; raises StoreUnavailableError."""
    if address.service is not None:
        return _ask_sentinels(address, address.service)
    return fixed_endpoint(address) or _first_that_listens(*address.hosts[0])


def sentinel_client(address: RedisAddress, **options: Any) -> Sentinel:
    """redis-py's client of all sentinels of the address; `options` are for the connections to the primary."""
    quick = {"socket_timeout": _PATIENCE_SECONDS, "socket_connect_timeout": _PATIENCE_SECONDS}
    return Sentinel(list(address.hosts), sentinel_kwargs=quick, **options)


def _ask_sentinels(address: RedisAddress, service: str) -> Endpoint:
    try:
        host, port = sentinel_client(address).discover_master(service)
    except (RedisError, OSError) as error:
        raise StoreUnavailableError(Reason.NOT_FOUND, type(error).__name__) from None
    return (host, int(port)) if _is_numeric(host) else _first_that_listens(host, int(port))


def _first_that_listens(host: str, port: int) -> Endpoint:
    """Of the addresses behind a name (::1 and 127.0.0.1) the first on which somebody listens, else the first."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise StoreUnavailableError(Reason.NOT_FOUND, type(error).__name__) from None
    endpoints = [(str(entry[4][0]), port) for entry in found]
    return next((endpoint for endpoint in endpoints if _listens(endpoint)), endpoints[0])


def _listens(endpoint: tuple[str, int]) -> bool:
    try:
        socket.create_connection(endpoint, _PATIENCE_SECONDS).close()
    except OSError:
        return False
    return True


def _is_numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
