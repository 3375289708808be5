"""What a refusal says: what is wrong, and a fix that a caller of the API can carry out."""

from __future__ import annotations

import pytest

from tests.api.asking import Api
from webapp.api.problem import KINDS

NOBODY = "CA" + "0" * 32


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("/versions/99", "/versions"),
        (f"/calls/{NOBODY}", "/calls"),
        ("/versions/99/diff", "/versions"),
        ("/rules/nobody", "/rules"),
        ("/tests/no/body", "/tests"),
    ],
)
def test_what_is_not_there_comes_with_the_path_that_lists_what_is(api: Api, path: str, listed: str) -> None:
    refused = api.ask("GET", path)
    assert (refused.status_code, refused.json["fix"]) == (404, f"GET /api/v1{listed} lists what there is.")


def test_a_token_that_is_not_there_comes_with_the_path_that_lists_them(api: Api) -> None:
    refused = api.ask("DELETE", "/tokens/tok_nobody")
    assert (refused.status_code, refused.json["fix"]) == (404, "GET /api/v1/tokens lists what there is.")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/versions/99"), ("DELETE", "/tokens/tok_nobody"), ("GET", f"/calls/{NOBODY}"), ("POST", "/rollbacks"),
     ("GET", "/destinations/nobody"), ("GET", "/errors/nonsense!"), ("GET", "/nowhere")],
)  # fmt: skip
def test_a_refusal_names_no_command_of_a_terminal(api: Api, method: str, path: str) -> None:
    refused = api.ask(method, path)
    assert refused.status_code in (404, 409)
    assert refused.json["fix"]
    assert "handoff " not in refused.json["detail"] + refused.json["fix"]


def test_no_kind_of_problem_names_a_command_of_a_terminal() -> None:
    assert [code for code, (_, _, fix) in KINDS.items() if "`handoff" in fix] == []


@pytest.mark.parametrize(
    ("path", "parameter", "fix"),
    [("/calls?limit=0", "limit", "Write 1 or more."), ("/calls?limit=many", "limit", "Write digits alone."),
     ("/calls?cursor=x", "cursor", "Send `next_cursor`"), ("/calls?colour=red", "colour", "Write one of"),
     ("/calls?limit=1&limit=2", "limit", "Send it once."), ("/handoff-state", "id", "Send ?id="),
     ("/handoff-state?id=x", "id", "Write CA and 32"), ("/import?dry_run=maybe", "dry_run", "Write true or false.")],
)  # fmt: skip
def test_a_parameter_that_cannot_be_taken_comes_with_its_fix(api: Api, path: str, parameter: str, fix: str) -> None:
    refused = api.ask("POST" if path.startswith("/import") else "GET", path)
    (error,) = refused.json["errors"]
    assert (refused.status_code, error["parameter"]) == (400, parameter)
    assert fix in error["fix"]
    assert "String should" not in error["detail"]


@pytest.mark.parametrize("code", ["nonsense!", "xyz", "1", "sip:", "sip:999", "7" * 200])
def test_what_is_no_code_is_not_explained(api: Api, code: str) -> None:
    refused = api.ask("GET", f"/errors/{code}")
    assert (refused.status_code, refused.json["fix"]) == (404, "Write 13801, sip:486 or refer:202.")


def test_a_code_that_twilio_added_yesterday_is_explained_by_its_link(api: Api) -> None:
    assert api.get("/errors/39999")["link"].endswith("/39999")


def test_a_body_where_none_is_taken_is_to_be_left_out(api: Api) -> None:
    refused = api.ask("DELETE", "/destinations/billing", {})
    assert (refused.status_code, refused.json["fix"]) == (400, "Send it without one.")


@pytest.mark.parametrize(
    ("path", "fix"),
    [("/destinations", "Send one object with `name`."), ("/rules", "Send one object with `name`, `destination`."),
     ("/promotions", "Send one object with `version`, `expected_production`."),
     ("/test-runs", "Send one object; it may have `version`, `configuration`."),
     ("/import", "Send one object with `schema`, `name`, `default_destination`, `destinations`.")],
)  # fmt: skip
def test_a_body_that_is_no_object_is_told_what_the_route_takes(api: Api, path: str, fix: str) -> None:
    for body, kind in (([], "a list"), ("x", "a single value"), (b"null", "empty")):
        refused = api.ask("POST", path, body, Content_Type="application/json")
        (error,) = refused.json["errors"]
        assert (refused.status_code, refused.json["fix"]) == (400, fix)
        assert error == {
            "pointer": "",
            "detail": f"The body is {kind}, not an object.",
            "fix": fix,
            "severity": "error",
        }
