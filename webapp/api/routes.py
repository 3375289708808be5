"""The blueprints of the API, made from the table of endpoints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from flask import Blueprint, Response, jsonify, request

from webapp.api import (
    calls,
    configuration,
    deployment,
    imports,
    messages,
    numbers,
    parts,
    replays,
    simulations,
    tokens,
    versions,
)
from webapp.api.endpoint import Endpoint
from webapp.api.gate import BearerToken
from webapp.api.house import open_house
from webapp.api.metrics import METRICS, metrics_view
from webapp.api.openapi import document
from webapp.api.problem import KINDS, ApiFault, problem_answer
from webapp.api.serving import view
from webapp.services import Services

UNDER = "/api/v1"
DESCRIPTION, KIND = "/openapi.json", "/problems/{code}"
ABOUT = (DESCRIPTION, KIND)
FAMILIES = (configuration, parts, versions, simulations, calls, replays, deployment, numbers, messages, imports, tokens)
ENDPOINTS: tuple[Endpoint, ...] = tuple(endpoint for family in FAMILIES for endpoint in family.ENDPOINTS)
EVERY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def by_route() -> Mapping[str, Endpoint]:
    return {f"api.{endpoint.name}": endpoint for endpoint in ENDPOINTS} | {"api.metrics": METRICS}


def api_gate(services: Services) -> BearerToken:
    return BearerToken(services.tokens, by_route())


def api_blueprint(services: Services) -> Blueprint:
    api = Blueprint("api", __name__)
    house = open_house(services)
    for endpoint in ENDPOINTS:
        api.add_url_rule(
            UNDER + endpoint.flask_rule, endpoint.name, view(house, endpoint), methods=[endpoint.method],
            provide_automatic_options=False, merge_slashes=False,
        )  # fmt: skip
    api.add_url_rule("/metrics", "metrics", metrics_view(services), methods=["GET"], provide_automatic_options=False)
    api.add_url_rule(
        UNDER, "nowhere", lambda: elsewhere(""), methods=EVERY_METHOD, provide_automatic_options=False,
        strict_slashes=False,
    )  # fmt: skip
    api.add_url_rule(
        UNDER + "/<path:rest>", "elsewhere", elsewhere, methods=EVERY_METHOD, provide_automatic_options=False,
        merge_slashes=False,
    )  # fmt: skip
    return api


def about_blueprint() -> Blueprint:
    """What everybody may read: the documentation, which holds nothing of this deployment."""
    about = Blueprint("api_about", __name__)
    described = cache(lambda: document(ENDPOINTS))
    # The console draws its API reference from it; the edges do not import each other.
    about.record_once(lambda state: state.app.extensions.update(openapi=described))

    @about.get(UNDER + DESCRIPTION)
    def openapi() -> Response:
        return jsonify(described())

    @about.get(UNDER + KIND.replace("{code}", "<code>"))
    def problem(code: str) -> Response:
        if code not in KINDS:
            return problem_answer(ApiFault("not_found", "There is no such kind of problem."))
        status, title, fix = KINDS[code]
        return jsonify({"code": code, "status": status, "title": title, "fix": fix})

    return about


def elsewhere(rest: str) -> Response:
    """No such path, or not with this method: said as every other fault, and only to somebody with a token."""
    path = f"/{rest}"
    allowed = {one.method for one in ENDPOINTS if _pattern(one.path).fullmatch(path)}
    allowed |= {"GET" for about in ABOUT if _pattern(about).fullmatch(path)}
    allowed |= {"HEAD"} if "GET" in allowed else set()
    if allowed:
        listed = ", ".join(sorted(allowed))
        detail = f"{UNDER}{path} takes {listed}, and was asked with {request.method}."
        return problem_answer(ApiFault("method_not_allowed", detail, headers={"Allow": listed}))
    fix = f"GET {UNDER}{DESCRIPTION} lists what there is."
    return problem_answer(ApiFault("not_found", "There is no such path.", fix=fix))


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{([a-z0-9_]+)}", lambda part: ".+" if part[1] == "name" else "[^/]+", path))
