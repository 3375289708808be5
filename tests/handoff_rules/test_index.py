"""The index answers what reading rule after rule would, whatever the conditions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_rules.circuit import Gate, node_of
from handoff_rules.compiled import Compiled, compile_configuration
from handoff_rules.configuration import Configuration
from handoff_rules.decide import decide
from handoff_rules.evaluation import Evaluation
from handoff_rules.facts import Facts
from handoff_rules.rows import ROW_BUDGET
from handoff_rules.share import LANES, Draws, call_number, draw, rule_salt
from handoff_rules.tree import holds
from tests.handoff_rules import configurations as some


def by_reading(compiled: Compiled, facts: Facts) -> str | None:
    """The plain meaning of "top to bottom, first match wins"."""
    evaluation = Evaluation(compiled, facts)
    return next((r.rule.id for r in compiled.rules if r.rule.enabled and holds(r.tree, evaluation)), None)


@settings(max_examples=300, deadline=None)
@given(some.configurations, some.facts)
def test_the_index_finds_the_rule_that_reading_finds(configuration: Configuration, facts: Facts) -> None:
    compiled = compile_configuration(configuration)
    assert decide(compiled, facts).rule == by_reading(compiled, facts)


LIKE = [{"variable": "note", "like": pattern} for pattern in ("a*", "*b*", "?c")]
BESIDE_PATTERNS = [
    {"all": [LIKE[0], {"not": LIKE[1]}]},
    {"all": [{"not": LIKE[0]}, {"not": LIKE[1]}, {"variable": "note", "is_present": True}]},
    {"all": [LIKE[0], LIKE[1]]},
    {"all": [LIKE[2], {"not": {"variable": "note", "ends_with": "xc"}}]},
    {"variable": "note", "starts_with": "b"},
    {"variable": "note", "is_missing": True},
]


@pytest.mark.parametrize("note", ["", "a", "ab", "b", "bc", "xc", "ac", None])
@pytest.mark.parametrize("first", range(len(BESIDE_PATTERNS)))
def test_patterns_are_asked_beside_other_tests_of_their_variable(note: str | None, first: int) -> None:
    compiled = compile_configuration(some.read(BESIDE_PATTERNS[first:] + BESIDE_PATTERNS[:first]))
    facts = Facts({} if note is None else {"note": note}, some.START)
    assert decide(compiled, facts).rule == by_reading(compiled, facts)


MORE_PATTERNS = [
    *(
        {"variable": "note", "like": f"*{first}?{second}*{third}*"}
        for first in "abc"
        for second in "abc"
        for third in "abc"
    ),
    *(
        {"variable": "other", "like": f"{first}*{second}{third}"}
        for first in "abc"
        for second in "abc"
        for third in "abc"
    ),
    *({"not": {"variable": "note", "like": f"*{first}{second}*"}} for first in "abc" for second in "abcd"),
    {"variable": "other", "is_present": True},
    {"share": 40},
    {"any": [{"variable": "note", "ends_with": "a"}, {"all": [{"variable": "other", "like": "?b*"}, {"share": 70}]}]},
]
some_patterns = st.lists(st.sampled_from(MORE_PATTERNS), min_size=1, max_size=3)
notes = st.none() | st.text(alphabet="abc", max_size=12)


@pytest.mark.parametrize("rules", [30, 1100])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_first_of_many_rules_with_patterns_is_found_however_many_before_it_nearly_match(
    rules: int, data: st.DataObject
) -> None:
    few = [{"all": conditions} for conditions in data.draw(st.lists(some_patterns, min_size=1, max_size=40))]
    compiled = compile_configuration(some.read((few * rules)[:rules]))
    for _ in range(10):
        told = {"note": data.draw(notes), "other": data.draw(notes), "call_sid": "CA123"}
        facts = Facts({name: value for name, value in told.items() if value is not None}, some.START)
        assert decide(compiled, facts).rule == by_reading(compiled, facts)


@pytest.mark.parametrize("note", ["say w7x please", "say word99 twice99", "say nothing"])
def test_patterns_of_one_rule_each_do_not_hide_a_pattern_that_many_rules_have(note: str) -> None:
    own = [{"variable": "note", "like": f"*word{n}*twice{n}*"} for n in range(100)]
    shared = [{"variable": "note", "like": f"*w{digit}?*"} for digit in range(10)] * 10
    compiled = compile_configuration(some.read([*own, *shared]))
    facts = Facts({"note": note}, some.START)
    assert decide(compiled, facts).rule == by_reading(compiled, facts)


GOLD = {"variable": "tier", "is": "gold"}
ENDS_IN_X = {"variable": "note", "like": "*?x"}
TOO_LARGE_FOR_ROWS = {
    "any": [
        {"all": [{"variable": f"v{n}", "is": "1"}, {"variable": f"w{n}", "is": "1"}]} for n in range(2 * ROW_BUDGET)
    ]
}


@pytest.mark.parametrize("told", [{}, {"v3": "1"}, {"v3": "1", "w3": "1"}])
def test_a_pattern_beside_a_tree_that_is_too_large_for_rows_is_not_enough(told: dict[str, str]) -> None:
    compiled = compile_configuration(some.read([{"all": [ENDS_IN_X, TOO_LARGE_FOR_ROWS]}, ENDS_IN_X]))
    facts = Facts({"note": "ax"} | told, some.START)
    assert decide(compiled, facts).rule == by_reading(compiled, facts) == ("r0" if "w3" in told else "r1")


def test_a_pattern_beside_a_test_of_a_missing_variable_is_not_enough() -> None:
    beside = [{"all": [ENDS_IN_X, {"variable": "gone", "is_not": f"{n}"}]} for n in range(30)]
    compiled = compile_configuration(some.read([*beside, ENDS_IN_X, *[{"variable": "gone", "is": "1"}] * 30]))
    assert decide(compiled, Facts({"note": "ax"}, some.START)).rule == "r30"


@pytest.mark.parametrize("before", [20, 1010, 1030, 2100])
def test_missing_variables_take_away_their_own_rows_alone_however_many_come_before(before: int) -> None:
    needing = [{"all": [GOLD, {"variable": name, "is": "1"}]} for name in ("gone", "note", "lost")]
    found_by_gold = [{"variable": name, "is": "1"} for name in ("gone", "note", "lost") for _ in range(3000)]
    rules = [*[needing[0]] * 20, *[needing[1]] * before, *[needing[2]] * 100, GOLD, *found_by_gold]
    compiled = compile_configuration(some.read(rules[:10_000]))
    assert decide(compiled, Facts({"tier": "gold"}, some.START)).rule == f"r{20 + before + 100}"


@pytest.mark.parametrize(("tier", "rule"), [("gold", "r0"), ("silver", "r1"), ("tin", None)])
def test_of_one_variable_some_rules_ask_one_value_and_others_more(tier: str, rule: str | None) -> None:
    compiled = compile_configuration(some.read([GOLD, {"variable": "tier", "starts_with": "s"}]))
    assert decide(compiled, Facts({"tier": tier}, some.START)).rule == rule


VARIABLES = [f"v{number}" for number in range(20)]
one_value = st.fixed_dictionaries({"variable": st.sampled_from(VARIABLES), "is": st.sampled_from("xy")})
a_few_values = st.lists(one_value | one_value.map(lambda test: {"not": test}), min_size=1, max_size=3)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(a_few_values, min_size=1, max_size=60),
    st.sets(st.sampled_from(VARIABLES), max_size=3) | st.sets(st.sampled_from(VARIABLES), min_size=14),
    st.sets(st.sampled_from(VARIABLES), max_size=6),
)
def test_a_call_with_most_variables_of_the_rules_or_few_of_them_is_decided_as_reading_does(
    rules: list[list[dict[str, Any]]], lacking: set[str], told_y: set[str]
) -> None:
    compiled = compile_configuration(some.read([{"all": tests} for tests in rules]))
    told = {name: "y" if name in told_y else "x" for name in VARIABLES if name not in lacking}
    facts = Facts(told, some.START)
    assert decide(compiled, facts).rule == by_reading(compiled, facts)


@settings(max_examples=300, deadline=None)
@given(some.configurations, some.facts, st.booleans())
def test_a_circuit_says_of_each_tree_what_reading_it_says(
    configuration: Configuration, facts: Facts, wanted: bool
) -> None:
    compiled = compile_configuration(configuration)
    evaluation = Evaluation(compiled, facts)
    told = Gate([(rule.position, node_of(rule.tree, wanted)) for rule in compiled.rules]).rows(evaluation, -1)
    for rule in compiled.rules:
        true = holds(rule.tree, evaluation) is wanted
        passes = bool(told >> rule.position & 1)
        has_share = "share" in configuration.rules[rule.position].model_dump_json()
        assert passes is true or (has_share and passes)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(51, 100)), max_size=LANES), st.text(max_size=34))
def test_draws_made_at_once_are_the_draws_made_one_by_one(ranges: list[tuple[int, int]], call_sid: str) -> None:
    call = call_number(call_sid)
    salts = [rule_salt(f"rule-{number}") for number in range(len(ranges))]
    agreeing = Draws([(salt, *limits) for salt, limits in zip(salts, ranges, strict=True)]).agreeing(call)
    for number, (salt, (low, high)) in enumerate(zip(salts, ranges, strict=True)):
        assert bool(agreeing >> number & 1) is (low <= draw(call, salt) < high)
