"""Real calls played again over the API: what it says, who may ask, and what a token of the sandbox does not learn."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.api.asking import Api
from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, DOCUMENT, Application
from tests.redis_server import wait_until
from tests.stand_in import Call, Twilio
from tests.stand_in.far_end import Answer
from tests.stand_in.transport import WsgiTransport
from webapp.calls.reader import CallReader
from webapp.people.roles import Role


@pytest.fixture
def call_sid(application: Application) -> str:
    """A call to the billing line that nobody of billing took."""
    twilio = Twilio(WsgiTransport(application.app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL)
    far_end = (Answer("sip:503"), Answer("answered"))
    call = Call(over="sip", to="+14155550199", far_end=far_end, at=datetime.now(UTC))
    call_sid = twilio.place_call(call).call_sid
    reader = CallReader(application.services.configurations.store.client)
    wait_until(lambda: (found := reader.get(call_sid)) is not None and found.ends is not None)
    return call_sid


def test_a_replay_says_what_would_be_different_now(api: Api, call_sid: str) -> None:
    same = api.ask("POST", f"/calls/{call_sid}/replays", {"version": "production"}).json
    assert same["differences"] == []
    api.ask("PUT", "/rules/billing-line", DOCUMENT["rules"][0] | {"destination": "front-desk"})
    moved = api.ask("POST", f"/calls/{call_sid}/replays").json
    assert {"what": "path", "then": "billing → front-desk", "now": "front-desk"} in moved["differences"]


def test_the_saved_test_of_a_replay_passes_when_it_is_saved(api: Api, call_sid: str) -> None:
    replayed = api.ask("POST", f"/calls/{call_sid}/replays").json
    assert replayed["fails_at_once"] == []
    assert api.ask("POST", "/tests", replayed["saved_test"]).status_code == 201
    assert api.ask("POST", "/test-runs").json["passed"] is True


def test_a_call_is_played_with_an_older_version_whose_destinations_are_gone_by_now(api: Api, call_sid: str) -> None:
    document = {**DOCUMENT, "destinations": DOCUMENT["destinations"][1:], "rules": []}
    assert api.ask("PUT", "/configuration", document, If_Match="*").status_code == 200
    replayed = api.ask("POST", f"/calls/{call_sid}/replays", {"version": "1"})
    assert replayed.status_code == 200, replayed.json
    assert replayed.json["differences"] == []
    assert replayed.json["fails_at_once"] == ["There is no rule “billing-line”.", "There is no destination “billing”."]


def test_who_sees_numbers_masked_plays_no_call_again(application: Application, call_sid: str) -> None:
    assert Api(application, Role.VIEWER).ask("POST", f"/calls/{call_sid}/replays").status_code == 403


@pytest.mark.parametrize("unknown", ["CA" + "0" * 32, "nonsense"])
def test_a_call_that_is_not_there_is_not_found(api: Api, unknown: str) -> None:
    assert api.ask("POST", f"/calls/{unknown}/replays").status_code == 404


def test_the_impact_names_the_calls_that_would_move(api: Api, call_sid: str) -> None:
    assert api.get("/impact") == {"compared": 1, "left_out": 0, "moved": []}
    api.ask("PUT", "/rules/billing-line", DOCUMENT["rules"][0] | {"destination": "front-desk"})
    found = api.get("/impact")
    assert [one["call_sid"] for one in found["moved"]] == [call_sid]
    assert found["moved"][0]["after"] == {"path": ["front-desk"], "ends": "answered", "rings": [["+14155550100"]]}


def test_a_token_of_the_sandbox_learns_of_no_production_call(application: Application, call_sid: str) -> None:
    sandbox = Api(application, Role.ADMIN, "sandbox")
    assert sandbox.get("/impact")["compared"] == 0
    assert sandbox.ask("POST", f"/calls/{call_sid}/replays").status_code == 404
