"""The configuration through the API: each write one version, strict, precise about places, and never lost."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.api.asking import Api

DESK = {"id": "night-desk", "name": "Night desk", "method": "INVITE", "route": "+14155550111"}


def etag(answer: Any) -> str:
    return str(answer.headers["ETag"])


def test_a_document_read_and_put_back_is_one_new_version_with_the_author_of_the_token(api: Api) -> None:
    answer = api.ask("GET", "/configuration")
    document = answer.json | {"name": "Another Hotel"}
    saved = api.ask("PUT", "/configuration?note=New+name", document, If_Match=etag(answer))
    assert (saved.status_code, saved.json["version"]) == (200, 2)
    about = api.get("/versions/2")
    assert about["note"] == "New name"
    assert api.token.prefix in about["author"]
    assert api.get("/configuration?version=production")["name"] == "Example Hotel"


def test_a_stale_document_is_refused_with_both_sides(api: Api) -> None:
    answer = api.ask("GET", "/configuration")
    api.ask("POST", "/destinations", DESK)
    mine = answer.json | {"name": "Mine"}
    refused = api.ask("PUT", "/configuration", mine, If_Match=etag(answer))
    assert refused.status_code == 409
    assert refused.json["yours"]["name"] == "Mine"
    assert DESK["id"] in [one["id"] for one in refused.json["theirs"]["destinations"]]
    assert refused.json["current"] == 2


def test_a_whole_document_is_not_replaced_unseen(api: Api) -> None:
    document = api.get("/configuration")
    assert api.ask("PUT", "/configuration", document).status_code == 428
    assert api.ask("PUT", "/configuration", document | {"name": "Over"}, If_Match="*").status_code == 200


def test_whether_a_save_is_durable_stands_in_the_answer(api: Api) -> None:
    saved = api.ask("POST", "/destinations", DESK).json
    assert saved["durable"] is False
    assert "not durable" in saved["why"]


@pytest.mark.parametrize(
    ("part", "key", "item", "change"),
    [
        ("destinations", "night-desk", DESK, {"name": "Nights"}),
        ("rules", "late", {"id": "late", "name": "Late", "destination": "front-desk"}, {"name": "Later"}),
        ("hours", "day", {"id": "day", "name": "Day", "weekly": {"mon-fri": ["09:00-17:00"]}}, {"closed_now": True}),
        ("tests", "a/b", {"name": "a/b", "call": {"from": "+12125550123", "to": "+14155550199"}, "expect": {}},
         {"required": False}),
    ],
)  # fmt: skip
def test_an_item_is_added_read_changed_and_removed(
    api: Api, part: str, key: str, item: dict[str, Any], change: dict[str, Any]
) -> None:
    added = api.ask("POST", f"/{part}", item)
    assert added.status_code == 201, added.json
    path = f"/{part}/{key.replace('/', '%2F')}"
    read = api.ask("GET", path)
    assert read.status_code == 200
    assert etag(read) == etag(added)
    changed = api.ask("PUT", path, item | change, If_Match=etag(read))
    assert changed.status_code == 200, changed.json
    assert api.ask("PUT", path, item, If_Match=etag(read)).status_code == 409
    assert api.ask("POST", f"/{part}", item).status_code == 409
    removed = api.ask("DELETE", path, If_Match=etag(changed))
    assert removed.status_code == 200, removed.json
    assert api.ask("GET", path).status_code == 404
    assert api.get("/versions")["data"][0]["version"] == 4


def test_what_comes_without_an_id_gets_one_of_its_name(api: Api) -> None:
    unnamed = {key: value for key, value in DESK.items() if key != "id"}
    first, second = api.ask("POST", "/destinations", unnamed), api.ask("POST", "/destinations", unnamed)
    assert [first.headers["Location"], second.headers["Location"]] == [
        "/api/v1/destinations/night-desk", "/api/v1/destinations/night-desk-2",
    ]  # fmt: skip
    assert api.get("/destinations/night-desk")["name"] == "Night desk"
    refused = api.ask("POST", "/destinations", {"method": "INVITE", "route": "+14155550111"})
    assert {error["pointer"] for error in refused.json["errors"]} == {"/id", "/name"}


def test_a_fault_is_pointed_at_in_the_body_of_the_request(api: Api) -> None:
    refused = api.ask("POST", "/destinations", DESK | {"ring_seconds": 1, "color": "red"})
    assert refused.status_code == 422
    pointers = {fault["pointer"]: fault for fault in refused.json["errors"] if fault["severity"] == "error"}
    assert set(pointers) == {"/ring_seconds", "/color"}
    assert pointers["/ring_seconds"]["path"] == "destinations/2/ring_seconds"
    assert all(fault["fix"] for fault in pointers.values())


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/destinations", rb'{"id": "\ud800", "name": "N", "method": "BYE"}'),
        ("PUT", "/configuration", rb'{"schema": "1", "name": "\ud800"}'),
        ("POST", "/import", rb'{"schema": "1", "name": "\udfff"}'),
        ("POST", "/simulations", rb'{"call": {"from": "\ud800", "to": "+14155550199"}}'),
        ("POST", "/calls/CA" + "a" * 32 + "/handoff", rb'{"context": {"a": "\ud800"}}'),
    ],
)
def test_half_a_character_is_refused_with_its_line_and_never_stored(
    api: Api, method: str, path: str, body: bytes
) -> None:
    refused = api.ask(method, path, body, Content_Type="application/json", If_Match="*")
    assert (refused.status_code, refused.json["code"]) == (400, "malformed")
    assert "Line 1" in refused.json["detail"]


def test_an_item_that_was_added_is_found_where_the_answer_says(api: Api) -> None:
    added = api.ask("POST", "/destinations", DESK)
    assert added.headers["Location"] == "/api/v1/destinations/night-desk"
    assert api.get(added.headers["Location"].removeprefix("/api/v1"))["name"] == "Night desk"


def test_a_save_may_name_the_sandbox_and_no_other_version(api: Api) -> None:
    document = api.get("/configuration") | {"name": "Other"}
    assert api.ask("PUT", "/configuration?version=sandbox", document, If_Match="*").status_code == 200
    assert api.ask("PUT", "/configuration?version=production", document, If_Match="*").status_code == 400


@pytest.mark.parametrize("version", [1, "1", "sandbox"])
def test_a_version_is_named_by_number_or_word_alike(api: Api, version: int | str) -> None:
    call = {"from": "+12125550123", "to": "+14155550199"}
    assert api.ask("POST", "/simulations", {"version": version, "call": call}).status_code == 200
    assert api.ask("POST", "/test-runs", {"version": version}).status_code == 200


def test_a_reference_that_would_break_is_refused_with_its_place_in_the_document(api: Api) -> None:
    refused = api.ask("DELETE", "/destinations/front-desk")
    assert refused.status_code == 422
    assert {"default_destination"} <= {fault["path"] for fault in refused.json["errors"]}


def test_a_dry_run_checks_everything_and_changes_nothing(api: Api) -> None:
    assert api.ask("POST", "/destinations?dry_run=true", DESK).json["dry_run"] is True
    assert api.ask("POST", "/destinations?dry_run=true", DESK | {"route": "x y"}).status_code == 422
    assert api.ask("DELETE", "/rules/billing-line?dry_run=true").status_code == 200
    assert api.ask("POST", "/promotions?dry_run=true", {"version": 1, "expected_production": 1}).status_code == 200
    assert len(api.get("/versions")["data"]) == 1


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"a": 1, "a": 2}', "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b'{"id": "x"}', "text/plain", 415),
        (b"\xff\xfe{}", "application/json", 400),
    ],
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_refused_with_a_sentence(
    api: Api, content: bytes, kind: str, status: int
) -> None:
    answer = api.ask("POST", "/destinations", content, Content_Type=kind)
    assert answer.status_code == status
    assert answer.json["detail"]


def test_unknown_parameters_and_fields_are_refused(api: Api) -> None:
    unknown = api.ask("GET", "/destinations?colour=red")
    assert (unknown.status_code, unknown.json["errors"][0]["parameter"]) == (400, "colour")
    order = {"version": 1, "expected_production": 1, "id": 7}
    assert api.ask("POST", "/promotions", order).json["errors"][0]["pointer"] == "/id"
    assert api.ask("GET", "/calls?limit=0").status_code == 400


def test_lists_are_paged_to_their_end(api: Api) -> None:
    for number in range(5):
        assert (
            api.ask("POST", "/destinations", DESK | {"id": f"desk-{number}", "name": f"D{number}"}).status_code == 201
        )
    seen: list[str] = []
    cursor = ""
    while True:
        page = api.get(f"/destinations?limit=3{cursor}")
        seen += [one["id"] for one in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == ["billing", "front-desk", *(f"desk-{number}" for number in range(5))]
    numbers = [one["version"] for one in api.get("/versions?limit=4")["data"]]
    assert numbers == [6, 5, 4, 3]


def test_a_request_that_comes_again_under_its_key_happens_once(api: Api) -> None:
    first = api.ask("POST", "/destinations", DESK, Idempotency_Key="one")
    again = api.ask("POST", "/destinations", DESK, Idempotency_Key="one")
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    other = api.ask("POST", "/destinations", DESK | {"id": "other"}, Idempotency_Key="one")
    assert other.status_code == 422
    assert len(api.get("/versions")["data"]) == 2


def test_editors_at_once_lose_nothing(api: Api) -> None:
    statuses: list[int] = []

    def add(number: int) -> None:
        for each in range(5):
            item = DESK | {"id": f"d-{number}-{each}", "name": f"D {number} {each}"}
            statuses.append(api.ask("POST", "/destinations", item).status_code)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [201] * 20
    assert len(api.get("/destinations")["data"]) == 22


def test_a_simulated_call_says_where_it_goes_and_why(api: Api) -> None:
    call = {"from": "+12125550123", "to": "+14155550199", "over": "sip", "variables": {"sip_x_customer_id": "C-1"}}
    found = api.ask("POST", "/simulations", {"version": "production", "call": call, "far_end": ["busy"]}).json
    assert (found["path"], found["ends"], found["rule"]) == (["billing", "front-desk"], "answered", "billing-line")
    assert found["steps"][0]["headers"] == {"X-Customer-ID": "C-1"}


def test_a_simulation_says_which_variables_it_could_not_take(api: Api) -> None:
    call = {"from": "+12125550123", "to": "+14155550199", "variables": {"caller_id": "+19175550100", "sip_x_id": "1"}}
    found = api.ask("POST", "/simulations", {"call": call}).json
    told = {problem["path"]: problem["fix"] for problem in found["problems"] if problem["path"].startswith("call/")}
    assert told == {
        "call/variables/caller_id": "Use `from`.",
        "call/variables/sip_x_id": "Let the call arrive over SIP, or remove it.",
    }
    assert found["steps"][0]["caller_id"] == "+12125550123"


def test_a_simulation_shows_the_configured_route_whatever_version_and_sandbox_phone(api: Api) -> None:
    api.ask("PUT", "/deployment", {"sandbox_phone": "+14155550177"}, If_Match=etag(api.ask("GET", "/deployment")))
    call = {"from": "+12125550123", "to": "+14155550199", "over": "sip"}
    steps = [
        api.ask("POST", "/simulations", {"version": version, "call": call}).json["steps"]
        for version in ("sandbox", "production", "1")
    ]
    assert steps[0] == steps[1] == steps[2]
    assert "sip:billing@pbx.example.com" in steps[0][0]["document"]


def test_an_import_reports_what_it_made_of_a_foreign_file(api: Api) -> None:
    text = (
        b"handoffs:\n  - name: Billing\n    is_default: true\n    mood: calm\n"
        b"    sip_config: {method: invite, phone_number: '+14155550100'}\n"
    )
    seen = api.ask("POST", "/import?dry_run=true", text, Content_Type="application/yaml")
    assert (seen.status_code, seen.json["format"], seen.json["saved"]["dry_run"]) == (200, "polyai", True)
    assert any("mood" in sentence for sentence in seen.json["without_meaning"])
    assert api.ask("POST", "/import", text, Content_Type="text/yaml").json["saved"]["version"] == 2
    assert [rule["id"] for rule in api.get("/rules")["data"]] == ["billing-line"]
    assert [one["id"] for one in api.get("/destinations")["data"]] == ["billing", "front-desk"]


def test_a_document_of_ours_is_imported(api: Api) -> None:
    document = api.get("/configuration") | {"name": "Another Hotel"}
    assert api.ask("POST", "/import", document).json["saved"]["version"] == 2


def test_an_import_of_what_the_sandbox_holds_makes_no_version(api: Api) -> None:
    document = api.get("/configuration")
    for more in ("?dry_run=true", ""):
        answer = api.ask("POST", f"/import{more}", document)
        assert (answer.status_code, answer.json["unchanged"]) == (200, True)
    assert answer.json["saved"]["version"] == 1
    assert [one["version"] for one in api.get("/versions")["data"]] == [1]


def test_the_deployment_document_is_read_and_replaced_under_audit(api: Api) -> None:
    read = api.ask("GET", "/deployment")
    wanted = {"numbers": {"+14155550199": {"environment": "sandbox"}}, "test_callers": ["+12125550123"],
              "sandbox_phone": "+14155550177", "default_caller_id": "+14155550199"}  # fmt: skip
    saved = api.ask("PUT", "/deployment", wanted, If_Match=etag(read))
    assert saved.status_code == 200, saved.json
    shown = api.get("/deployment")
    assert shown["sandbox_phone"] == "+14155550177"
    assert shown["numbers"]["+14155550199"]["environment"] == "sandbox"
    assert api.ask("PUT", "/deployment", wanted, If_Match=etag(read)).status_code == 409
    assert saved.json["problems"] == []
    bad = api.ask("PUT", "/deployment", {"sandbox_phone": "12"}, If_Match="*")
    assert bad.json["errors"][0]["pointer"] == "/sandbox_phone"
    assert api.ask("PUT", "/deployment", {"twilio": {}}, If_Match="*").status_code == 422
    assert api.get("/audit")["data"][0]["subject"] == "deployment"
