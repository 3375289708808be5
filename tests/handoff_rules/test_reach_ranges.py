"""Ranges that earlier ranges take together: found where that is so, and never where a value is left."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_rules.compiled import compile_configuration
from handoff_rules.decide import decide
from handoff_rules.facts import Facts
from tests.handoff_rules import configurations as some
from tests.handoff_rules.test_reach import found_in, unreachable

LIMITS = ("0", "1", "1.0", "2", "3", "4", "a", "b")
"""Numbers, one of them written in two ways, and texts: a text is neither below nor above a number."""
VALUES = (*(f"{half / 2:g}" for half in range(-2, 11)), "1.0", "04", "", "A", "a", "aa", "b", "c", None)


def size(**operator: Any) -> dict[str, Any]:
    return {"variable": "size"} | operator


def below(limit: str) -> dict[str, Any]:
    return size(less_than=limit)


def above(limit: str) -> dict[str, Any]:
    return size(greater_than=limit)


def between(low: str, high: str) -> dict[str, Any]:
    return size(between=[low, high])


CASES: dict[str, tuple[list[Any], list[tuple[int, tuple[int, ...]]]]] = {
    "in one earlier range": ([between("1", "9"), between("2", "8")], [(1, (0,))]),
    "in two that overlap": ([below("5"), above("3"), between("1", "9")], [(2, (0, 1))]),
    "any number behind two that overlap": ([below("5"), above("3"), above("-1000")], [(2, (0, 1))]),
    "in two that meet in a third": (
        [below("5"), above("5"), between("5", "5"), between("1", "9")],
        [(3, (0, 1, 2))],
    ),
    "in three in a row": ([between("1", "3"), between("2", "5"), above("4.5"), between("1", "9")], [(3, (0, 1, 2))]),
    "texts in two that overlap": ([below("m"), above("k"), between("a", "z")], [(2, (0, 1))]),
    "both outside of a range, behind it and a wider one": (
        [between("3", "5"), {"not": between("3", "5")}, between("1", "9")],
        [(2, (0, 1))],
    ),
    "the number between two that do not overlap": ([below("5"), above("5"), between("1", "9")], []),
    "what lies between two numbers": ([between("1", "4"), between("5", "9"), between("1", "9")], []),
    "texts behind all numbers": ([below("5"), above("3"), size(is_present=True)], []),
    "text ranges behind all numbers": ([below("5"), above("3"), above("a")], []),
    "missing behind all numbers": ([below("5"), above("3"), None], []),
    "another variable": ([below("5"), {"variable": "age", "greater_than": "3"}, between("1", "9")], []),
}


@pytest.mark.parametrize(("conditions", "expected"), CASES.values(), ids=CASES)
def test_ranges_behind_other_ranges(conditions: list[Any], expected: list[tuple[int, tuple[int, ...]]]) -> None:
    assert unreachable(conditions) == expected


limits = st.sampled_from(LIMITS)
ranges = st.one_of(limits.map(below), limits.map(above), st.tuples(limits, limits).map(lambda ends: between(*ends)))
tests = st.one_of(ranges, st.sampled_from(VALUES[:-1]).map(lambda value: size(**{"is": value})))
literals = st.one_of(tests, tests.map(lambda test: {"not": test}))
several = st.lists(literals, min_size=2, max_size=3)
conditions = st.one_of(literals, several.map(lambda each: {"all": each}), several.map(lambda each: {"any": each}))


def deciding(rules: list[Any]) -> set[str | None]:
    """The rules that decide some call of those whose size is one of the values."""
    compiled = compile_configuration(some.read(rules))
    given = ({} if value is None else {"size": value} for value in VALUES)
    return {decide(compiled, Facts({"call_sid": "CA1", **one}, some.START)).rule for one in given}


@settings(max_examples=600, deadline=None)
@given(st.lists(conditions, min_size=2, max_size=6))
def test_a_rule_that_takes_some_value_is_never_called_unreachable(rules: list[Any]) -> None:
    configuration = some.read(rules)
    found = {configuration.rules[one.position].id for one in found_in(configuration)}
    assert not found & deciding(rules)


@settings(max_examples=300, deadline=None)
@given(st.lists(ranges, min_size=2, max_size=4))
def test_of_a_few_ranges_each_one_that_takes_no_value_is_found(rules: list[Any]) -> None:
    configuration = some.read(rules)
    found = {configuration.rules[one.position].id for one in found_in(configuration)}
    assert found == {rule.id for rule in configuration.rules} - deciding(rules)
