"""REDIS_URL taken apart: `redis://`, `rediss://`, `unix://` and `redis+sentinel://`."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

_SCHEMES: Final = ("redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel")
_OPTIONS: Final = ("db", "ssl_cert_reqs", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_check_hostname")


class AddressError(ValueError):
    """The URL cannot be an address of Redis; the text says why and never repeats the URL (it may hold a password)."""


@dataclass(frozen=True, slots=True)
class TLS:
    verify: bool = True
    check_host: bool = True
    authority: str | None = None
    certificate: str | None = None
    key: str | None = None

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.authority)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.certificate:
            context.load_cert_chain(self.certificate, self.key)
        if not (self.verify and self.check_host):
            context.check_hostname = False
        if not self.verify:
            # Asked for by name: managed Redis (Heroku) shows a certificate that no authority vouches for. What must
            # not be forged is sealed by us (webapp.store.sealed), so a false server can withhold, not lie.
            context.verify_mode = ssl.CERT_NONE
        return context


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """`hosts` are the servers or, when `service` is set, the sentinels that know the primary of that service."""

    hosts: tuple[tuple[str, int], ...] = ()
    path: str | None = None
    service: str | None = None
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    database: int = 0
    tls: TLS | None = None


def read_address(url: str) -> RedisAddress:
    """Raises AddressError, whose text is fit for people."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES:
        raise AddressError(f"the scheme is not one of {', '.join(_SCHEMES)}")
    options = _read_options(parts.query)
    username = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    if parts.scheme == "unix":
        if not parts.path.startswith("/"):
            raise AddressError("a unix address needs an absolute path: unix:///path/to/redis.sock")
        database = _number(options.get("db", "0"), "the database")
        return RedisAddress(path=unquote(parts.path), username=username, password=password, database=database)
    service, database_text = _read_path(parts.path, sentinel=parts.scheme.endswith("+sentinel"))
    return RedisAddress(
        hosts=_read_hosts(parts.netloc, default_port=26379 if service else 6379),
        service=service,
        username=username,
        password=password,
        database=_number(options.get("db", database_text or "0"), "the database"),
        tls=_read_tls(options) if parts.scheme.startswith("rediss") else None,
    )


def _read_options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    unknown = sorted(set(options) - set(_OPTIONS))
    if unknown:
        raise AddressError(f"unknown option {unknown[0][:40]}; known are {', '.join(_OPTIONS)}")
    return options


def _read_path(path: str, *, sentinel: bool) -> tuple[str | None, str]:
    parts = [unquote(part) for part in path.split("/") if part]
    if not sentinel:
        if len(parts) > 1:
            raise AddressError("the path may only hold the number of a database")
        return None, parts[0] if parts else ""
    if not 1 <= len(parts) <= 2:
        raise AddressError("a sentinel address ends with the service: redis+sentinel://host:26379/mymaster")
    return parts[0], parts[1] if len(parts) == 2 else ""


def _read_hosts(netloc: str, *, default_port: int) -> tuple[tuple[str, int], ...]:
    """Several hosts, separated by commas, are what `urlsplit` cannot read; only Sentinel needs them."""
    hosts = []
    for text in netloc.rpartition("@")[2].split(","):
        try:
            one = urlsplit(f"//{text}")
            hosts.append((one.hostname or "", one.port or default_port))
        except ValueError:
            raise AddressError("the host or port cannot be read") from None
    if not all(name for name, _ in hosts):
        raise AddressError("the host is missing")
    return tuple(hosts)


def _read_tls(options: dict[str, str]) -> TLS:
    requirement = options.get("ssl_cert_reqs", "required").lower()
    if requirement not in ("required", "none", "cert_none", "cert_required"):
        raise AddressError("ssl_cert_reqs is either required or none")
    verify = requirement.endswith("required")
    return TLS(
        verify=verify,
        check_host=options.get("ssl_check_hostname", "true").lower() not in ("false", "0", "no"),
        authority=options.get("ssl_ca_certs"),
        certificate=options.get("ssl_certfile"),
        key=options.get("ssl_keyfile"),
    )


def _number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise AddressError(f"{what} is not a number")
    return int(text)
