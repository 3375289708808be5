"""A call that the API takes elsewhere while it rings: what Twilio says of the line that rang moves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.scenario_app import Stage, staged
from tests.voice.posting import CALLER, PARENT, post, record_of, told, url_in
from webapp import urls
from webapp.calls.timeline import GENERATION, TRANSFERS
from webapp.store import keys
from webapp.voice.state import CallState

IS_THERE = {"CallStatus": "in-progress"}
CONFIGURATION: dict[str, Any] = {
    "schema": 1, "name": "While it rings", "default_destination": "desk",
    "text_back": {"body": "We missed your call."},
    "destinations": [
        {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550101",
         "fallback": [{"say": "Nobody is here."}]},
        {"id": "second", "name": "Second", "method": "INVITE", "route": "+14155550102"},
    ],
}  # fmt: skip


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        yield stage


def transferred(stage: Stage) -> str:
    """The document that rings the second destination, as the API wished."""
    services = stage.application.services
    version = str(services.live.environment("production").version)
    state = CallState("production", version, None, "", None, attempt=GENERATION, destination="second")
    return post(stage, f"{urls.TRANSFER}?s={services.state_keys.write(state, PARENT)}", CALLER | IS_THERE)


@pytest.mark.parametrize("status", ["canceled", "no-answer"])
def test_no_step_is_told_and_no_text_is_asked_for_in_place_of_the_transfer(
    stage: Stage, redis: Redis, status: str
) -> None:
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    redis.hset(keys.call_steps(PARENT), TRANSFERS, "1")
    post(stage, url_in(document, "action"), CALLER | IS_THERE | {"DialCallStatus": status})
    onward = transferred(stage)
    answered = {"DialCallStatus": "completed", "DialBridged": "true"}
    post(stage, url_in(onward, "action"), CALLER | IS_THERE | answered)
    lines = told(stage)
    assert record_of(stage).path == ("desk", "second")
    assert lines[2].endswith("until the API took the call elsewhere")
    assert [line for line in lines if "text" in line or line.startswith("Said")] == []


def test_who_was_not_rung_yet_when_the_api_took_the_caller_is_not_told_as_rung(stage: Stage, redis: Redis) -> None:
    post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    redis.hset(keys.call_steps(PARENT), TRANSFERS, "1")
    transferred(stage)
    assert record_of(stage).path == ("second",)
