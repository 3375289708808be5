"""Versions through the API: what differs, what is put in production, and how to go back."""

from __future__ import annotations

from tests.api.asking import Api
from tests.api.test_configuration import DESK


def test_promote_and_roll_back(api: Api) -> None:
    api.ask("POST", "/destinations", DESK)
    stale = api.ask("POST", "/promotions", {"version": 2, "expected_production": 7})
    assert (stale.status_code, stale.json["current"]) == (409, 1)
    assert api.ask("POST", "/promotions", {"version": 2, "expected_production": 1}).status_code == 201
    assert api.get("/versions")["data"][0]["environments"] == ["sandbox", "production"]
    assert api.ask("POST", "/rollbacks", {}).status_code == 201
    assert api.get("/configuration?version=production")["destinations"][-1]["id"] == "front-desk"
    assert [entry["action"] for entry in api.get("/audit")["data"]][:3] == ["rolled back", "promoted", "saved"]


def test_true_is_no_number_of_a_version(api: Api) -> None:
    for path in ("/promotions", "/rollbacks"):
        refused = api.ask("POST", path, {"version": True, "expected_production": 1})
        assert refused.status_code == 422
        told = [(one["pointer"], one["detail"], one["fix"]) for one in refused.json["errors"]]
        assert told == [("/version", "\u201ctrue\u201d is not a whole number.", "Write digits alone.")]


def test_the_api_rolls_back_to_no_version_that_never_was_in_production(api: Api) -> None:
    api.ask("POST", "/destinations", DESK)
    refused = api.ask("POST", "/rollbacks", {"version": 2})
    assert refused.status_code == 409
    assert "Version 2 was never in production" in refused.json["detail"]
    assert api.get("/versions")["data"][-1]["environments"] == ["production"]


def test_a_version_with_a_failing_required_test_is_not_promoted(api: Api) -> None:
    test = {"name": "goes to billing", "call": {"from": "+12125550123", "to": "+14155550199"},
            "expect": {"path": ["front-desk"]}}  # fmt: skip
    assert api.ask("POST", "/tests", test).status_code == 201
    ran = api.ask("POST", "/test-runs", {"version": "sandbox"}).json
    assert (ran["passed"], ran["tests"][0]["differences"][0]["actual"]) == (False, "billing")
    refused = api.ask("POST", "/promotions", {"version": 2, "expected_production": 1})
    assert (refused.status_code, refused.json["code"]) == (422, "tests_failed")


def test_a_difference_is_told_in_sentences_and_as_yaml(api: Api) -> None:
    api.ask("POST", "/destinations", DESK)
    found = api.get("/versions/2/diff?against=1")
    assert found["changes"][0]["sentence"] == "Destination “Night desk” is added."
    assert "+- id: night-desk" in found["yaml"].replace("'", "").replace('"', "").replace("+  -", "+-")


def test_a_difference_leaves_out_what_a_thing_does_not_set(api: Api) -> None:
    when = {"variable": "caller_id", "starts_with": ["+1212"]}
    rule = {"id": "city", "name": "City", "destination": "front-desk", "when": when}
    api.ask("POST", "/rules", rule)
    (added,) = api.get("/versions/2/diff?against=1")["changes"]
    assert (added["before"], added["after"]["when"]) == (None, when)
    assert None not in added["after"].values()
    api.ask("PUT", "/rules/city", rule | {"when": when | {"starts_with": ["+1646"]}})
    (change,) = api.get("/versions/3/diff?against=2")["changes"]
    assert (change["before"], change["after"]) == (when, {"variable": "caller_id", "starts_with": ["+1646"]})


def test_a_dry_run_of_a_roll_back_checks_and_changes_nothing(api: Api) -> None:
    api.ask("POST", "/destinations", DESK)
    assert api.ask("POST", "/rollbacks?dry_run=true", {"version": 2}).status_code == 409
    api.ask("POST", "/promotions", {"version": 2, "expected_production": 1})
    checked = api.ask("POST", "/rollbacks?dry_run=true", {"version": 1})
    assert (checked.status_code, checked.json["dry_run"]) == (200, True)
    assert DESK["id"] in [one["id"] for one in api.get("/configuration?version=production")["destinations"]]


def test_a_second_roll_back_in_a_row_is_refused_and_names_the_versions_to_go_to(api: Api) -> None:
    api.ask("POST", "/destinations", DESK)
    api.ask("POST", "/promotions", {"version": 2, "expected_production": 1})
    api.ask("DELETE", "/destinations/night-desk")
    api.ask("POST", "/promotions", {"version": 3, "expected_production": 2})
    api.ask("POST", "/rollbacks")
    again = api.ask("POST", "/rollbacks")
    assert (again.status_code, again.json["code"]) == (409, "refused")
    assert "from version 3 to 2" in again.json["detail"]
    assert "name the version; in production before it: 1." in again.json["detail"]


def test_a_roll_back_that_means_to_leave_another_production_is_refused_with_both_sides(api: Api) -> None:
    api.ask("POST", "/destinations", DESK)
    api.ask("POST", "/promotions", {"version": 2, "expected_production": 1})
    for query in ("", "?dry_run=true"):
        refused = api.ask("POST", f"/rollbacks{query}", {"version": 1, "expected_production": 9})
        assert (refused.status_code, refused.json["code"], refused.json["current"]) == (409, "conflict", 2)
