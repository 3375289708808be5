"""A live call handed over from code: where the caller goes, what everybody is told, and what must not move."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
import responses

from tests.api.asking import Api
from tests.application import ACCOUNT_SID, BASE_URL
from tests.redis_server import RedisServer
from tests.scenario_app import Stage, staged
from tests.stand_in import Call, Finished
from tests.stand_in.disturbance import Disturbance
from tests.stand_in.far_end import Answer
from tests.stand_in.live_call import LiveCall

CALLS = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Calls"
DESK, BILLING = "+14155550100", "sip:billing@pbx.example.com;transport=tls"
WISH = {
    "destination": "billing", "reason": "refund", "utterance": "Over to $billing.", "context": {"case": 7},
    "headers": {"x-customer-id": "C-$9", "X-Case": "7"}, "variables": {"intent": "refund", "shared_id": "conv-1"},
}  # fmt: skip
RINGING = "during Dial 1"
TALKING = "during the conversation of Dial 1"


@contextmanager
def twilio_rest(answer: Callable[[str, dict[str, str]], Any]) -> Iterator[responses.RequestsMock]:
    """Twilio's call update: `answer` gets the CallSid and the parameters."""

    def update(request: requests.PreparedRequest) -> Any:
        sid = str(request.url).rpartition("/")[2].removesuffix(".json")
        return answer(sid, dict(parse_qsl(str(request.body))))

    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        import re

        mock.add_callback(responses.POST, re.compile(re.escape(CALLS) + "/CA.*"), update)
        yield mock


@pytest.fixture
def stage(redis_url: str, tmp_path: Any) -> Iterator[Stage]:
    from tests.application import DOCUMENT

    with staged(DOCUMENT, redis_url, tmp_path, owned_numbers=["+14155550198"]) as stage:
        yield stage


@pytest.fixture
def api(stage: Stage) -> Api:
    return Api(stage.application)


def play(stage: Stage, at: str, act: Callable[[LiveCall], None], **more: Any) -> Finished:
    call = Call(to="+14155550198", disturbance=Disturbance(at={at: act}), may_repeat_targets=True, **more)
    finished = stage.play(call)
    stage.application.services.voice_store.flush()
    return finished


def redirecting(live: LiveCall) -> Callable[[str, dict[str, str]], Any]:
    def answer(sid: str, order: dict[str, str]) -> Any:
        assert sid == live.leg.sid
        assert set(order) <= {"Url", "Method", "FallbackUrl", "FallbackMethod"}
        assert order["Url"].startswith(f"{BASE_URL}/voice/transfer?s=1.")
        live.redirect(order["Url"], order["Method"])
        return 200, {}, f'{{"sid": "{sid}", "status": "in-progress"}}'

    return answer


def transferring(api: Api, wish: dict[str, Any], answers: list[Any]) -> Callable[[LiveCall], None]:
    def act(live: LiveCall) -> None:
        api.application.services.voice_store.flush()
        with twilio_rest(redirecting(live)):
            answers.append(api.ask("POST", f"/calls/{live.leg.sid}/handoff", wish))

    return act


@pytest.mark.parametrize("at", [RINGING, TALKING])
def test_an_agent_hands_a_live_call_over_with_its_own_words_and_headers(stage: Stage, api: Api, at: str) -> None:
    answers: list[Any] = []
    finished = play(stage, at, transferring(api, WISH, answers), far_end=(Answer("answered"), Answer("answered")))
    assert finished.require().path == [(DESK,), (BILLING,)]
    assert answers[0].status_code == 202, answers[0].json
    assert answers[0].json["state"] == "redirected"
    assert "Over to $billing." in finished.heard
    assert {"x-customer-id": "C-$9", "X-Case": "7"}.items() <= dict(finished.attempts[1].headers).items()
    call = api.get(f"/calls/{finished.call_sid}")
    assert call["path"] == ["front-desk", "billing"]
    assert [one["number"] for one in call["attempts"]] == [1, 2]
    assert call["ends"] == "answered"
    assert call["reason"] == "refund"


def test_the_dial_that_the_redirect_ended_is_logged_and_moves_nothing(stage: Stage, api: Api) -> None:
    finished = play(stage, RINGING, transferring(api, WISH, []), far_end=(Answer("no_answer"), Answer("busy")))
    assert finished.ok, finished.report()
    timeline = api.get(f"/calls/{finished.call_sid}")["timeline"]
    kinds = [(one["kind"], one["detail"].get("destination")) for one in timeline if one["kind"] != "leg"]
    assert kinds[:6] == [
        ("decided", "front-desk"), ("handed_off", "front-desk"), ("outcome", "front-desk"),
        ("transferred", "billing"), ("decided", "billing"), ("handed_off", "billing"),
    ]  # fmt: skip
    moved = next(one for one in timeline if one["kind"] == "outcome")
    assert moved["detail"]["taken_elsewhere"] is True
    assert [one["kind"] for one in timeline].count("hung_up") <= 1


