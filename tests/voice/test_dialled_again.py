"""A caller ID that Twilio refused is replaced, and what the API wished of the handoff goes along a second time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from redis import Redis

from tests.scenario_app import Stage, staged
from tests.voice.posting import CALLER, PARENT, post, url_in
from webapp import urls
from webapp.calls.timeline import GENERATION, TRANSFERS
from webapp.store import keys
from webapp.voice.state import CallState

IS_THERE = {"CallStatus": "in-progress"}
REFUSED = IS_THERE | {"DialCallStatus": "failed", "ErrorCode": "13214"}
CONFIGURATION: dict[str, Any] = {
    "schema": 1, "name": "Mixed", "default_destination": "team",
    "destinations": [
        {"id": "team", "name": "Team", "method": "INVITE", "route": ["+14155550101", "sip:team@pbx.example.com"],
         "headers": [{"name": "X-Case", "value": "none"}, {"name": "X-Team", "value": "A"}],
         "fallback": [{"destination": "second"}]},
        {"id": "second", "name": "Second", "method": "INVITE", "route": ["+14155550102", "sip:second@pbx.example.com"]},
    ],
}  # fmt: skip


def transferred(stage: Stage, redis: Redis, wish: dict[str, Any]) -> str:
    """The document of a transfer to the team, in which its mobile is shown the caller's number."""
    post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    services = stage.application.services
    redis.hset(keys.call_steps(PARENT), TRANSFERS, "1")
    redis.hset(keys.call_handoff(PARENT), mapping={"state": "redirected", "number": "1", "wish:1": json.dumps(wish)})
    version = str(services.live.environment("production").version)
    state = CallState("production", version, None, "", None, attempt=GENERATION, destination="team")
    return post(stage, f"{urls.TRANSFER}?s={services.state_keys.write(state, PARENT)}", CALLER | IS_THERE)


def test_headers_that_the_api_gave_go_along_again(redis_url: str, redis: Redis, tmp_path: Path) -> None:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        document = transferred(stage, redis, {"headers": {"X-Case": "$7"}})
        headers = "?X-Case=%247&amp;X-Team=A"
        assert headers in document
        again = post(stage, url_in(document, "action"), CALLER | REFUSED)
        assert headers in again
        assert 'callerId="+14155550199"' in again
        assert post(stage, url_in(document, "action"), CALLER | REFUSED) == again


def test_headers_that_the_api_gave_are_not_those_of_the_next_step(redis_url: str, redis: Redis, tmp_path: Path) -> None:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        document = transferred(stage, redis, {"headers": {"X-Case": "7"}})
        busy = {"DialCallStatus": "busy"}
        second = post(stage, url_in(document, "action"), CALLER | IS_THERE | busy)
        assert "sip:second@pbx.example.com<" in second
        assert "sip:second@pbx.example.com<" in post(stage, url_in(second, "action"), CALLER | REFUSED)
