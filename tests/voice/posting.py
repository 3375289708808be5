"""Single webhooks of one call, signed as Twilio signs them, and what its timeline says afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import urlencode

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL
from tests.scenario_app import Stage
from tests.stand_in.signing import signature
from tests.stand_in.transport import Request
from webapp.calls.reader import CallReader
from webapp.calls.record import CallRecord
from webapp.calls.sentences import sentence

PARENT, CHILD, OTHER_CHILD = "CA" + "3" * 32, "CA" + "4" * 32, "CA" + "5" * 32
ABOUT = {"AccountSid": ACCOUNT_SID, "From": "+12125550123"}
URL = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1"
RECORDING = {"RecordingSid": "RE" + "1" * 32, "RecordingUrl": URL, "RecordingDuration": "7"}
CALLER = ABOUT | {"CallSid": PARENT, "To": "+14155550199"}


def post(stage: Stage, target: str, form: Mapping[str, str]) -> str:
    """`target` is the path with its query."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": signature(AUTH_TOKEN, BASE_URL + target, form.items()),
    }
    answer = stage.twilio.transport.send(Request("POST", target, headers, urlencode(form).encode()))
    assert answer.status in (200, 204)
    return answer.body.decode()


def url_in(document: str, attribute: str) -> str:
    """The first URL of this attribute as a `target`: without our address and the connection overrides."""
    found = re.search(rf'{attribute}="([^"]+)"', document)
    assert found is not None
    return unescape(found[1]).partition("#")[0].removeprefix(BASE_URL)


def record_of(stage: Stage, call_sid: str = PARENT) -> CallRecord:
    services = stage.application.services
    assert services.voice_store.flush(5)
    record = CallReader(services.configurations.store.client).get(call_sid)
    assert record is not None
    return record


def told(stage: Stage, call_sid: str = PARENT) -> list[str]:
    """The timeline in sentences, with the ids of destinations for their names."""
    return [sentence(event, {}) for event in record_of(stage, call_sid).events]
