"""Rate limits of the API alone: by token, and by address for everybody whose token is not known. Never on voice."""

from __future__ import annotations

from time import time
from typing import Any, cast

from flask import Blueprint, Flask, Response, request
from flask_limiter import Limiter, RequestLimit

from webapp.api.gate import bearer
from webapp.api.problem import ApiFault, problem_answer
from webapp.services import Services
from webapp.store import keys


def limit_api(app: Flask, services: Services) -> Limiter:
    """Counted in Redis, and in this process's memory while Redis is away: a limit that vanishes with the store would
    be none."""

    def who() -> str:
        token = services.tokens.known(bearer(request.headers.get("Authorization", "")))
        return token.id if token else f"address {request.remote_addr}"

    def most() -> str:
        limits = services.api_limits
        return f"{limits.per_stranger if who().startswith('address') else limits.per_token} per minute"

    limiter = Limiter(
        who,
        app=app,
        storage_uri="redis://",  # the pool knows where the store is, with its TLS and Sentinel
        storage_options=_same_pool(services),
        in_memory_fallback_enabled=True,
        key_prefix=keys.limits_prefix(),
        swallow_errors=True,
        headers_enabled=False,
        on_breach=_refused,
    )
    limiter.limit(most)(cast(Blueprint, app.blueprints["api"]))
    return limiter


def _same_pool(services: Services) -> dict[str, Any]:
    return {"connection_pool": services.configurations.store.client.connection_pool}


def _refused(limit: RequestLimit) -> Response:
    wait = max(1, int(limit.reset_at - time()) + 1)
    return problem_answer(ApiFault("too_many_requests", f"{limit.limit}, no more.", headers={"Retry-After": str(wait)}))
