"""Scenario files are read strictly, and an expectation that is not met is said in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.stand_in import Call
from tests.stand_in.expectation import read_expectation
from tests.stand_in.far_end import ScriptError
from tests.stand_in.scenario import read_scenario, read_scenarios
from tests.stand_in_tests.toy import SORRY, Toy, dial, twilio

HOTEL: dict[str, Any] = {
    "sip_host": "pbx.example.com",
    "destinations": [
        {"id": "desk", "route": "+14155550100"},
        {"id": "team", "route": ["1001", "sip:night@pbx.example.com"]},
        {"id": "back", "method": "BYE"},
    ],
}
SCENARIO: dict[str, Any] = {
    "name": "a sentence",
    "call": {"over": "sip", "digits": "1", "sip_headers": {"X-A": "1"}, "message": {"seconds": "9", "ends": "key"}},
    "far_end": ["busy", ["busy", "answered"], {"word": "answered", "presses": ["2"], "seconds": "7"}],
    "disturbance": {"repeat": "0.5", "at_once": "true", "hang_up": "during Dial 1"},
    "expect": {"path": ["desk"], "ends": "hung_up"},
}


def test_a_scenario_is_a_call_with_its_script() -> None:
    scenario = read_scenario(SCENARIO, HOTEL)
    call = scenario.call
    assert (call.over, call.from_, call.digits) == ("sip", "sip:alice@pbx.example.com", ("1",))
    assert [answer.word for answer in call.far_end] == ["busy", "answered", "answered"]
    assert call.far_end[1].members == ("busy", "answered")
    assert (call.far_end[2].presses, call.far_end[2].seconds) == (("2",), 7)
    assert (call.disturbance.repeat, call.disturbance.at_once) == (0.5, True)
    assert (call.message.seconds, call.may_end_in_silence) == (9, True)
    assert call.allowed_targets == frozenset(
        {
            "+14155550100",
            "sip:+14155550100@pbx.example.com;user=phone",
            "sip:1001@pbx.example.com",
            "sip:night@pbx.example.com",
        }
    )


@pytest.mark.parametrize(
    "change",
    [
        {"expects": {}},
        {"call": {"form": "+12125550123"}},
        {"far_end": ["bussy"]},
        {"far_end": ["sip:200"]},
        {"expect": {"paht": []}},
    ],
)
def test_a_word_that_nobody_knows_is_an_error(change: dict[str, Any]) -> None:
    with pytest.raises(ScriptError):
        read_scenario(SCENARIO | change, HOTEL)


def test_two_scenarios_of_one_name_are_an_error(tmp_path: Path) -> None:
    text = "configuration: {destinations: []}\ncalls: [{name: a, expect: {}}, {name: a, expect: {}}]\n"
    (tmp_path / "twice.yaml").write_text(text)
    with pytest.raises(ScriptError, match="two scenarios"):
        read_scenarios(tmp_path)


def test_with_replaces_whole_keys_of_the_configuration(tmp_path: Path) -> None:
    text = "configuration: {name: a, destinations: []}\ncalls: [{name: a, with: {name: b}, expect: {}}]\n"
    (tmp_path / "one.yaml").write_text(text)
    assert read_scenarios(tmp_path)[0].configuration == {"name": "b", "destinations": []}


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ({"path": ["team"]}, "the path is ['desk'], expected ['team']"),
        ({"ends": "answered"}, "the call ends message or hung_up, expected answered"),
        ({"verbs": ["Refer"]}, "the verbs are ['Dial'], expected ['Refer']"),
        ({"headers": {"X-A": "1"}}, "attempt 1: header X-A is '-', expected '1'"),
        ({"attributes": {"timeout": "9"}}, "attempt 1: attribute timeout is '20', expected '9'"),
        ({"caller_ids": ["+14155550199"]}, "the caller IDs are ['-'], expected ['+14155550199']"),
        ({"says": ["Welcome"]}, "the caller does not hear 'Welcome'"),
        ({"says_not": ["Sorry"]}, "the caller hears 'Sorry', and must not"),
        ({"far_end_hears": ["A call"]}, "the called person does not hear 'A call'"),
        ({"outcomes": ["+14155550100 completed"]}, "the lines ended ['+14155550100 busy']"),
        ({"requests": ["/voice/call"]}, "the requests are ['/voice/call', '/ended'], expected ['/voice/call']"),
        ({"fields": {"Digits": "1"}}, "no webhook carried Digits=1"),
    ],
)
def test_every_kind_of_expectation_can_be_disappointed(expect: dict[str, Any], difference: str) -> None:
    scenario = read_scenario({"name": "a", "far_end": ["busy"], "expect": expect}, HOTEL)
    toy = Toy({"/voice/call": dial("<Number>+14155550100</Number>"), "/ended": SORRY})
    found = scenario.expect.differences(twilio(toy).place_call(scenario.call).require())
    assert len(found) == 1
    assert difference in found[0]


def test_what_is_not_written_is_not_compared() -> None:
    finished = twilio(Toy({"/voice/call": SORRY})).place_call(Call())
    assert read_expectation({}, HOTEL).differences(finished) == []
