"""What a refusal says: what is wrong, and a fix that a caller of the API can carry out."""

from __future__ import annotations

import gzip

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
    for body, kind in (([], "a list"), ("x", "a single value"), (b"null", "empty"), (b" ", "empty")):
        refused = api.ask("POST", path, body, Content_Type="application/json")
        (error,) = refused.json["errors"]
        assert (refused.status_code, refused.json["fix"]) == (400, fix)
        assert error == {
            "pointer": "",
            "detail": f"The body is {kind}, not an object.",
            "fix": fix,
            "severity": "error",
        }


def test_a_compressed_body_is_told_as_one(api: Api) -> None:
    refused = api.ask("POST", "/rules", gzip.compress(b"{}"), Content_Type="application/json", Content_Encoding="gzip")
    assert (refused.status_code, refused.json["fix"]) == (415, "Send it as it is, without Content-Encoding.")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("PATCH", "/destinations", "GET, HEAD, POST"), ("OPTIONS", "/tests/a/b", "DELETE, GET, HEAD, PUT"),
     ("DELETE", "/openapi.json", "GET, HEAD"), ("POST", "/problems/conflict", "GET, HEAD"),
     ("GET", "/promotions", "POST")],
)  # fmt: skip
def test_a_method_that_a_path_has_not_is_told_with_those_that_it_has(
    api: Api, method: str, path: str, allowed: str
) -> None:
    refused = api.ask(method, path)
    assert (refused.status_code, refused.headers["Allow"]) == (405, allowed)
    assert refused.json["detail"] == f"/api/v1{path} takes {allowed}, and was asked with {method}."


def test_a_path_that_there_is_not_leads_to_the_list_of_all_paths(api: Api) -> None:
    for path in ("/nowhere", "/destinations/", ""):
        assert api.ask("GET", path).json["fix"] == "GET /api/v1/openapi.json lists what there is."


@pytest.mark.parametrize("path", ["/destinations", "/versions", "/audit", "/calls", "/messages"])
def test_a_cursor_of_no_list_is_told_alike_everywhere(api: Api, path: str) -> None:
    refused = api.ask("GET", f"{path}?cursor=x")
    (error,) = refused.json["errors"]
    assert (refused.status_code, error["parameter"]) == (400, "cursor")
    assert error["detail"] == "This cursor is none of ours."
    assert refused.json["fix"] == error["fix"] == "Send `next_cursor` of the page before, or leave it out."


@pytest.mark.parametrize("path", ["/configuration", "/deployment"])
@pytest.mark.parametrize("seen", ['"abc"', 'W/"1"', "1", '"1", "2"'])
def test_an_if_match_that_is_no_etag_of_ours_is_told_at_the_header(api: Api, path: str, seen: str) -> None:
    refused = api.ask("PUT", path, {}, If_Match=seen)
    (error,) = refused.json["errors"]
    assert (refused.status_code, error["parameter"]) == (400, "If-Match")
    assert refused.json["fix"] == error["fix"]
    assert "with its quotes" in error["fix"]


@pytest.mark.parametrize(
    ("path", "body", "pointer", "fix"),
    [("/tokens", {"name": "a\nb", "role": "viewer"}, "/name", "Write one line of letters, digits and signs."),
     ("/numbers/+14155550199/connect", {"fallback_url": "x"}, "/fallback_url", "Begin it with https://, or leave it"),
     ("/messages", {"call_sid": "CA1", "body": "Hello"}, "/call_sid", "Write CA and 32 hexadecimal digits."),
     ("/destinations", {"id": None, "name": "A", "route": "1001"}, "/id", "Write one, or leave the key out.")],
)  # fmt: skip
def test_a_form_that_only_a_program_reads_is_put_in_words(
    api: Api, path: str, body: dict[str, object], pointer: str, fix: str
) -> None:
    (error,) = (one for one in api.ask("POST", path, body).json["errors"] if one["severity"] == "error")
    assert error["pointer"] == pointer
    assert fix in error["fix"]
