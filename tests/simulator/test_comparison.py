"""Two simulations of one call: every difference for the people on the line is told, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from webapp.configurations.published import publish
from webapp.configurations.version_id import VersionId
from webapp.simulator import AS_CONFIGURED, SimulatedCall, Simulation, simulate
from webapp.simulator.comparison import compare_simulations

CALL = SimulatedCall("+12125550123", "+14155550199", "sip", datetime(2026, 11, 20, 20, 0, tzinfo=UTC))
DESK = {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550100", "fallback": [{"say": "Sorry."}]}


def played(number: int = 1, *, far_end: str = "answered", **desk: Any) -> Simulation:
    document = {"schema": 1, "name": "One", "default_destination": "desk", "destinations": [DESK | desk]}
    return simulate(publish(document, VersionId(number, f"{number:08d}")), CALL, [far_end], environment=AS_CONFIGURED)


def told(one: Simulation, other: Simulation) -> list[tuple[str, str, str]]:
    return [(each.what, each.expected, each.actual) for each in compare_simulations(one, other)]


def test_two_versions_that_do_the_same_do_not_differ_although_each_names_itself_in_its_callbacks() -> None:
    one, other = played(1), played(2)
    assert one.steps[0].document != other.steps[0].document
    assert told(one, other) == []


def test_another_number_that_rings_is_a_difference() -> None:
    assert told(played(), played(route="+14155550177")) == [("desk", "+14155550100", "+14155550177")]


def test_another_word_to_the_caller_is_a_difference() -> None:
    changed = played(utterance="One moment.")
    assert told(played(), changed) == [("desk: the caller hears", "nothing", "One moment.")]


def test_another_word_to_whoever_answers_is_a_difference() -> None:
    found = told(played(), played(screen="whisper"))
    assert [what for what, *_ in found] == ["desk: whoever answers hears"]


def test_another_sip_header_is_a_difference() -> None:
    sip = {"route": "sip:desk@pbx.example.com"}
    one, other = played(**sip), played(**sip, headers=[{"name": "X-Tier", "value": "vip"}])
    assert told(one, other) == [("desk: header X-Tier", "not sent", "vip")]


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"ring_seconds": 40}, ("desk: Dial timeout", "20", "40")),
        ({"time_limit_seconds": 60}, ("desk: Dial timeLimit", "14400", "60")),
        ({"send_digits": "ww1#"}, ("desk: Number sendDigits", "not given", "ww1#")),
    ],
)
def test_anything_else_that_twilio_is_told_is_a_difference(change: Any, difference: tuple[str, str, str]) -> None:
    assert told(played(), played(**change)) == [difference]


def test_a_destination_is_called_by_its_name() -> None:
    found = compare_simulations(played(), played(route="+14155550177"), {"desk": "Front desk"})
    assert [str(each.what) for each in found] == ["Front desk"]


def test_another_end_after_the_same_destination_is_a_difference() -> None:
    one = played(far_end="busy")
    other = played(far_end="busy", fallback=[{"voicemail": {"greeting": "Sorry."}}])
    assert ("ends", "message", "voicemail") in told(one, other)


def test_a_change_of_something_that_this_call_does_not_meet_is_no_difference() -> None:
    assert told(played(), played(fallback=[{"say": "Good bye."}])) == []
