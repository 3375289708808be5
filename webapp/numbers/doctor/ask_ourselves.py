"""Asks our own public address as Twilio would: a signed request that must pass, and a forged one that must not."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import requests

from webapp import urls
from webapp.numbers.doctor.surroundings import Webhook
from webapp.signatures import SigningKey, signed_text
from webapp.unanswered import why_unanswered

# The status route answers 204 and rings nobody. The query holds what careless proxies decode or drop.
TARGET = f"{urls.STATUS}?doctor=sip%3Acheck%40example.com"
NOBODYS_CALL = "CA" + "0" * 32
PATIENCE_SECONDS = 8.0


Post = Callable[..., requests.Response]
"""`requests.post`; tests pass their own."""


def ask_ourselves(
    base_url: str,
    key: SigningKey,
    account_sid: str | None,
    *,
    post: Post = requests.post,
    certificate: Callable[[str], datetime | None] | None = None,
) -> Webhook:
    url = f"{base_url}{TARGET}"
    fields = {
        "AccountSid": account_sid or "AC" + "0" * 32, "CallSid": NOBODYS_CALL, "CallStatus": "completed",
        "From": "+15005550006", "To": "+15005550006", "Direction": "inbound", "ApiVersion": "2010-04-01",
    }  # fmt: skip
    signature = key.sign(url + signed_text(fields.items()))
    begun = time.perf_counter()
    try:
        signed = _posted(post, url, fields, signature)
        seconds = time.perf_counter() - begun
        forged = _posted(post, url, fields, SigningKey("not the token").sign(url))
    except requests.RequestException as error:
        return Webhook(asked=base_url, trouble=f"{why_unanswered(error)}.")
    return Webhook(
        asked=base_url,
        signed_status=signed,
        forged_status=forged,
        seconds=seconds,
        certificate_ends=(certificate or certificate_end)(base_url),
    )


def _posted(post: Post, url: str, fields: dict[str, str], signature: str) -> int:
    answer = post(
        url, data=fields, headers={"X-Twilio-Signature": signature}, timeout=PATIENCE_SECONDS, allow_redirects=False
    )
    return answer.status_code


def certificate_end(base_url: str) -> datetime | None:
    """When the certificate ends, as its own words say; None when there is none to see."""
    parts = urlsplit(base_url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), timeout=PATIENCE_SECONDS) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname) as wrapped,
        ):
            shown = wrapped.getpeercert() or {}
    except OSError:
        return None
    ends = shown.get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None
