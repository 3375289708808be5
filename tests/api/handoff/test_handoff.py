"""A live call handed over from code: where the caller goes, and what everybody is told."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.api.asking import Api
from tests.api.handoff.handing_over import (
    BILLING,
    DESK,
    RINGING,
    TALKING,
    WISH,
    play,
    redirecting,
    transferring,
    twilio_rest,
)
from tests.application import BASE_URL
from tests.scenario_app import Stage
from tests.stand_in.far_end import Answer
from tests.stand_in.live_call import LiveCall
from tests.voice.posting import CALLER, PARENT, post, url_in
from webapp import urls


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


def test_a_handoff_that_twilio_took_is_told_as_taken(stage: Stage, api: Api) -> None:
    finished = play(stage, TALKING, transferring(api, WISH, []), far_end=(Answer("answered"), Answer("answered")))
    data = api.get(f"/handoff-state?id={finished.call_sid}")["data"]
    assert data["requested"] == {"number": 1, "destination": "billing", "state": "taken"}


def test_a_number_that_twilio_refused_to_show_is_not_shown_after_a_transfer(stage: Stage, api: Api) -> None:
    about, urls_taken = CALLER | {"To": "+14155550198", "CallStatus": "in-progress"}, []
    first = post(stage, urls.CALL, about)
    again = post(stage, url_in(first, "action"), about | {"DialCallStatus": "failed", "ErrorCode": "13214"})
    stage.application.services.voice_store.flush()

    def taken(sid: str, order: dict[str, str]) -> Any:
        urls_taken.append(order["Url"].removeprefix(BASE_URL).partition("#")[0])
        return 200, {}, f'{{"sid": "{sid}", "status": "in-progress"}}'

    with twilio_rest(taken):
        api.ask("POST", f"/calls/{PARENT}/handoff", {"destination": "front-desk"})
    transferred = post(stage, urls_taken[0], about)
    shown = [url_in(document, "callerId") for document in (first, again, transferred)]
    assert shown == [CALLER["From"], "+14155550198", "+14155550198"]
