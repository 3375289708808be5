"""The document is valid, describes every route, and no request, however odd, is answered outside of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.asking import Api
from tests.application import Application
from tests.redis_server import RedisServer
from webapp import create_app
from webapp.api.openapi import document
from webapp.api.routes import ENDPOINTS
from webapp.services import ApiLimits
from webapp.twilio_rest.client import Hosts

DOCUMENT = document(ENDPOINTS)
CHECKS = [
    content_type_conformance, response_headers_conformance, response_schema_conformance, status_code_conformance,
]  # fmt: skip
NOWHERE = Hosts(*["http://127.0.0.1:9"] * 4)
"""Twilio cannot be reached in a test, which is an answer that the document has to know as well."""


def test_the_document_is_valid_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_every_endpoint_is_in_it_with_its_role() -> None:
    for endpoint in ENDPOINTS:
        operation = DOCUMENT["paths"][endpoint.path][endpoint.method.lower()]
        assert f"role {endpoint.role}" in operation["description"]
        assert {"401", "403", "429"} <= set(operation["responses"])


def test_where_a_new_item_is_and_how_it_is_overwritten_later_stands_in_the_answer_that_made_it(api: Api) -> None:
    desk = {"name": "Night desk", "method": "INVITE", "route": "+14155550177"}
    made, dry = api.ask("POST", "/destinations", desk), api.ask("POST", "/destinations?dry_run=true", desk)
    described = DOCUMENT["paths"]["/destinations"]["post"]["responses"]
    for answer in (made, dry):
        named = described[str(answer.status_code)].get("headers", {})
        assert {"ETag", "Location"} & set(answer.headers.keys()) == set(named)


def test_it_is_served_to_everybody_and_holds_nothing_of_the_deployment(application: Application) -> None:
    answer = application.app.test_client().get("/api/v1/openapi.json")
    assert answer.json == DOCUMENT
    assert "example.com" not in answer.get_data(as_text=True)


def test_every_kind_of_problem_has_a_page(application: Application) -> None:
    from webapp.api.problem import KINDS

    client = application.app.test_client()
    for code, (status, _, _) in KINDS.items():
        assert client.get(f"/api/v1/problems/{code}").json["status"] == status
    assert client.get("/api/v1/problems/none").status_code == 404


@pytest.fixture(scope="module")
def fuzzed(redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with redis_server.client() as client:
        client.flushall()
    folder = tmp_path_factory.mktemp("fuzzed")
    with Application(redis_server.url, folder) as application:
        loose = replace(
            application.services, api_limits=ApiLimits(per_token=1_000_000, per_stranger=1_000_000),
            twilio_hosts=NOWHERE,
        )  # fmt: skip
        application.app = create_app(application.settings, loose)
        yield Api(application)


def operations() -> list[Any]:
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    return [result.ok() for result in schema.get_all_operations()]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")  # schemathesis's own doing
@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.label)
def test_no_request_meets_a_fault_or_an_answer_outside_the_document(operation: Any, fuzzed: Api) -> None:
    operation.app = fuzzed.application.app
    operation.schema.app = fuzzed.application.app

    @settings(
        max_examples=12, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def send(case: Any) -> None:
        case.headers["Authorization"] = f"Bearer {fuzzed.secret}"
        response = case.call(base_url="http://localhost/api/v1", app=fuzzed.application.app)
        # 503 is an answer of the document: Twilio cannot be reached from a test.
        assert response.status_code in (*range(200, 500), 503), response.text
        case.validate_response(response, checks=CHECKS)

    given(case=operation.as_strategy())(send)()
