"""The number that a called person sees: what the destination names, and one more try when Twilio will not show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.scenario_app import Stage, staged
from tests.voice.posting import ABOUT, CALLER, PARENT, post, record_of, told, url_in
from webapp import urls
from webapp.calls.timeline import Kind

MOBILE, DESK, OURS, CALLED = "+14155550101", "+14155550102", "+14155550180", "+14155550199"
REFUSED = {"CallStatus": "in-progress", "DialCallStatus": "failed", "ErrorCode": "13214"}
OVER_SIP = ABOUT | {
    "CallSid": PARENT, "From": "sip:alice@pbx.example.com", "To": "sip:help@example.sip.twilio.com",
    "SipDomain": "example.sip.twilio.com", "SipCallId": "7a1e@pbx.example.com",
}  # fmt: skip
AS_CLIENT = CALLER | {"From": "client:alice"}


def configuration(**mobile: Any) -> dict[str, Any]:
    first = {"id": "mobile", "name": "Mobile", "method": "INVITE", "route": MOBILE, **mobile}
    first["fallback"] = [{"destination": "desk"}]
    desk = {"id": "desk", "name": "Desk", "method": "INVITE", "route": DESK}
    return {"schema": 1, "name": "Numbers", "default_destination": "mobile", "destinations": [first, desk]}


@contextmanager
def deployed(redis_url: str, folder: Path, document: dict[str, Any], **deployment: Any) -> Iterator[Stage]:
    with staged(document, redis_url, folder) as stage:
        services = stage.application.services
        services.configurations.deployments.save(deployment, author="test", expected=None)
        services.live.refresh()
        yield stage


def dialled(document: str) -> tuple[str | None, str]:
    """The caller ID that is shown, and whom the document rings."""
    shown, rung = re.search(r'callerId="([^"]+)"', document), re.search(r">(\+[0-9]+)</Number>", document)
    assert rung is not None
    return shown and shown[1], rung[1]


def test_a_destination_may_show_the_caller_id_of_the_deployment_by_name(redis_url: str, tmp_path: Path) -> None:
    named = configuration(caller_id=OURS)
    numbers = {CALLED: {"environment": "production"}}
    for deployment in ({"default_caller_id": OURS}, {"numbers": {"+14155550177": {"caller_id": OURS}}}):
        with deployed(redis_url, tmp_path, named, **({"numbers": numbers} | deployment)) as stage:
            assert dialled(post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})) == (OURS, MOBILE)
            stage.application.services.configurations.store.client.flushall()


def test_a_named_number_is_taken_at_its_word_while_no_number_of_ours_is_known(redis_url: str, tmp_path: Path) -> None:
    with deployed(redis_url, tmp_path, configuration(caller_id=OURS), default_caller_id="+14155550177") as stage:
        assert dialled(post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})) == (OURS, MOBILE)


@pytest.mark.parametrize("caller", [OVER_SIP, AS_CLIENT], ids=["over SIP", "a client"])
def test_without_a_number_of_ours_nobody_is_dialled_again_in_vain(
    redis_url: str, tmp_path: Path, caller: dict[str, str]
) -> None:
    with staged(configuration(), redis_url, tmp_path) as stage:
        document = post(stage, urls.CALL, caller | {"CallStatus": "ringing"})
        assert dialled(document) == (None, MOBILE)
        assert dialled(post(stage, url_in(document, "action"), caller | REFUSED)) == (None, DESK)
        assert [event for event in record_of(stage).events if event.kind is Kind.DIALLED_AGAIN] == []
        assert any(line.startswith("mobile could not be reached") for line in told(stage))


def test_the_number_that_twilio_has_just_refused_is_not_shown_once_more(redis_url: str, tmp_path: Path) -> None:
    with deployed(redis_url, tmp_path, configuration(), default_caller_id=OURS) as stage:
        document = post(stage, urls.CALL, OVER_SIP | {"CallStatus": "ringing"})
        assert dialled(document) == (OURS, MOBILE)
        assert dialled(post(stage, url_in(document, "action"), OVER_SIP | REFUSED)) == (OURS, DESK)


def test_a_callers_number_that_is_refused_gives_way_to_the_called_one_once(redis_url: str, tmp_path: Path) -> None:
    with staged(configuration(), redis_url, tmp_path) as stage:
        first = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
        again = post(stage, url_in(first, "action"), CALLER | REFUSED)
        assert post(stage, url_in(first, "action"), CALLER | REFUSED) == again, "a repeated webhook"
        onward = post(stage, url_in(again, "action"), CALLER | REFUSED)
        lines = told(stage)
    assert [dialled(each) for each in (first, again, onward)] == [
        (CALLER["From"], MOBILE), (CALLED, MOBILE), (CALLED, DESK),
    ]  # fmt: skip
    assert sum("dialled again with a number of ours" in line for line in lines) == 1
