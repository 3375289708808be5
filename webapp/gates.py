"""Gates: who may call a blueprint. Each is registered with one, and a test calls every route as a stranger."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Response, g, request
from flask.typing import ResponseReturnValue

from webapp.form import MalformedError
from webapp.signed_requests import Refused, SignedRequests, status_of
from webapp.webhook_log import note_passed, note_refused

log = structlog.get_logger(__name__)

Gate = Callable[[], ResponseReturnValue | None]


def open_to_all() -> None:
    """The gate of routes that anybody may call: said aloud, so that no route is open by accident."""


class TwilioSignature:
    """Only Twilio passes; `g.twilio` then holds what it signed. Anything else gets 403 without a word."""

    def __init__(self, signed: SignedRequests) -> None:
        self._signed = signed

    def __call__(self) -> ResponseReturnValue | None:
        try:
            g.twilio = self._signed.verified(request.environ, request.get_data)
        except (Refused, MalformedError) as refusal:
            return refused(refusal)
        note_passed(request.environ, g.twilio)
        return None


class VoiceSignature(TwilioSignature):
    """The same for routes that speak about one call."""

    def __call__(self) -> ResponseReturnValue | None:
        try:
            g.twilio = self._signed.about_a_call(request.environ, request.get_data)
        except (Refused, MalformedError) as refusal:
            return refused(refusal)
        note_passed(request.environ, g.twilio)
        return None


def refused(refusal: Exception) -> Response:
    log.warning("webhook refused", reason=str(refusal), path=request.path)
    note_refused(request.environ, refusal)
    return Response(status=status_of(refusal, request.path))
