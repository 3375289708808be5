"""Saved tests that cannot be meant are found at their place."""

from __future__ import annotations

import pytest

from tests.handoff_rules.checking import WARNING, Case, assert_found, desk, problems_in, with_destination

TEST = {"name": "T", "call": {"from": "+12125550123", "to": "+14155550199"}, "expect": {"ends": "answered"}}

CASES: dict[str, Case] = {
    "a test that gives the keys as a variable": (
        with_destination(desk(), tests=[TEST | {"call": TEST["call"] | {"variables": {"digits": "1"}}}]),
        "tests/0/call/variables/digits",
        WARNING,
    ),
    "a test over the phone with a SIP header": (
        with_destination(desk(), tests=[TEST | {"call": TEST["call"] | {"variables": {"sip_x_id": "1"}}}]),
        "tests/0/call/variables/sip_x_id",
        WARNING,
    ),
    "a test that expects nothing": (with_destination(desk(), tests=[TEST | {"expect": {}}]), "tests/0/expect", WARNING),
    "a test that expects an empty text": (
        with_destination(desk(), tests=[TEST | {"expect": {"says": "", "headers": {}}}]),
        "tests/0/expect",
        WARNING,
    ),
    "a test whose caller is no number": (
        with_destination(desk(), tests=[TEST | {"call": TEST["call"] | {"from": "bob"}}]),
        "tests/0/call/from",
        WARNING,
    ),
    "a test that calls no number": (
        with_destination(desk(), tests=[TEST | {"call": TEST["call"] | {"to": "front desk"}}]),
        "tests/0/call/to",
        WARNING,
    ),
    "a test whose caller presses letters": (
        with_destination(desk(), tests=[TEST | {"call": TEST["call"] | {"digits": "abc"}}]),
        "tests/0/call/digits",
        WARNING,
    ),
    "a test whose agent names nothing that there is": (
        with_destination(desk(), tests=[TEST | {"call": TEST["call"] | {"asked_for": "nobody"}}]),
        "tests/0/call/asked_for",
        WARNING,
    ),
    "two tests of one name": (with_destination(desk(), tests=[TEST, TEST]), "tests/1/name", WARNING),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_saved_test_that_cannot_be_meant_is_found_at_its_place(case: Case) -> None:
    assert_found(case)


def test_a_test_may_say_where_the_caller_lives() -> None:
    call = TEST["call"] | {"variables": {"caller_city": "NEW YORK"}}
    assert problems_in(with_destination(desk(), tests=[TEST | {"call": call}])) == []


@pytest.mark.parametrize("caller", ["+12125550123", "anonymous", "1001", "sip:+12125550123@carrier.example.com"])
def test_a_caller_that_a_real_phone_call_can_have_is_no_warning(caller: str) -> None:
    document = with_destination(desk(), tests=[TEST | {"call": TEST["call"] | {"from": caller}}])
    assert problems_in(document) == []
