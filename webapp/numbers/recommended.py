"""What a number should be set to: the URLs of this deployment, and how patient Twilio should be with them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from webapp import urls
from webapp.urls import FRAGMENT, OVERRIDES


@dataclass(frozen=True, slots=True)
class NumberURLs:
    """The three addresses of a number, with the connection overrides behind `#`."""

    voice: str
    fallback: str
    status: str


class NotPublicError(ValueError):
    """Twilio could not reach this address; the text says what to do."""


def urls_under(base_url: str) -> NumberURLs:
    """Raises NotPublicError for an origin that Twilio cannot call."""
    check_is_public(base_url)
    return NumberURLs(*(f"{base_url}{path}#{FRAGMENT}" for path in (urls.CALL, urls.FALLBACK, urls.STATUS)))


def check_is_public(base_url: str) -> None:
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if parts.scheme != "https":
        raise NotPublicError(
            f"{base_url} is not https. Set PUBLIC_BASE_URL to the public address, or start `ngrok http PORT` first."
        )
    if "_" in host:
        raise NotPublicError("Twilio refuses status callbacks to hosts with an underscore. Use another host name.")
    if host in ("", "localhost") or host.endswith(".local") or _is_private(host):
        raise NotPublicError(
            f"Twilio cannot reach {host or 'an empty host'}. Set PUBLIC_BASE_URL, or start `ngrok http PORT` first."
        )


def is_same_place(one: str, other: str) -> bool:
    """The same URL up to its fragment, the case of the host and a default port."""
    return _place(one) == _place(other)


def missing_overrides(url: str) -> tuple[str, ...]:
    """Names of the recommended overrides that a URL lacks or sets otherwise."""
    found = dict(parse_qsl(urlsplit(url).fragment))
    return tuple(name for name, value in OVERRIDES.items() if found.get(name) != value)


def _place(url: str) -> tuple[str, str, int | None, str, str]:
    try:
        parts = urlsplit(url.strip())
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return ("", url, None, "", "")
    return (parts.scheme, (parts.hostname or "").lower(), port, parts.path or "/", parts.query)


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
