"""A rule that can never decide a call is found, and no other rule is called so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from handoff_rules.compiled import compile_configuration
from handoff_rules.configuration import Configuration
from handoff_rules.decide import decide
from handoff_rules.facts import Facts
from handoff_rules.reach import Unreachable, unreachable_rules
from tests.handoff_rules import configurations as some


def unreachable(conditions: list[Any]) -> list[tuple[int, tuple[int, ...]]]:
    return [(one.position, one.by) for one in found_in(some.read(conditions))]


def found_in(configuration: Configuration) -> list[Unreachable]:
    compiled = compile_configuration(configuration)
    return unreachable_rules(((rule.position, rule.tree) for rule in compiled.rules), {"never": "closed"})


def intent(**operator: Any) -> dict[str, Any]:
    return {"variable": "intent"} | operator


CASES: dict[str, tuple[list[Any], list[tuple[int, tuple[int, ...]]]]] = {
    "behind a rule for every call": ([None, intent(**{"is": "a"})], [(1, (0,))]),
    "behind the same condition": ([intent(**{"is": "a"}), intent(**{"is": "a"})], [(1, (0,))]),
    "behind a wider condition": ([intent(starts_with="a"), intent(is_one_of=["ab", "aba"])], [(1, (0,))]),
    "a longer prefix behind a shorter one": ([intent(starts_with="+1"), intent(starts_with="+1212")], [(1, (0,))]),
    "behind two rules that share its values": (
        [intent(**{"is": "a"}), intent(**{"is": "b"}), intent(is_one_of=["a", "b"])],
        [(2, (0, 1))],
    ),
    "behind open and closed": (
        [{"hours": "day-desk", "is": "open"}, {"hours": "day-desk", "is": "closed"}, intent(**{"is": "a"})],
        [(2, (0, 1))],
    ),
    "behind present and missing": ([intent(is_present=True), intent(is_missing=True), None], [(2, (0, 1))]),
    "behind all seven days": (
        [{"day": ["mon", "tue", "wed", "thu", "fri"]}, {"day": ["sat", "sun"]}, None],
        [(2, (0, 1))],
    ),
    "behind a smaller limit's greater one": ([intent(less_than="10"), intent(less_than="5")], [(1, (0,))]),
    "behind every way to arrive": (
        [{"variable": "arrived_over", "is": way} for way in ("phone", "sip", "client")] + [None],
        [(3, (0, 1, 2))],
    ),
    "behind a share of all calls": ([{"share": 100}, None], [(1, (0,))]),
    "behind a schedule that never opens": ([{"hours": "never", "is": "closed"}, None], [(1, (0,))]),
    "a schedule that never opens": ([{"hours": "never", "is": "open"}], [(0, ())]),
    "days within other days": (
        [{"date": ["2026-12-01", "2026-12-31"]}, {"date": ["2026-12-24", "2026-12-26"]}],
        [(1, (0,))],
    ),
    "days that two others cover": (
        [
            {"date": ["2026-12-01", "2026-12-24"]},
            {"date": ["2026-12-25", "2026-12-31"]},
            {"date": ["2026-12-20", "2026-12-31"]},
        ],
        [(2, (0, 1))],
    ),
    "days that reach further": ([{"date": ["2026-12-01", "2026-12-24"]}, {"date": ["2026-12-20", "2026-12-31"]}], []),
    "beginnings that two others cover": (
        [intent(starts_with="+1212"), intent(starts_with=["+1646", "+1917"]), intent(starts_with=["+12125", "+1646"])],
        [(2, (0, 1))],
    ),
    "beginnings of which one is free": (
        [intent(starts_with="+1212"), intent(starts_with="+1646"), intent(starts_with=["+12125", "+1917"])],
        [],
    ),
    "a longer part behind a shorter one": ([intent(contains="bill"), intent(contains="billing")], [(1, (0,))]),
    "a beginning that holds the part": ([intent(contains="bill"), intent(starts_with="billing")], [(1, (0,))]),
    "a beginning behind its pattern": ([intent(like="bill*"), intent(starts_with="billing")], [(1, (0,))]),
    "behind a pattern that every text fits": ([intent(like="*"), intent(is_not="a")], [(1, (0,))]),
    "an end behind its pattern": ([intent(like="*ing"), intent(ends_with="billing")], [(1, (0,))]),
    "two beginnings that exclude each other": (
        [{"all": [intent(starts_with="+1"), intent(starts_with="+44")]}],
        [(0, ())],
    ),
    "two limits that exclude each other": ([{"all": [intent(less_than="1"), intent(greater_than="5")]}], [(0, ())]),
    "two limits with something between": ([{"all": [intent(less_than="5"), intent(greater_than="1")]}], []),
    "behind four hundred single values": (
        [intent(**{"is": f"v{n}"}) for n in range(400)] + [intent(is_one_of=[f"v{n}" for n in range(400)])],
        [(400, tuple(range(400)))],
    ),
    "a contradiction": ([{"all": [intent(**{"is": "a"}), intent(**{"is": "b"})]}], [(0, ())]),
    "one value is left": ([intent(**{"is": "a"}), intent(is_one_of=["a", "b"])], []),
    "a missing variable is left": ([intent(is_not="a"), intent(**{"is": "a"}), None], []),
    "a narrower rule first": ([intent(starts_with="+1212"), intent(starts_with="+1")], []),
    "a share leaves the other calls": ([{"share": 50}, None], []),
    "two shares are independent": ([{"share": 50}, {"share": 50}, None], []),
}


@pytest.mark.parametrize(("conditions", "expected"), CASES.values(), ids=CASES)
def test_unreachable_rules_are_found_with_the_rules_that_cover_them(
    conditions: list[Any], expected: list[tuple[int, tuple[int, ...]]]
) -> None:
    assert unreachable(conditions) == expected


@settings(max_examples=300, deadline=None)
@given(some.configurations, some.facts)
def test_a_rule_that_decides_a_call_is_never_called_unreachable(configuration: Configuration, facts: Facts) -> None:
    facts = replace(facts, variables={"call_sid": "CA1", **facts.variables})  # every call has one
    decided = decide(compile_configuration(configuration), facts).rule
    assert decided not in {configuration.rules[one.position].id for one in found_in(configuration)}
