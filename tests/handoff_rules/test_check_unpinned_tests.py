"""A saved test without `at` is told when its call goes another way at another time, and only then."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.handoff_rules.checking import desk, problems_in, with_destination

OPEN, CLOSED = {"hours": "office", "is": "open"}, {"hours": "office", "is": "closed"}
VIP = {"variable": "tier", "is": "vip"}
OFFICE = {"id": "office", "name": "Office", "weekly": {"mon-fri": ["09:00-17:00"]}}
ALWAYS = {"id": "office", "name": "Office", "weekly": {"mon-sun": ["00:00-24:00"]}}
BEHIND = [{"destination": "desk", "on": ["busy"]}]
MENU = {"kind": "menu", "prompt": "Press 1.", "choices": {"1": {"tier": "vip"}}}
NOW = date(2026, 11, 26)


def rule(number: int, when: Any, **more: Any) -> dict[str, Any]:
    return {"id": f"r{number}", "name": f"R{number}", "destination": "desk", "when": when} | more


def told(*whens: Any, call: Any = None, expect: Any = None, far_end: Any = (), **more: Any) -> list[str]:
    test = {
        "name": "T",
        "call": {"from": "+12125550123", "to": "+14155550199"} | (call or {}),
        "far_end": list(far_end),
        "expect": expect or {"ends": "answered"},
    }
    listed = [one if "destination" in one else rule(number, one) for number, one in enumerate(whens)]
    document = with_destination(more.pop("desk", desk()), rules=listed, tests=[test])
    document |= {"hours": [OFFICE], "variables": {"tier": {"sample": "vip"}}} | more
    found = problems_in(document, today=NOW)
    assert all(one.severity == "warning" and "Add `at`" in one.fix for one in found if one.path == "tests/0/call")
    return [one.message for one in found if one.path == "tests/0/call"]


def main(**more: Any) -> dict[str, Any]:
    first = {"id": "main", "name": "Main", "method": "INVITE", "route": "+14155550100"} | more
    return {"destinations": [first, desk(hours="office")]}


R0 = ["“T” names no time, and its way depends on it: the rule “R0” looks at the clock."]
DESK = ["“T” names no time, and its way depends on it: Desk has hours."]


@pytest.mark.parametrize(
    "when",
    [
        OPEN,
        CLOSED,
        {"not": OPEN},
        {"day": ["sat", "sun"]},
        {"date": ["2026-12-24", "2026-12-26"]},
        {"all": [OPEN, {"variable": "tier", "is_missing": True}]},
        {"any": [OPEN, VIP]},
    ],
)
def test_a_rule_that_asks_the_clock_and_could_take_the_call_is_told(when: Any) -> None:
    assert told(when) == R0


@pytest.mark.parametrize(
    "when",
    [
        VIP,
        {"all": [OPEN, VIP]},
        {"all": [OPEN, {"share": 0}]},
        {"any": [OPEN, {"variable": "called_number", "is": "+14155550199"}]},
        {"all": [OPEN, CLOSED]},
        {"day": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]},
        {"date": ["2025-12-24", "2025-12-26"]},
    ],
)
def test_a_rule_whose_answer_no_clock_changes_for_this_call_is_not_told(when: Any) -> None:
    assert told(when) == []


def test_a_test_that_pins_its_time_is_not_told() -> None:
    assert told(OPEN, call={"at": "2026-11-20T15:00:00-05:00"}) == []


@pytest.mark.parametrize("office", [ALWAYS, OFFICE | {"closed_now": True}])
def test_hours_that_are_the_same_at_every_time_are_not_told(office: Any) -> None:
    assert told(OPEN, hours=[office]) == []


def test_what_stands_behind_a_rule_that_surely_takes_the_call_is_not_told() -> None:
    assert told({"variable": "tier", "is_missing": True}, OPEN) == []


def test_rules_that_all_lead_to_the_same_place_are_told_only_when_the_test_names_one() -> None:
    to_main = rule(0, OPEN, destination="main")
    assert told(to_main) == []
    assert told(to_main, expect={"headers": {"X-A": "1"}, "says": "One moment"}) == []
    assert told(to_main, expect={"ends": "answered", "rule": "r0"}) == R0
    assert told(to_main | {"utterance": "One moment"}, expect={"says": "One moment"}) == R0


@pytest.mark.parametrize(("variables", "expected"), [({"tier": "vip"}, R0), ({"tier": "basic"}, [])])
def test_what_the_call_says_decides_whether_the_clock_is_asked(variables: Any, expected: list[str]) -> None:
    assert told({"all": [OPEN, VIP]}, call={"variables": variables}) == expected


@pytest.mark.parametrize(("digits", "expected"), [("1", R0), ("2", []), ("", [])])
def test_what_a_menu_sets_decides_it_as_well(digits: str, expected: list[str]) -> None:
    assert told({"all": [OPEN, VIP]}, call={"digits": digits}, intake=MENU) == expected


def test_hours_of_the_destination_are_told() -> None:
    assert told({"variable": "tier", "is_missing": True}, desk=desk(hours="office")) == DESK
    assert told(call={"asked_for": "desk"}, desk=desk(hours="office")) == DESK
    assert told(VIP, desk=desk(hours="office")) == []


@pytest.mark.parametrize(
    ("far_end", "expected"),
    [(["busy"], DESK), ((), []), (["no_answer"], []), (["caller_hung_up"], []), (["sip:486"], [])],
)
def test_hours_further_down_the_ladder_are_told_when_the_call_gets_there(far_end: Any, expected: list[str]) -> None:
    assert told(far_end=far_end, **main(fallback=BEHIND)) == expected


def test_a_place_that_cannot_be_rung_is_passed_over_on_the_way_to_one_with_hours() -> None:
    failing = main(skip_when_failing=True, fallback=[{"destination": "desk"}])
    assert told(call={"failing": ["main"]}, **failing) == DESK
    given_back = main(method="BYE", route=None, fallback=[{"destination": "desk"}])
    del given_back["destinations"][0]["route"]
    assert told(**given_back) == DESK
    on_sip = {"over": "sip", "from": "sip:a@example.com"}
    assert told(call=on_sip, **given_back) == []
    assert told(call=on_sip, far_end=["busy"], **given_back) == []


def test_how_much_is_read_for_many_tests_is_bounded() -> None:
    test = {"call": {"from": "+12125550123", "to": "+14155550199"}, "expect": {"ends": "answered"}}
    listed = [*(rule(n, {"all": [OPEN, {"variable": "tier", "is": f"{n}"}]}) for n in range(300)), rule(300, CLOSED)]
    tests = [test | {"name": f"T{n}"} for n in range(1000)]
    found = problems_in(with_destination(desk(), hours=[OFFICE], rules=listed, tests=tests), today=NOW)
    assert 100 < sum(one.path.startswith("tests/") for one in found) < 1000
