"""What agents say when they hand over, as it is read: HandoffData, and the target of a REFER."""

from __future__ import annotations

import json

import pytest

from handoff_rules.configuration import read_configuration
from tests.handoff_rules.checking import desk, with_destination
from webapp.voice.agents import Wish, read_handoff_data, read_refer_target

CONFIGURATION = read_configuration(with_destination(desk()))


@pytest.mark.parametrize(
    ("target", "destination"),
    [
        ("<sip:desk@example.sip.twilio.com>", "desk"),
        ("sip:desk@example.sip.twilio.com", "desk"),
        ('"Desk" <sip:desk@example.sip.twilio.com>', "desk"),
        ('"Who? sip:main@a" <sip:desk@example.sip.twilio.com>;tag=1', "desk"),
        ("<sip:%64esk@example.sip.twilio.com;transport=tls>", "desk"),
        ("<tel:+14155550100>", "main"),
        ("tel:+1-415-555-0100", "main"),
        ("<tel:+1.415.555.0100;phone-context=x>", "main"),
        ("<sip:+14155550100@example.sip.twilio.com;user=phone>", "main"),
        ("<sip:de-sk@example.sip.twilio.com>", None),
        ("<>", None),
        ("", None),
    ],
)
def test_the_target_of_a_refer_names_a_destination(target: str, destination: str | None) -> None:
    assert read_refer_target(target, CONFIGURATION).destination == destination


def test_a_refer_tells_its_reason_in_its_headers_alone() -> None:
    wish = read_refer_target('"A? B" <sip:desk@a.example.com?X-Reason=late%20booking>', CONFIGURATION)
    assert (wish.reason, dict(wish.variables)) == ("late booking", {"sip_x_reason": "late booking"})


def test_an_agent_that_tells_its_whole_conversation_is_understood_all_the_same() -> None:
    told = {
        "transcript": "word " * 20_000,
        "destination": "desk",
        "reason": "refund",
        "variables": {"intent": "refund"},
    }
    wish = read_handoff_data(json.dumps(told))
    assert wish is not None
    assert (wish.destination, wish.reason, wish.variables["intent"]) == ("desk", "refund", "refund")


@pytest.mark.parametrize(
    ("text", "reason"),
    [("null", ""), ('"refund"', "refund"), ("refund", "refund"), ('["refund", true]', '["refund", true]'), ("5", "5")],
)
def test_what_is_no_object_is_the_reason_as_it_stands(text: str, reason: str) -> None:
    assert read_handoff_data(text) == Wish(reason=reason)
