"""What a number should be set to: the URLs of this deployment, and how patient Twilio should be with them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from webapp import urls
from webapp.setting_checks import LOCAL_HOSTS, origin
from webapp.urls import FRAGMENT, OVERRIDES


@dataclass(frozen=True, slots=True)
class NumberURLs:
    """The three addresses of a number, with the connection overrides behind `#`."""

    voice: str
    fallback: str
    status: str


class NotPublicError(ValueError):
    """Twilio could not reach this address; the text says what to do."""


class BadFallbackError(NotPublicError):
    """The same of a fallback URL that somebody typed."""


def urls_under(base_url: str) -> NumberURLs:
    """Raises NotPublicError for what is no origin, and for one that Twilio cannot call."""
    base = check_is_public(base_url)
    return NumberURLs(*(f"{base}{path}#{FRAGMENT}" for path in (urls.CALL, urls.FALLBACK, urls.STATUS)))


def check_is_public(base_url: str) -> str:
    """The origin in its one spelling. Raises NotPublicError."""
    try:
        found = origin(base_url) or ""
    except ValueError as error:
        raise NotPublicError(f"The public address {error}") from None
    if why := _why_out_of_reach(found):
        raise NotPublicError(f"{why} Set PUBLIC_BASE_URL to the public address, or start `ngrok http PORT` first.")
    return found


def fallback_elsewhere(url: str) -> str:
    """A place that Twilio can call, with any path. Raises BadFallbackError."""
    try:
        parts = urlsplit(url.strip())
        reached = origin(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}") or ""
        why = _why_out_of_reach(reached)
    except ValueError as error:
        why = f"It {error}"
    if why:
        raise BadFallbackError(
            f"Twilio cannot use this fallback URL. {why} Write it as https://handler.twilio.com/twiml/EH…"
        )
    return url.strip()


def _why_out_of_reach(address: str) -> str:
    """Empty for an origin that Twilio can call."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme != "https":
        return f"{address} is not https."
    if host in LOCAL_HOSTS or host.endswith(".local") or _is_private(host):
        return f"Twilio cannot reach {host}."
    return ""


def is_path(url: str, path: str) -> bool:
    """Whether a URL has this path, on whatever host."""
    return _place(url)[3] == path


def is_same_host(one: str, other: str) -> bool:
    return _place(one)[:3] == _place(other)[:3]


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
