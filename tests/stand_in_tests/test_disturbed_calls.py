"""The stand-in disturbs calls of a toy application, and finds every promise that one breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.stand_in import Call, Disturbance
from tests.stand_in_tests.toy import (
    DESK,
    DIAL_DESK,
    EVERY_EVENT,
    SIP_CALL,
    SORRY,
    Toy,
    after_dial,
    answers,
    dial,
    twilio,
)

SIP_DESK = f"<Sip {EVERY_EVENT}>sip:desk@pbx.example.com?X-A=b%20c</Sip>"


def test_status_callbacks_are_repeated_reordered_and_lost_from_the_seed() -> None:
    def sequence(seed: int, disturbance: Disturbance) -> list[str]:
        toy = Toy({"/voice/call": dial(DESK), "/ended": after_dial})
        twilio(toy, seed=seed).place_call(Call(disturbance=disturbance)).require()
        return [form["CallStatus"] for form in toy.forms("/voice/status")]

    rough = Disturbance(repeat_status=0.5, delay_status=600)
    assert sequence(1, rough) == sequence(1, rough)
    assert len({tuple(sequence(seed, rough)) for seed in range(20)}) > 10
    assert sequence(1, Disturbance(lose_status=1.0)) == []


@pytest.mark.parametrize("at_once", [False, True])
def test_a_repeated_webhook_that_gets_another_answer_is_a_violation(at_once: bool) -> None:
    count = iter(range(9))
    toy = Toy({"/voice/call": lambda form: f"<Response><Say>Number {next(count)}</Say></Response>"})
    finished = twilio(toy).place_call(Call(disturbance=Disturbance(repeat=1.0, at_once=at_once)))
    assert [violation.code for violation in finished.violations] == ["repeat"]


def test_everything_sent_again_after_the_end_must_still_get_documents() -> None:
    ended: list[bool] = []

    def call(form: Mapping[str, str]) -> str | tuple[int, str]:
        ended.append(True)
        return SORRY if len(ended) == 1 else (500, "")

    finished = twilio(Toy({"/voice/call": call})).place_call(Call(disturbance=Disturbance(replays=1)))
    assert [violation.code for violation in finished.violations] == ["replay"]


@pytest.mark.parametrize(
    ("replies", "sentence"),
    [
        ({"/voice/call": "<Response><Redirect>/voice/call</Redirect></Response>"}, "more than 30 documents"),
        ({"/voice/call": "<Response/>"}, "without a person, a message or a word"),
        ({"/voice/call": DIAL_DESK, "/ended": DIAL_DESK}, "a second time"),
        ({"/voice/call": dial("<Number>+14155550100</Number>", "")}, "has no action"),
        ({"/voice/call": dial("<Number>+19005550100</Number>"), "/ended": SORRY}, "not among the targets"),
        ({"/voice/call": "<Response><Pause length='7'/><Say>Hi</Say></Response>"}, "nothing for 7 s"),
        ({"/voice/call": dial("<Number>+14155550100</Number>", 'callerId="+14155550177"')}, "neither owned"),
    ],
)
def test_a_broken_promise_is_found(replies: dict[str, str], sentence: str) -> None:
    call = Call(far_end=answers("busy", "busy"), allowed_targets=frozenset({"+14155550100"}))
    finished = twilio(Toy(replies)).place_call(call)
    assert any(sentence in violation.message for violation in finished.violations), finished.report()


def test_ringing_somebody_after_the_caller_had_a_person_is_found() -> None:
    toy = Toy({"/voice/call": DIAL_DESK, "/ended": dial("<Number>+14155550111</Number>", 'action="/more"')})
    finished = twilio(toy).place_call(Call())
    assert any("already was answered" in violation.message for violation in finished.violations)


@pytest.mark.parametrize(
    ("call", "caller_id", "found"),
    [
        (Call(), "+12125550123", []),
        (Call(), "+14155550199", []),
        (Call(from_="anonymous"), None, ["13214"]),
        (Call(from_="+266696687"), None, ["13214"]),
        (Call(from_="+266696687"), "+14155550199", []),
        (replace(SIP_CALL, from_="+12125550123"), "+12125550123", ["13214"]),
        (SIP_CALL, "+14155550155", ["13214"]),
    ],
)
def test_the_caller_id_of_a_phone_leg_must_be_one_that_may_be_shown(
    call: Call, caller_id: str | None, found: list[str]
) -> None:
    shown = f' callerId="{caller_id}"' if caller_id else ""
    attributes = f'action="/ended" timeout="20" timeLimit="60"{shown}'
    toy = Toy({"/voice/call": dial("<Number>+14155550100</Number>", attributes), "/ended": SORRY})
    finished = twilio(toy).place_call(call)
    assert [violation.code for violation in finished.violations] == found
