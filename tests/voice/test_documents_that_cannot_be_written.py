"""A step that no document can hold never costs the caller the call, and lists say where the call went instead."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.scenario_app import staged
from tests.voice.posting import CALLER, post
from webapp import urls
from webapp.calls.reading import CallReader
from webapp.calls.sentences import sentence
from webapp.calls.wanted import Wanted
from webapp.configurations.published import publish
from webapp.simulator import AS_CONFIGURED, SimulatedCall, simulate

AT = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
DESK, NIGHT = "+14155550101", "+14155550102"
NOTE = {"name": "X-Note", "value": "$note", "if_missing": "fail"}
CONFIGURATION: dict[str, Any] = {
    "schema": 1, "name": "Not to be written", "default_destination": "desk",
    "destinations": [
        {"id": "desk", "name": "Desk", "method": "INVITE", "route": DESK},
        {"id": "noted", "name": "Noted", "method": "INVITE", "route": "sip:noted@pbx.example.com", "headers": [NOTE],
         "fallback": [{"destination": "night"}]},
        {"id": "night", "name": "Night", "method": "INVITE", "route": NIGHT},
    ],
}  # fmt: skip
RELAY = {"kind": "conversation_relay", "url": "wss://agent.example.com/talk"}


@pytest.mark.parametrize(
    "intake",
    [
        RELAY | {"parameters": {"customer id": "$customer_id"}},
        RELAY | {"url": "wss://agent.example.com/t{a}lk"},
        {"kind": "stream", "url": "wss://ägent.example.com/talk"},
    ],
    ids=["a name of a parameter", "a path", "a host"],
)
def test_a_version_from_before_the_check_whose_agent_cannot_be_asked_lets_the_rules_decide(
    intake: dict[str, Any],
) -> None:
    call = SimulatedCall("+12125550123", "+14155550199", "phone", AT)
    played = simulate(publish(CONFIGURATION | {"intake": intake}), call, environment=AS_CONFIGURED)
    assert played.path == ("desk",)
    assert [sentence(event, {}) for event in played.events][1:4] == [
        "That step could not be reached",
        "Decided for desk: no rule matched, so the default destination",
        "Handed off to desk by Dial",
    ]


def test_lists_name_the_destination_that_was_rung_in_place_of_one_without_its_header(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    with staged(CONFIGURATION | {"default_destination": "noted"}, redis_url, tmp_path) as stage:
        assert NIGHT in post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
        assert stage.application.services.voice_store.flush(5)
        assert [call.destination for call in CallReader(redis).find(Wanted()).calls] == ["night"]
