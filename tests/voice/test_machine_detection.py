"""A machine on the far leg is known whichever report tells of it: the one of machine detection, or the leg's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.application import ACCOUNT_SID
from tests.scenario_app import Stage, staged
from tests.voice.posting import ABOUT, CALLER, CHILD, PARENT, post, url_in
from webapp import urls

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


def test_a_word_that_comes_after_the_end_changes_no_answer_to_a_repeated_webhook(stage: Stage) -> None:
    document = post(stage, urls.CALL, CALLER | {"CallStatus": "ringing"})
    ended = CALLER | {"CallStatus": "in-progress", "DialCallStatus": "completed", "DialBridged": "false"}
    first = post(stage, url_in(document, "action"), ended)
    late = {"AccountSid": ACCOUNT_SID, "CallSid": CHILD, "AnsweredBy": "machine_start"}
    post(stage, url_in(document, "amdStatusCallback"), late)
    assert post(stage, url_in(document, "action"), ended) == first
