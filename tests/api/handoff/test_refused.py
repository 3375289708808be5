"""A handoff that is not made: Twilio, the store or the wish says no, and the call goes on."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.api.asking import Api
from tests.api.handoff.handing_over import (
    TALKING,
    WISH,
    asking_of,
    play,
    transferring,
    twilio_rest,
)
from tests.application import DOCUMENT
from tests.redis_server import RedisServer
from tests.scenario_app import Stage, staged
from tests.stand_in import Call
from tests.stand_in.live_call import LiveCall


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ((400, {}, '{"code": 21220, "message": "Invalid call state"}'), 409, "call_over"),
        ((404, {}, '{"code": 20404, "message": "not found"}'), 404, "not_found"),
        ((401, {}, '{"code": 20003, "message": "Authenticate"}'), 502, "twilio_refused"),
        ((429, {}, '{"code": 20429, "message": "Too many"}'), 503, "twilio_away"),
        ((500, {}, '{"code": 20500, "message": "oops"}'), 504, "twilio_uncertain"),
        ((200, {}, "<html>"), 504, "twilio_uncertain"),
        (requests.ReadTimeout(), 504, "twilio_uncertain"),
        (requests.ConnectTimeout(), 503, "twilio_away"),
    ],
)  # fmt: skip
def test_what_twilio_says_is_told_as_it_is_and_the_call_goes_on(
    stage: Stage, api: Api, given: Any, status: int, code: str
) -> None:
    answers: list[Any] = []

    def act(live: LiveCall) -> None:
        stage.application.services.voice_store.flush()

        def answer(sid: str, order: dict[str, str]) -> Any:
            if isinstance(given, Exception):
                raise given
            return given

        with twilio_rest(answer):
            answers.append(api.ask("POST", f"/calls/{live.leg.sid}/handoff", WISH))

    finished = play(stage, TALKING, act)
    assert finished.ok, finished.report()
    assert (answers[0].status_code, answers[0].json["code"]) == (status, code)
    if status != 504:
        assert api.get(f"/calls/{finished.call_sid}")["ends"] == "answered"


def test_a_refused_handoff_leaves_nothing_of_the_wish_on_the_call(stage: Stage, api: Api) -> None:
    refused = asking_of(api, (401, {}, '{"code": 20003, "message": "Authenticate"}'))
    finished = play(stage, TALKING, refused)
    data = api.get(f"/handoff-state?id={finished.call_sid}")["data"]
    assert data["requested"] == {"number": 1, "destination": "billing", "state": "refused"}
    assert data["context"] == {}
    assert not {"intent", "shared_id"} & set(data["variables"])
    assert api.ask("GET", "/handoff-state?shared_id=conv-1").status_code == 404


def test_a_handoff_whose_answer_was_lost_is_told_apart_from_what_the_call_did(stage: Stage, api: Api) -> None:
    finished = play(stage, TALKING, asking_of(api, (500, {}, '{"code": 20500, "message": "oops"}')))
    data = api.get(f"/handoff-state?id={finished.call_sid}")["data"]
    assert (data["state"], data["handoff_destination"], data["context"]) == ("completed", "front-desk", {})
    assert data["requested"] == {"number": 1, "destination": "billing", "state": "uncertain"}


def test_while_redis_is_away_a_handoff_is_refused_and_the_call_goes_on(tmp_path: Any) -> None:
    with RedisServer() as server, staged(DOCUMENT, server.url, tmp_path) as stage:
        api, answers = Api(stage.application), []
        api.get("/calls")

        def act(live: LiveCall) -> None:
            server.pause()
            answers.append(api.ask("POST", f"/calls/{live.leg.sid}/handoff", WISH))
            server.resume()

        finished = play(stage, TALKING, act)
    assert finished.ok, finished.report()
    assert (answers[0].status_code, answers[0].json["code"]) == (503, "store_away")


def test_a_call_that_is_over_or_unknown_is_not_touched(stage: Stage, api: Api) -> None:
    finished = stage.play(Call())
    stage.application.services.voice_store.flush()
    over = api.ask("POST", f"/calls/{finished.call_sid}/handoff", WISH)
    assert (over.status_code, over.json["code"]) == (409, "call_over")
    assert api.ask("PATCH", f"/calls/{finished.call_sid}/variables", {"variables": {"a": "1"}}).status_code == 409
    for sid in ("CA" + "f" * 32, "nonsense"):
        assert api.ask("POST", f"/calls/{sid}/handoff", WISH).status_code == 404


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"destination": "nowhere"}, "/destination"),
        ({"headers": {"Via": "x"}}, "/headers/Via"),
        ({"headers": {"X-Long": "ä" * 400}}, "/headers"),
        ({"headers": {"X-A/B": "x"}}, "/headers/X-A~1B"),
        ({"headers": {"X-Case": "x", "x-case": "y"}}, "/headers/x-case"),
        ({"variables": {"caller_id": "+1"}}, "/variables/caller_id"),
        ({"variables": {"No Name": "x"}}, "/variables/No Name"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_before_the_call_is_touched(
    stage: Stage, api: Api, change: dict[str, Any], pointer: str
) -> None:
    answers: list[Any] = []
    finished = play(stage, TALKING, transferring(api, WISH | change, answers))
    [fault] = answers[0].json["errors"]
    assert (answers[0].status_code, fault["pointer"]) == (422, pointer)
    assert fault["fix"]
    assert api.get(f"/calls/{finished.call_sid}")["path"] == ["front-desk"]
