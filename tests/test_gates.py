"""Every route of the application has a gate, and a stranger passes none but those that are open on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.application import Application
from tests.redis_server import RedisServer
from webapp.api.routes import by_route
from webapp.console.pages import ROLES
from webapp.gates import TwilioSignature

OPEN = {
    "/healthz", "/readyz", "/api/v1/openapi.json", "/api/v1/problems/<code>",
    "/sign-in", "/setup", "/sign-out", "/static/<path:filename>", "/favicon.ico",
}  # fmt: skip
"""What anybody may ask: each is open on purpose, and says nothing of calls, people or destinations."""


NOWHERE = {"/api/v1", "/api/v1/<path:rest>"}
"""What the API answers to a token where nothing is."""


@pytest.fixture(scope="module")
def application(redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    with redis_server.client() as client:
        client.flushall()
    with Application(redis_server.url, tmp_path_factory.mktemp("gates")) as application:
        yield application


def url_of(rule: Rule) -> str:
    built = rule.build(dict.fromkeys(rule.arguments, 1), append_unknown=False)
    assert built is not None
    return built[1]


def turned_away(answer: TestResponse) -> bool:
    """401, 403, or to the page where people say who they are."""
    return answer.status_code in (401, 403) or (
        answer.status_code == 302 and urlsplit(answer.headers["Location"]).path in ("/sign-in", "/setup")
    )


def test_every_route_belongs_to_a_blueprint_with_a_gate(application: Application) -> None:
    app = application.app
    without = [
        rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] not in app.extensions["gates"]
    ]
    assert without == []


def test_every_route_names_a_role_or_wants_twilios_signature_or_is_open_on_purpose(application: Application) -> None:
    gates = application.app.extensions["gates"]
    without = [
        rule.rule
        for rule in application.app.url_map.iter_rules()
        if not isinstance(gates.get(rule.endpoint.partition(".")[0]), TwilioSignature)
        and rule.endpoint not in {**ROLES, **by_route()}
        and rule.rule not in (OPEN | NOWHERE)
    ]
    assert without == []


def test_a_stranger_is_turned_away_at_every_route_that_is_not_open_on_purpose(application: Application) -> None:
    """With a valid form token of the sign-in page, so that it is the role that stops them and not the missing token."""
    client = application.app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    token = page.partition('name="_token" value="')[2].partition('"')[0]
    assert token
    passed, tried = [], 0
    for rule in application.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if rule.rule not in OPEN:
                tried += 1
                answer = client.open(url_of(rule), method=method, data={"_token": token})
                passed += [] if turned_away(answer) else [f"{method} {rule.rule}: {answer.status_code}"]
    assert passed == []
    assert tried > 100
