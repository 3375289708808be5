"""What the last day's calls say about destinations and rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from webapp.calls.traffic import Handed, Traffic

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def of(*calls: dict[str, str]) -> Traffic:
    traffic = Traffic()
    for place, call in enumerate(calls):
        traffic.add(AT + timedelta(minutes=place), call)
    return traffic


def test_only_the_destination_that_took_the_call_is_counted_as_answered() -> None:
    traffic = of({"destination:1": "desk", "destination:2": "night", "ends": "answered"})
    assert traffic.handed("desk") == Handed(calls=1, finished=1, answered=0)
    assert traffic.handed("night") == Handed(calls=1, finished=1, answered=1)


def test_a_transfer_by_an_agent_is_counted_after_the_first_handoff() -> None:
    traffic = of({"destination:101": "night", "destination:2": "desk", "ends": "answered"})
    assert (traffic.handed("desk").answered, traffic.handed("night").answered) == (0, 1)


def test_a_call_that_goes_on_has_no_result_yet() -> None:
    traffic = of({"destination:1": "desk", "destination:2": "night"})
    assert (traffic.handed("desk").percent, traffic.handed("night").percent) == (0, None)


@pytest.mark.parametrize(
    ("handed", "is_failing"),
    [(Handed(2, 2, 0), False), (Handed(3, 3, 1), True), (Handed(4, 4, 2), False), (Handed(9, 0, 0), False)],
)
def test_a_destination_that_lets_most_calls_go_is_failing(handed: Handed, is_failing: bool) -> None:
    assert handed.is_failing is is_failing


def test_the_newest_hit_of_a_rule_is_its_last() -> None:
    traffic = of({"rule": "vip"}, {"rule": "vip"}, {"rule": "night"})
    assert (traffic.hits("vip").calls, traffic.hits("vip").last) == (2, AT + timedelta(minutes=1))
    assert traffic.hits("other").calls == 0
