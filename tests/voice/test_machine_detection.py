"""A machine on the far leg is known whichever report tells of it: the one of machine detection, or the leg's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL
from tests.scenario_app import Stage, staged
from tests.stand_in.signing import signature
from tests.stand_in.transport import Request
from webapp import urls

PARENT, CHILD = "CA" + "3" * 32, "CA" + "4" * 32
ABOUT = {"AccountSid": ACCOUNT_SID, "From": "+12125550123"}
CALLER = ABOUT | {"CallSid": PARENT, "To": "+14155550199"}
LEG = ABOUT | {"CallSid": CHILD, "ParentCallSid": PARENT, "To": "+14155550101"}
CONFIGURATION = {
    "schema": 1, "name": "A mobile", "default_destination": "mobile",
    "destinations": [
        {"id": "mobile", "name": "Mobile", "method": "INVITE", "route": "+14155550101", "screen": "accept",
         "machine_detection": True, "fallback": [{"destination": "desk", "on": ["machine"]}, {"say": "Nobody."}]},
        {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550102"},
    ],
}  # fmt: skip


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        yield stage


def post(stage: Stage, target: str, form: Mapping[str, str]) -> str:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": signature(AUTH_TOKEN, BASE_URL + target, form.items()),
    }
    answer = stage.twilio.transport.send(Request("POST", target, headers, urlencode(form).encode()))
    assert answer.status in (200, 204)
    return answer.body.decode()


def url_in(document: str, attribute: str) -> str:
    found = re.search(rf'{attribute}="([^"]+)"', document)
    assert found is not None
    return unescape(found[1]).partition("#")[0].removeprefix(BASE_URL)


@pytest.mark.parametrize(
    "report",
    [{"AccountSid": ACCOUNT_SID, "CallSid": CHILD}, LEG | {"CallStatus": "in-progress"}],
    ids=["of machine detection", "of the leg"],
)
@pytest.mark.parametrize(("answered_by", "goes_on"), [("machine_start", "+14155550102"), ("human", "Nobody.")])
def test_the_step_for_a_machine_follows_whichever_report_tells_of_it(
    stage: Stage, report: Mapping[str, str], answered_by: str, goes_on: str
) -> None:
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    post(stage, url_in(document, "amdStatusCallback"), {**report, "AnsweredBy": answered_by})
    ended = {"CallStatus": "in-progress", "DialCallStatus": "completed", "DialBridged": "false"}
    assert goes_on in post(stage, url_in(document, "action"), CALLER | ended)
