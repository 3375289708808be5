"""Rules that no call reaches or that cannot come true are found at their place, and what only they lead to."""

from __future__ import annotations

import time
from typing import Any

import pytest

from handoff_rules.check import check
from handoff_rules.configuration import read_configuration
from tests.handoff_rules import configurations as some
from tests.handoff_rules.checking import WARNING, Case, assert_found, desk, problems_in, rules, with_destination

WHEN = "rules/0/when"
DIGITS = {"variable": "digits", "is": "1"}
OFFICE = {"id": "office", "name": "Office"}

CASES: dict[str, Case] = {
    "a rule to a destination that is off": (with_destination(desk(enabled=False)), "rules/0/destination", WARNING),
    "a destination that nothing reaches": (with_destination(desk(), rules=[]), "destinations/1", WARNING),
    "a destination that only an unreachable rule leads to": (
        with_destination(
            desk(),
            rules=[
                {"id": "all", "name": "All", "destination": "main"},
                {"id": "never", "name": "Never", "destination": "desk"},
            ],
        ),
        "destinations/1",
        WARNING,
    ),
    "a destination that only a step that never comes leads to": (
        with_destination(
            desk(),
            destinations=[
                {"id": "main", "name": "Main", "method": "INVITE", "route": "+14155550100"},
                {"id": "porter", "name": "Porter", "method": "INVITE", "route": "+14155550101"},
                desk(fallback=[{"voicemail": {}}, {"destination": "porter"}]),
            ],
        ),
        "destinations/1",
        WARNING,
    ),
    "a rule behind hours that never close": (
        rules({"hours": "office", "is": "open"}, None)
        | {"hours": [OFFICE | {"weekly": {"mon-fri": ["00:00-24:00"], "sat-sun": ["00:00-22:00", "22:00-24:00"]}}]},
        "rules/1",
        WARNING,
    ),
    "a rule for the closed side of hours that never close": (
        rules({"hours": "office", "is": "closed"})
        | {"hours": [OFFICE | {"weekly": {"mon-sun": ["06:00-18:00", "18:00-06:00"]}}]},
        "rules/0",
        WARNING,
    ),
    "a rule behind another": (rules(DIGITS, DIGITS), "rules/1", WARNING),
    "a rule behind several": (
        rules({"variable": "digits", "is_present": True}, {"variable": "digits", "is_missing": True}, None),
        "rules/2",
        WARNING,
    ),
    "a rule that contradicts itself": (rules({"all": [DIGITS, {"variable": "digits", "is": "2"}]}), "rules/0", WARNING),
    "hours that never open": (with_destination(desk(), hours=[OFFICE]), "hours/0", WARNING),
    "a rule on hours that never open": (rules({"hours": "office", "is": "open"}) | {"hours": [OFFICE]}, WHEN, WARNING),
    "a share of nobody": (rules({"share": 0}), WHEN, WARNING),
    "ends in the wrong order": (rules({"variable": "digits", "between": ["9", "1"]}), f"{WHEN}/between", WARNING),
    "a beginning that all have": (rules({"variable": "digits", "starts_with": ""}), f"{WHEN}/starts_with", WARNING),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_rule_that_cannot_be_meant_is_found_at_its_place(case: Case) -> None:
    assert_found(case)


def test_an_unreachable_rule_names_the_rules_that_take_its_calls() -> None:
    problem = next(p for p in problems_in(CASES["a rule behind several"][0]) if p.path == "rules/2")
    assert problem.message == "“R2” is never reached: “R0” and “R1” take every call before it."


def test_thousands_of_rules_are_checked_in_bounded_time() -> None:
    conditions = [{"variable": "intent", "starts_with": f"{number:05d}"} for number in range(3000)]
    configuration = some.read([*conditions, conditions[7]])
    start = time.thread_time()
    problems = check(configuration)
    assert time.thread_time() - start < 15
    assert "rules/3000" in [problem.path for problem in problems]


@pytest.mark.parametrize("own", [True, False], ids=["the rule's own headers", "those of the destination"])
def test_what_a_rule_sets_can_be_too_long_for_the_headers(own: bool) -> None:
    headers = [{"name": "X-Priority", "value": "$priority"}]
    desk = {"id": "desk", "name": "Desk", "method": "INVITE", "route": "sip:desk@pbx.example.com"}
    rule: dict[str, Any] = {"id": "r", "name": "R", "destination": "desk", "set": {"priority": "é" * 200}}
    rule |= {"headers": headers} if own else {}
    desk |= {} if own else {"headers": headers}
    document = {"schema": 1, "name": "One", "default_destination": "desk", "destinations": [desk], "rules": [rule]}
    told = {problem.path: problem.message for problem in check(read_configuration(document))}
    assert told["rules/0/set"] == "With these values the headers have 1212 encoded characters; 1000 fit."
    rule["set"]["priority"] = "1"
    assert "rules/0/set" not in {problem.path for problem in check(read_configuration(document))}
