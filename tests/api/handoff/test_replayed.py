"""A call that the API handed over is played again from there on, and its own version does with it what it did."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.asking import Api
from tests.api.handoff.handing_over import RINGING, TALKING, WISH, play, transferring
from tests.scenario_app import Stage
from tests.stand_in.far_end import Answer

BUSY_THEN_ANSWERED = (Answer("answered"), Answer("busy"), Answer("answered"))


def replayed(api: Api, sid: str, version: str = "production") -> Any:
    return api.ask("POST", f"/calls/{sid}/replays", {"version": version}).json


@pytest.mark.parametrize("at", [RINGING, TALKING])
@pytest.mark.parametrize("wish", [WISH, {"variables": {"intent": "refund"}}], ids=["named", "by the rules"])
def test_a_handed_over_call_goes_the_same_way_with_its_own_version(
    stage: Stage, api: Api, at: str, wish: dict[str, Any]
) -> None:
    finished = play(stage, at, transferring(api, wish, []), far_end=BUSY_THEN_ANSWERED)
    found = replayed(api, finished.call_sid)
    assert found["differences"] == []
    assert found["fails_at_once"] == []


def test_a_version_that_moves_whom_the_api_named_is_seen_in_replay_and_impact(stage: Stage, api: Api) -> None:
    finished = play(stage, TALKING, transferring(api, WISH, []), far_end=BUSY_THEN_ANSWERED)
    changed = {**api.get("/destinations/billing"), "fallback": [{"voicemail": {}}]}
    assert api.ask("PUT", "/destinations/billing", changed).status_code == 200
    assert api.get("/impact")["moved"][0]["after"]["ends"] == "voicemail"
    assert [one["what"] for one in replayed(api, finished.call_sid, "sandbox")["differences"]] == ["path", "ends"]


def test_what_is_asked_for_where_no_agent_meets_the_caller_is_played_as_the_api_would(stage: Stage, api: Api) -> None:
    call = {"from": "+12125550123", "to": "+14155550198"}
    assert api.ask("POST", "/simulations", {"call": {**call, "asked_for": "billing"}}).json["path"] == ["billing"]
    assert api.ask("POST", "/simulations", {"call": {**call, "asked_for": "nowhere"}}).json["path"] == ["front-desk"]
