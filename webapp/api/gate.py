"""The gate of the API: a bearer token, its role and its environment. Deny by default."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from flask import g, request
from flask.typing import ResponseReturnValue

from webapp.api.endpoint import Endpoint
from webapp.api.problem import ApiFault, problem_answer
from webapp.tokens.roll import RollUnknownError, TokenRoll
from webapp.tokens.token import ApiToken

log = structlog.get_logger(__name__)
SCHEME = "bearer "


class BearerToken:
    """`g.token` then holds whose request it is. `endpoints` by Flask's name of their route."""

    def __init__(self, tokens: TokenRoll, endpoints: Mapping[str, Endpoint]) -> None:
        self._tokens = tokens
        self._endpoints = endpoints

    def __call__(self) -> ResponseReturnValue | None:
        try:
            token = self._token()
            endpoint = self._endpoints.get(request.endpoint or "")
            if endpoint is not None:
                _may(token, endpoint)
        except ApiFault as fault:
            if fault.code in ("unauthenticated", "forbidden"):
                log.warning("api request refused", code=fault.code, path=request.path)
            return problem_answer(fault)
        g.token = token
        return None

    def _token(self) -> ApiToken:
        secret = bearer(request.headers.get("Authorization", ""))
        try:
            found = self._tokens.who(secret) if secret else None
        except RollUnknownError:
            raise ApiFault("store_away", "The store is away, and this process has not learned of this token.") from None
        if found is None:
            raise ApiFault(
                "unauthenticated", "The request carries no API token that is valid.",
                headers={"WWW-Authenticate": 'Bearer realm="handoff"'},
            )  # fmt: skip
        return found


def _may(token: ApiToken, endpoint: Endpoint) -> None:
    if not token.role.may_act_as(endpoint.role):
        raise ApiFault("forbidden", f"This needs the role {endpoint.role}; the token has the role {token.role}.")
    if endpoint.production and not token.reaches("production"):
        raise ApiFault("forbidden", "This reaches production; the token is for the sandbox.")


def bearer(header: str) -> str:
    """The token of an Authorization header, or nothing."""
    return header[len(SCHEME) :].strip() if header[: len(SCHEME)].lower() == SCHEME else ""
