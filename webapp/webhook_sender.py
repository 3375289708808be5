"""Sends webhooks as Twilio would: signed over the public address, delivered to where the app listens."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from webapp.signatures import SigningKey, signed_text
from webapp.unanswered import why_unreached

PATIENCE_SECONDS = 15.0
"""As long as Twilio waits for a document (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides)."""


class NothingListensError(Exception):
    """No connection, or no answer in time; the text is a clause that says which."""


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    content_type: str
    body: str


class WebhookSender:
    """`listens_at` is where the app is reached, `signed_as` its PUBLIC_BASE_URL; behind a tunnel they differ."""

    def __init__(self, listens_at: str, signed_as: str, token: str) -> None:
        self.listens_at = listens_at.rstrip("/")
        self.signed_as = signed_as.rstrip("/")
        self._key = SigningKey(token)
        # The app is asked directly: a proxy of the environment has no business in between.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def post(self, url: str, fields: Mapping[str, str]) -> Answered:
        """`url` is a path of the app, or a URL of its documents. Raises NothingListensError."""
        target = self.target_of(url)
        signature = self._key.sign(self.signed_as + target + signed_text(fields.items()))
        headers = {
            "X-Twilio-Signature": signature,
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "handoff",
        }
        asked = urllib.request.Request(  # noqa: S310  # the address is the operator's own word
            self.listens_at + target, urlencode(fields).encode(), headers, method="POST"
        )
        try:
            with self._opener.open(asked, timeout=PATIENCE_SECONDS) as answer:
                return Answered(answer.status, answer.headers.get_content_type(), answer.read().decode("utf-8"))
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Answered(refusal.code, refusal.headers.get_content_type(), refusal.read().decode("utf-8"))
        except OSError as fault:
            behind = getattr(fault, "reason", fault)
            raise NothingListensError(why_unreached(behind if isinstance(behind, OSError) else fault)) from fault

    def target_of(self, url: str) -> str:
        """The raw request target: path and query, without the fragment, which is for Twilio and is not signed."""
        if url.startswith("/"):
            return url.partition("#")[0]
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
