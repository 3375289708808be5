"""A simulation over the API: which descriptions of a call it refuses, and where it says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.api.asking import Api
from tests.application import Application
from webapp import create_app

NOT_OFFERED = "+14155550199 may not send texts, as far as is known: a call is connected without being offered one."


def test_a_caller_that_no_phone_call_has_is_refused_at_its_place(api: Api) -> None:
    refused = api.ask("POST", "/simulations", {"call": {"from": "abc", "to": "+14155550199"}})
    assert refused.status_code == 422
    (fault,) = refused.json["errors"]
    assert (fault["pointer"], "anonymous for a caller who hides it" in fault["fix"]) == ("/call/from", True)
    for call in ({"from": "anonymous"}, {"from": "client:alice", "over": "client"}):
        assert api.ask("POST", "/simulations", {"call": call | {"to": "+14155550199"}}).status_code == 200


@pytest.mark.parametrize("digits", ["abc", "1" * 33, "١"])
def test_keys_that_nobody_can_press_are_refused_with_those_that_there_are(api: Api, digits: str) -> None:
    call = {"from": "+12125550123", "to": "+14155550199", "digits": digits}
    refused = api.ask("POST", "/simulations", {"call": call | {"from": "abc"}})
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json["errors"]] == ["/call/from", "/call/digits"]
    assert refused.json["errors"][1]["fix"] == "Write up to 32 keys: 0 to 9, * and #."
    assert api.ask("POST", "/simulations", {"call": call | {"digits": "*0#"}}).status_code == 200


@pytest.mark.parametrize("version", [1, "1", "sandbox"])
def test_a_version_may_be_a_number_or_a_word(api: Api, version: str | int) -> None:
    assert api.ask("POST", "/test-runs", {"version": version}).status_code == 200


@pytest.mark.parametrize("version", [True, [1], None])
def test_what_names_no_version_is_one_fault(api: Api, version: object) -> None:
    refused = api.ask("POST", "/test-runs", {"version": version})
    assert (refused.status_code, [one["pointer"] for one in refused.json["errors"]]) == (422, ["/version"])


def test_destinations_that_the_version_has_not_are_told_as_problems(api: Api) -> None:
    call = {"from": "+12125550123", "to": "+14155550100", "asked_for": "nobody", "failing": ["billing", "none"]}
    played = api.ask("POST", "/simulations", {"call": call}).json
    told = [(one["path"], one["message"]) for one in played["problems"] if one["path"].startswith("call/")]
    assert told == [
        ("call/asked_for", "The version has no destination “nobody”."),
        ("call/failing", "The version has no destination “none”."),
    ]


@pytest.mark.parametrize("may_text", [True, False])
def test_an_offer_that_the_called_number_may_not_make_is_told_as_a_problem(
    application: Application, api: Api, may_text: bool
) -> None:
    services = replace(application.services, may_text=lambda _: may_text)
    application.app = create_app(application.settings, services)
    offered = {"prompt": "Press 1 for our address.", "body": "1 Example Street"}
    desk = {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550100", "offer_text": offered}
    changed = {**api.get("/configuration"), "default_destination": "desk", "rules": [], "destinations": [desk]}
    call = {"from": "+12125550123", "to": "+14155550199"}
    found = api.ask("POST", "/simulations", {"call": call, "configuration": changed}).json
    assert [step["verb"] for step in found["steps"]] == ["offer", "dial"]
    told = [problem["message"] for problem in found["problems"] if problem["path"] == "call/to"]
    assert told == ([] if may_text else [NOT_OFFERED])
