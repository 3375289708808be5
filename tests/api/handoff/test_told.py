"""What a call is told and what is told of it: variables, roles, counters."""

from __future__ import annotations

from typing import Any

from tests.api.asking import Api
from tests.api.handoff.handing_over import (
    TALKING,
    play,
)
from tests.scenario_app import Stage
from tests.stand_in import Call
from tests.stand_in.disturbance import Disturbance
from tests.stand_in.live_call import LiveCall
from webapp.people.roles import Role


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
