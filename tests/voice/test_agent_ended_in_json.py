"""Twilio's page on ConversationRelay shows the callback of `<Connect>` as JSON, others are forms: both are read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL
from tests.scenario_app import Stage, staged
from tests.stand_in.signing import signature, with_body_hash
from tests.stand_in.transport import Request, Response
from webapp import urls

CALL_SID = "CA" + "7" * 32
AGENT = {"kind": "conversation_relay", "url": "wss://agent.example.com/socket"}
CONFIGURATION = {
    "schema": 1, "name": "An agent first", "default_destination": "desk", "intake": AGENT,
    "destinations": [
        {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550100"},
        {"id": "billing", "name": "Billing", "method": "INVITE", "route": "+14155550101"},
    ],
}  # fmt: skip
CALL = {"CallSid": CALL_SID, "AccountSid": ACCOUNT_SID, "From": "+12125550123", "To": "+14155550199"}
ENDED = CALL | {"CallStatus": "in-progress", "SessionId": "VX" + "1" * 32, "SessionStatus": "ended"}
WISH = {"destination": "billing"}


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        yield stage


def callback_of(stage: Stage) -> str:
    """The address that the document of a new call gives for the end of the agent."""
    form = CALL | {"CallStatus": "ringing"}
    body = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in form.items()).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    signed = signature(AUTH_TOKEN, BASE_URL + urls.CALL, form.items())
    answer = send(stage, urls.CALL, headers | {"X-Twilio-Signature": signed}, body)
    action = re.search(rb'action="([^"]+)"', answer.body)
    assert action is not None
    return unescape(action[1].decode()).partition("#")[0].removeprefix(BASE_URL)


def send(stage: Stage, target: str, headers: dict[str, str], body: bytes) -> Response:
    return stage.twilio.transport.send(Request("POST", target, headers, body))


def send_json(stage: Stage, target: str, body: bytes) -> Response:
    target = with_body_hash(target, body)
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": signature(AUTH_TOKEN, BASE_URL + target)}
    return send(stage, target, headers, body)


@pytest.mark.parametrize("data", [json.dumps(WISH), WISH], ids=["a text that is JSON", "an object"])
def test_a_handover_that_comes_as_json_reaches_the_destination_that_the_agent_named(stage: Stage, data: Any) -> None:
    answer = send_json(stage, callback_of(stage), json.dumps(ENDED | {"HandoffData": data}).encode())
    assert answer.status == 200
    assert b"+14155550101</Number>" in answer.body


def test_a_session_that_ended_by_itself_says_so_in_json_too(stage: Stage) -> None:
    answer = send_json(
        stage, callback_of(stage), json.dumps(ENDED | {"SessionDuration": 12, "HandoffData": None}).encode()
    )
    assert answer.status == 200
    assert b"<Hangup" in answer.body


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(ENDED | {"AccountSid": "AC" + "f" * 32}).encode(),
        json.dumps(ENDED | {"CallSid": "CA1"}).encode(),
        json.dumps([ENDED]).encode(),
        json.dumps(ENDED | {"a name": "x"}).encode(),
        json.dumps(ENDED).encode()[:-1] + b', "From": "+19005550100"}',
    ],
    ids=["another account", "no call", "a list", "a name of nobody", "a name twice"],
)
def test_json_that_is_no_callback_of_our_calls_is_refused(stage: Stage, body: bytes) -> None:
    assert send_json(stage, callback_of(stage), body).status == 403


def test_json_whose_body_was_altered_is_refused(stage: Stage) -> None:
    body = json.dumps(ENDED | {"HandoffData": json.dumps(WISH)}).encode()
    target = with_body_hash(callback_of(stage), body)
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": signature(AUTH_TOKEN, BASE_URL + target)}
    assert send(stage, target, headers, body.replace(b"billing", b"desk")).status == 403


def test_no_other_voice_route_reads_json(stage: Stage) -> None:
    assert send_json(stage, urls.CALL, json.dumps(CALL | {"CallStatus": "ringing"}).encode()).status == 403
