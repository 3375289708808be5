"""An intake that asks for nothing or cannot be reached is found at its place."""

from __future__ import annotations

import pytest

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
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_intake_that_cannot_be_meant_is_found_at_its_place(case: Case) -> None:
    assert_found(case)
