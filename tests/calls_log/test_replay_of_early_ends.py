"""A call that was over before anything was decided goes nowhere in a replay either, and moves in no impact."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.calls_log.test_replay import AGENT, MENU, document, played
from tests.stand_in import Answer, Call, Disturbance, Session
from webapp.configurations.deployment import Deployment
from webapp.configurations.published import publish
from webapp.simulator.impact import impact
from webapp.simulator.stored_calls import play_stored_call
from webapp.voice.code_rules import CodeRules

NO_MENU = {"kind": "none"}
SIP_AGENT = {"kind": "sip_agent", "route": "sip:agent@ai.example.com"}
EARLY: dict[str, tuple[dict[str, Any], Call]] = {
    "in the menu": (MENU, Call(digits=("1",), disturbance=Disturbance(hang_up="during Gather 1"))),
    "in the second question": (MENU, Call(digits=("9", "1"), disturbance=Disturbance(hang_up="during Gather 2"))),
    "an agent was enough": (AGENT, Call(session=Session("ended"))),
    "while the agent talked": (AGENT, Call(session=Session("completed"))),
    "a SIP agent was enough": (SIP_AGENT, Call(far_end=(Answer("answered"),))),
}


@pytest.mark.parametrize(("intake", "call"), EARLY.values(), ids=EARLY)
def test_a_call_that_ended_early_ends_early_again(
    redis_url: str, tmp_path: Path, intake: dict[str, Any], call: Call
) -> None:
    record = played(redis_url, tmp_path, document(intake), replace(call, may_end_in_silence=True))
    version, moved = publish(document(intake)), publish(document(intake) | {"default_destination": "events"})
    assert record.path == ()
    again = play_stored_call(
        record, version, began_with=version, newest=document(intake), deployment=Deployment(), code_rules=CodeRules({})
    )
    assert again.differences == []
    assert again.fails_at_once, "no test can say that a caller leaves in the middle of a menu"
    assert impact([record], version, moved).moved == ()


def test_where_nothing_is_asked_any_more_such_a_call_is_handed_off(redis_url: str, tmp_path: Path) -> None:
    record = played(redis_url, tmp_path, document(MENU), EARLY["in the menu"][1])
    found = impact([record], publish(document(MENU)), publish(document(NO_MENU)))
    assert [one.after.path for one in found.moved] == [("desk",)]


def test_a_caller_who_leaves_no_message_was_led_to_the_voicemail_all_the_same(redis_url: str, tmp_path: Path) -> None:
    whole = document(NO_MENU) | {"ending": {"voicemail": {}}}
    call = Call(far_end=(Answer("busy"),), disturbance=Disturbance(hang_up="during Record 1"))
    record = played(redis_url, tmp_path, whole, call)
    again = play_stored_call(
        record, publish(whole), began_with=None, newest=whole, deployment=Deployment(), code_rules=CodeRules({})
    )
    assert (again.differences, again.fails_at_once) == ([], ())
