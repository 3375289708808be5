"""Where in the request a fault is told: at what the client sent, and never in a body that it did not send."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.asking import Api

DESK = {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550177"}
NUMBER = "+14155550199"


def told(api: Api, method: str, path: str, body: Any = None, **headers: str) -> list[dict[str, str]]:
    refused = api.ask(method, path, body, **headers)
    assert refused.status_code == 422, refused.json
    wanted = ("pointer", "parameter", "path")
    return [{name: one[name] for name in wanted if name in one} for one in refused.json["errors"]
            if one["severity"] == "error"]  # fmt: skip


def test_a_removal_that_leaves_something_behind_is_told_at_the_id_in_the_path(api: Api) -> None:
    found = told(api, "DELETE", "/destinations/billing")
    assert found == [{"parameter": "id", "path": "rules/0/destination"}]
    assert told(api, "DELETE", "/destinations/billing?dry_run=true") == found


def test_faults_of_the_item_that_is_sent_are_told_in_it_and_others_by_their_path_alone(api: Api) -> None:
    assert told(api, "PUT", "/destinations/billing", {"name": "B", "ring_seconds": 1}) == [
        {"pointer": "/ring_seconds", "path": "destinations/0/ring_seconds"},
        {"pointer": "/route", "path": "destinations/0/route"},
    ]
    rule = {"id": "r", "name": "R", "destination": "nobody"}
    assert told(api, "POST", "/rules?place=1", rule) == [{"pointer": "/destination", "path": "rules/0/destination"}]


@pytest.mark.parametrize(("method", "path"), [("PUT", "/configuration"), ("POST", "/import")])
def test_faults_of_a_whole_document_are_told_in_it(api: Api, method: str, path: str) -> None:
    document = api.get("/configuration") | {"default_destination": "nobody"}
    place = [{"pointer": "/default_destination", "path": "default_destination"}]
    assert told(api, method, path, document, If_Match="*") == place


@pytest.mark.parametrize("path", ["/simulations", "/test-runs"])
def test_faults_of_a_document_inside_the_body_are_told_inside_it(api: Api, path: str) -> None:
    document = api.get("/configuration") | {"default_destination": "nobody"}
    call = {"call": {"from": "+12125550123", "to": NUMBER}} if path == "/simulations" else {}
    assert told(api, "POST", path, {"configuration": document, **call}) == [
        {"pointer": "/configuration/default_destination", "path": "default_destination"}
    ]


def test_what_the_file_of_another_product_became_is_told_by_its_path_alone(api: Api) -> None:
    handoff = {"name": "Sales", "sip_config": {"method": "invite", "phone_number": "sip:a b@example.com"}}
    assert told(api, "POST", "/import", {"handoffs": [handoff]}) == [{"path": "destinations/2/route"}]
    assert told(api, "POST", "/import", {"handoffs": "none"}) == [{"pointer": "/handoffs", "path": "handoffs"}]


def test_what_keeps_a_version_from_production_is_told_at_the_fields_of_the_order(api: Api) -> None:
    policy = {"promotion": {"note_required": True, "two_people": True}}
    assert api.ask("PUT", "/deployment", policy, If_Match="*").status_code == 200
    assert api.ask("POST", "/destinations", DESK).status_code == 201
    order = {"version": 2, "expected_production": 1}
    assert told(api, "POST", "/promotions", order) == [{"pointer": "/note"}, {"pointer": "/version"}]
    assert api.ask("PUT", "/deployment", {}, If_Match="*").status_code == 200
    test = {"name": "T", "call": {"from": "+12125550123", "to": NUMBER}, "expect": {"path": ["desk"]}}
    assert api.ask("POST", "/tests", test).status_code == 201
    assert told(api, "POST", "/promotions", order | {"version": 3}) == [{"pointer": "/version", "path": "tests"}]


def test_a_dry_run_of_the_deployment_refuses_what_the_save_would(api: Api) -> None:
    looped = {"numbers": {NUMBER: {}}, "sandbox_phone": NUMBER}
    for more in ("?dry_run=true", ""):
        found = told(api, "PUT", f"/deployment{more}", looped, If_Match="*")
        assert found == [{"pointer": "/sandbox_phone", "path": "sandbox_phone"}]
        assert api.ask("PUT", f"/deployment{more}", {}, If_Match='"7"').status_code == 409
