"""What Twilio signed, read from a raw WSGI request: the fields, or why the request is refused. No Flask here.

The signature covers PUBLIC_BASE_URL and the raw request target. Flask's `request.url` is decoded and differs from the
text that Twilio signed (https://www.twilio.com/docs/usage/webhooks/webhooks-security asks for the URL as configured).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import structlog

from webapp import urls
from webapp.form import FORM, LARGEST, MalformedError, form_of, read_form, refuse_shifted_boundaries
from webapp.signatures import SigningKey, base_variants, body_digest, matches, signed_text_of

log = structlog.get_logger(__name__)

SIGNATURE_HEADER = "HTTP_X_TWILIO_SIGNATURE"
CALL_SID = re.compile(r"CA[0-9a-f]{32}")
ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}")

Environ = Mapping[str, Any]
Keys = Callable[[], Sequence[SigningKey]]


class Refused(Exception):  # noqa: N818 - it is an answer, not an error of ours
    """This request gets 403 without a word; the text is for our own log."""


class NotAboutACallError(Refused):
    """Signed for our account, and about no call: it tells nothing. A reporting route answers 400, as for texts."""


def status_of(refusal: Exception, path: str) -> int:
    """400 for a report that Twilio signed and that is about nothing, 403 for everything else."""
    return 400 if isinstance(refusal, NotAboutACallError) and path == urls.STATUS else 403


class SignedRequests:
    """Checks a request of Twilio. All three parts are asked each time: a tunnel may appear, a token may be entered."""

    def __init__(self, base_url: Callable[[], str], keys: Keys, account_sid: Callable[[], str | None]) -> None:
        self._base_url = base_url
        self._keys = keys
        self._account_sid = account_sid
        self._variants: tuple[str, tuple[str, ...]] = ("", ())

    def verified(self, environ: Environ, body: Callable[[], bytes]) -> Mapping[str, Any]:
        """The signed fields, or `{"json": …}`. Raises Refused or MalformedError; `body` is read once, if at all."""
        try:
            return self._verified(environ, body)
        except (Refused, MalformedError):
            raise
        except Exception as error:
            # Nobody knows who sent this, so nobody is answered: a fault of ours must not open the gate.
            log.error("signature could not be checked", error=type(error).__name__, exc_info=True)
            raise Refused("a fault of ours while checking") from error

    def _verified(self, environ: Environ, body: Callable[[], bytes]) -> Mapping[str, Any]:
        signature = environ.get(SIGNATURE_HEADER, "")
        if not signature or "," in signature:
            raise Refused("no single signature header")
        target = raw_target(environ)
        if environ["REQUEST_METHOD"] == "GET":
            return self._query(target, signature)
        if content_length(environ) > LARGEST:
            raise MalformedError("body too large")
        content_type = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        if content_type == FORM:
            return self._form(target, signature, body())
        if content_type == "application/json":
            return self._json(target, signature, body())
        raise Refused("not a content type that Twilio sends")

    def about_a_call(self, environ: Environ, body: Callable[[], bytes]) -> Mapping[str, str]:
        """The same for voice routes: a form with a CallSid, and with the parent's where it is about a child leg.

        The end of an agent may come as JSON too: Twilio's page on ConversationRelay shows its callback like that.
        """
        fields = self.verified(environ, body)
        if "json" in fields and raw_target(environ).partition("?")[0] == urls.AGENT_ENDED:
            fields = self._of_our_account(form_of(fields["json"]))
        call_sid = fields.get("CallSid", "")
        if not isinstance(call_sid, str) or not CALL_SID.fullmatch(call_sid):
            raise NotAboutACallError("not about a call")
        parent = fields.get("ParentCallSid")
        if parent and not CALL_SID.fullmatch(parent):
            raise NotAboutACallError("not about the leg of a call")
        return fields

    def _form(self, target: str, signature: str, body: bytes) -> Mapping[str, str]:
        fields = read_form(body)
        self._check(target, signed_text_of(fields), signature)
        refuse_shifted_boundaries(fields, call_comes_in=target.partition("?")[0] == urls.CALL)
        return self._of_our_account(fields)

    def _query(self, target: str, signature: str) -> Mapping[str, str]:
        self._check(target, "", signature)
        pairs = [pair for pair in target.partition("?")[2].split("&") if not pair.startswith("s=")]
        return self._of_our_account(read_form("&".join(pairs).encode("ascii", "replace")))

    def _json(self, target: str, signature: str, body: bytes) -> Mapping[str, Any]:
        digests = [value for name, value in parse_qsl(target.partition("?")[2]) if name == "bodySHA256"]
        if digests != [body_digest(body)]:
            raise Refused("the body is not the one that was signed")
        self._check(target, "", signature)
        try:
            return {"json": json.loads(body, object_pairs_hook=_each_name_once)}
        except (ValueError, RecursionError) as error:
            raise Refused("not JSON") from error

    def _check(self, target: str, appended: str, signature: str) -> None:
        if not matches(self._keys(), (base + target for base in self._bases()), appended, signature):
            raise Refused("the signature does not match")

    def _bases(self) -> tuple[str, ...]:
        """The origin in the variants that Twilio may sign, worked out when the base URL changes."""
        base_url = self._base_url()
        known, variants = self._variants
        if known != base_url:
            variants = base_variants(base_url)
            self._variants = (base_url, variants)
        return variants

    def _of_our_account(self, fields: dict[str, str]) -> Mapping[str, str]:
        account = fields.get("AccountSid", "")
        ours = self._account_sid()
        if not ACCOUNT_SID.fullmatch(account) or (ours and account != ours):
            raise Refused("another account")
        return fields


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) != len(pairs):
        raise Refused("a name was sent twice")
    return found


def content_length(environ: Environ) -> int:
    """0 where there is none; gunicorn has refused anything that is not a number."""
    text = environ.get("CONTENT_LENGTH") or ""
    return int(text) if text.isdecimal() else 0


def raw_target(environ: Environ) -> str:
    """The request target as it was on the wire. gunicorn says RAW_URI, werkzeug's server REQUEST_URI."""
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    if isinstance(raw, str) and raw.startswith("/"):
        return raw
    query = environ.get("QUERY_STRING", "")
    return f"{environ.get('PATH_INFO', '/')}{'?' + query if query else ''}"