def test_without_a_destination_the_rules_decide_with_the_variables(stage: Stage, api: Api) -> None:
    rule = {
        "id": "refunds",
        "name": "Refunds",
        "destination": "billing",
        "when": {"variable": "intent", "is": "refund"},
    }
    assert api.ask("POST", "/rules", rule).status_code == 201
    assert api.ask("POST", "/promotions", {"version": 2, "expected_production": 1}).status_code == 201
    finished = play(stage, TALKING, transferring(api, {"variables": {"intent": "refund"}}, []))
    call = api.get(f"/calls/{finished.call_sid}")
    assert (call["path"], call["rule"]) == (["front-desk", "billing"], "refunds")


def test_handoff_state_tells_the_true_outcome_by_either_id(stage: Stage, api: Api) -> None:
    finished = play(stage, TALKING, transferring(api, WISH, []), far_end=(Answer("answered"), Answer("answered")))
    state = api.get("/handoff-state?shared_id=conv-1")
    assert state == api.get(f"/handoff-state?id={finished.call_sid}")
    assert (state["id"], state["shared_id"]) == (finished.call_sid, "conv-1")
    data = state["data"]
    assert (data["state"], data["outcome"], data["handoff_destination"]) == ("completed", "answered", "billing")
    assert (data["context"], data["variables"]["intent"]) == ({"case": 7}, "refund")
    assert api.ask("GET", "/handoff-state").status_code == 400
    assert api.ask("GET", "/handoff-state?shared_id=nobody").status_code == 404


def test_of_two_handoffs_at_once_one_wins(stage: Stage, api: Api) -> None:
    answers: list[Any] = []

    def act(live: LiveCall) -> None:
        stage.application.services.voice_store.flush()
        with twilio_rest(redirecting(live)):
            path = f"/calls/{live.leg.sid}/handoff"
            threads = [threading.Thread(target=lambda: answers.append(api.ask("POST", path, WISH))) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    finished = play(stage, TALKING, act)
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    assert api.get(f"/calls/{finished.call_sid}")["path"] == ["front-desk", "billing"]


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


def asking_of(api: Api, given: Any) -> Callable[[LiveCall], None]:
    def act(live: LiveCall) -> None:
        api.application.services.voice_store.flush()
        with twilio_rest(lambda sid, order: given):
            api.ask("POST", f"/calls/{live.leg.sid}/handoff", WISH)

    return act


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


def test_a_handoff_that_twilio_took_is_told_as_taken(stage: Stage, api: Api) -> None:
    finished = play(stage, TALKING, transferring(api, WISH, []), far_end=(Answer("answered"), Answer("answered")))
    data = api.get(f"/handoff-state?id={finished.call_sid}")["data"]
    assert data["requested"] == {"number": 1, "destination": "billing", "state": "taken"}


def test_while_redis_is_away_a_handoff_is_refused_and_the_call_goes_on(tmp_path: Any) -> None:
    from tests.application import DOCUMENT

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


def test_told_variables_reach_the_rules_and_reserved_names_are_refused(stage: Stage, api: Api) -> None:
    answers: list[Any] = []

    def act(live: LiveCall) -> None:
        stage.application.services.voice_store.flush()
        path = f"/calls/{live.leg.sid}/variables"
        answers.append(api.ask("PATCH", path, {"variables": {"intent": "booking", "tier": "vip"}}))
        answers.append(api.ask("PATCH", path, {"variables": {"tier": None}}))
        for name in ("caller_id", "digits", "sip_x_customer_id", "handoff_reason", "arrived_over"):
            answers.append(api.ask("PATCH", path, {"variables": {name: "me"}}))

    finished = play(stage, TALKING, act)
    assert [answer.status_code for answer in answers] == [200, 200, 422, 422, 422, 422, 422]
    assert answers[1].json["variables"] == {"intent": "booking"}
    assert api.get(f"/calls/{finished.call_sid}")["variables"]["intent"] == "booking"


def test_a_sandbox_token_learns_nothing_of_production_calls_and_a_viewer_sees_numbers_masked(
    stage: Stage, api: Api
) -> None:
    finished = stage.play(Call())
    stage.application.services.voice_store.flush()
    sandbox = Api(stage.application, environment="sandbox")
    assert sandbox.get("/calls?limit=1") == {"data": [], "next_cursor": None}
    assert sandbox.ask("GET", f"/calls/{finished.call_sid}").status_code == 404
    from webapp.people.roles import Role

    viewer = Api(stage.application, Role.VIEWER)
    assert viewer.get(f"/calls/{finished.call_sid}")["from"] == "******23"
    assert api.get(f"/calls/{finished.call_sid}")["from"] == "+12125550123"


def test_the_counters_count_each_attempt_once_however_often_it_is_reported(stage: Stage, api: Api) -> None:
    stage.play(Call(disturbance=Disturbance(repeat=1.0, replays=2), may_repeat_targets=True))
    stage.application.services.voice_store.flush()
    client = stage.application.app.test_client()
    text = client.get("/metrics", headers={"Authorization": f"Bearer {api.secret}"}).get_data(as_text=True)
    assert 'handoff_calls_total{status="completed"} 1.0' in text
    assert client.get("/metrics").status_code == 401
