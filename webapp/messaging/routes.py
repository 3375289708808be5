"""The messaging webhooks. The gate has checked the signature; `g.twilio` holds the fields that Twilio signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Blueprint, Response, g
from redis.exceptions import RedisError

from webapp import urls
from webapp.messaging.inbound import Inbound, MalformedWebhookError
from webapp.services import Services

log = structlog.get_logger(__name__)

NO_ACCOUNT = "AC" + "0" * 32
"""Development without an account: what tests and `handoff trigger` send is filed under this."""


def messaging_blueprint(services: Services) -> Blueprint:
    routes = Blueprint("messaging", __name__)

    def inbound() -> Inbound:
        """Asked for each request, because the account may be connected while the process runs."""
        return Inbound(services.configurations.store.client, services.account_sid() or NO_ACCOUNT)

    @routes.post(urls.SMS_INCOMING)
    def text_came_in() -> Response:
        return _answered(lambda: inbound().text_came_in(_form(), services.clock()))

    @routes.post(urls.SMS_STATUS)
    def status_changed() -> Response:
        return _answered(lambda: inbound().status_changed(_form(), services.clock()))

    @routes.post(urls.TWILIO_EVENTS)
    def events() -> Response:
        return _answered(lambda: inbound().events(_json(), services.clock()))

    @routes.post(urls.TWILIO_DEBUGGER)
    def alert() -> Response:
        return _answered(lambda: inbound().alert(_form(), services.clock()))

    return routes


def _form() -> Mapping[str, str]:
    if "json" in g.twilio:
        raise MalformedWebhookError("a form was expected")
    fields: Mapping[str, str] = g.twilio
    return fields


def _json() -> Any:
    if "json" not in g.twilio:
        raise MalformedWebhookError("JSON was expected")
    return g.twilio["json"]


def _answered(act: Callable[[], object]) -> Response:
    """204; 400 when it is malformed; 503 without the store, so that Event Streams delivers again (for four hours)."""
    try:
        act()
    except MalformedWebhookError as error:
        log.warning("malformed webhook", why=str(error))
        return Response(status=400)
    except RedisError as error:
        log.warning("messaging webhook without the store", error=type(error).__name__)
        return Response(status=503)
    return Response(status=204)
