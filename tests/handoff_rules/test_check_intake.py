"""An intake that asks for nothing or cannot be reached is found at its place."""

from __future__ import annotations

import pytest

from handoff_rules.check import check
from handoff_rules.configuration import read_configuration
from tests.handoff_rules.checking import ERROR, WARNING, Case, assert_found, desk, with_destination

CASES: dict[str, Case] = {
    "a menu without choices": (
        with_destination(desk(), intake={"kind": "menu", "prompt": "Hello."}),
        "intake/choices",
        WARNING,
    ),
    "an agent that cannot be reached": (
        with_destination(desk(), intake={"kind": "sip_agent", "route": "agent"}),
        "intake/route",
        ERROR,
    ),
    "an address of a socket with signs that no URL has": (
        with_destination(desk(), intake={"kind": "stream", "url": "wss://agent.example.com/t{a}lk"}),
        "intake/url",
        ERROR,
    ),
    "a parameter with a space in its name": (
        with_destination(
            desk(), intake={"kind": "conversation_relay", "url": "wss://agent.example.com", "parameters": {"a b": "1"}}
        ),
        "intake/parameters/a b",
        ERROR,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_intake_that_cannot_be_meant_is_found_at_its_place(case: Case) -> None:
    assert_found(case)


@pytest.mark.parametrize(("answered_here", "severity"), [(True, "error"), (False, "warning")])
def test_an_agent_at_a_number_of_our_own_is_a_loop_when_its_calls_come_here(answered_here: bool, severity: str) -> None:
    agent = {"kind": "sip_agent", "route": "+14155550199"}
    configuration = read_configuration(with_destination(desk(), intake=agent))
    found = check(configuration, own_numbers={"+14155550199": answered_here})
    assert [one.severity for one in found if one.path == "intake/route"] == [severity]
