"""What a phone call may say of its caller: everything that a real one can have, and nothing that none has."""

from __future__ import annotations

import pytest

from handoff_rules.callers import fault_of_caller

REAL = ("+12125550123", "+447700900123", "anonymous", "Restricted", "unknown", "+266696687", "266696687", "1001", "911",
        "sip:+12125550123@carrier.example.com", "")  # fmt: skip


@pytest.mark.parametrize("caller", REAL)
def test_what_a_real_phone_call_says_of_its_caller_is_taken(caller: str) -> None:
    assert fault_of_caller(caller, "phone") is None


@pytest.mark.parametrize("caller", ["abc", "+1 212 555 0123", "+", "anonymous caller", "client:alice", "+1212abc"])
def test_what_no_phone_call_says_of_its_caller_is_refused_with_a_fix(caller: str) -> None:
    fault = fault_of_caller(caller, "phone")
    assert fault is not None
    assert f"“{caller}”" in fault[0]
    assert "+12125550123" in fault[1]


def test_other_ways_of_arrival_have_callers_of_their_own() -> None:
    assert fault_of_caller("client:alice", "client") is None
    assert fault_of_caller("sip:alice@pbx.example.com", "sip") is None
