"""Twilio's request signature: who signed this URL and these parameters? No Flask, no clock, no settings."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

ALGORITHMS: dict[str, Callable[..., hashlib._Hash]] = {"HMAC_SHA1": hashlib.sha1, "HMAC_SHA256": hashlib.sha256}
DEFAULT_PORTS = {"http": 80, "https": 443}


class SigningKey:
    """One accepted token. The keyed hash is prepared once and copied for every request."""

    __slots__ = ("_prepared",)

    def __init__(self, token: str, algorithm: str = "HMAC_SHA1") -> None:
        self._prepared = hmac.new(token.encode(), digestmod=ALGORITHMS[algorithm])

    def sign(self, text: str) -> str:
        return self.signature(text).decode("ascii")

    def signature(self, text: str) -> bytes:
        """What `sign` gives, as it is compared."""
        signing = self._prepared.copy()
        signing.update(text.encode("utf-8", "surrogatepass"))
        return base64.b64encode(signing.digest())


def signed_text(pairs: Iterable[tuple[str, str]]) -> str:
    """What Twilio appends to the URL: every name with its value, sorted, a repeated pair once (twilio-voice 2.1)."""
    return "".join([name + value for name, value in sorted(set(pairs))])


def signed_text_of(fields: Mapping[str, str]) -> str:
    """The same for fields whose names are known to be there once each."""
    return "".join([name + fields[name] for name in sorted(fields)])


def base_variants(base_url: str) -> tuple[str, ...]:
    """The origin as configured, and with the default port added or removed, because Twilio signs either (2.5, V3)."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    with_port = f"{parts.scheme}://{host}:{parts.port or DEFAULT_PORTS.get(parts.scheme, 80)}"
    without_port = f"{parts.scheme}://{host}"
    return tuple(dict.fromkeys((base_url, with_port, without_port)))


def matches(keys: Sequence[SigningKey], urls: Iterable[str], appended: str, signature: str) -> bool:
    """True when one of the keys signed one of the URLs with this text; compared in constant time."""
    given = signature.encode("utf-8", "surrogatepass")
    for url in urls:
        for key in keys:
            if hmac.compare_digest(key.signature(url + appended), given):
                return True
    return False


def body_digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
