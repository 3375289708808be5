"""No call variable, however hostile, makes a decision raise, hang, or leave the configuration."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_rules.compiled import compile_configuration
from handoff_rules.configuration import Configuration
from handoff_rules.decide import decide
from handoff_rules.explain import explain
from handoff_rules.facts import Facts, Vote
from tests.handoff_rules import configurations as some

hostile_values = st.one_of(
    st.text(max_size=30),
    st.text(alphabet=st.characters(categories=("Cs", "Cc", "Nd", "Sm")), max_size=8),
    st.sampled_from(["1e999999999", "NaN", "Infinity", "-0", "+", ".", "9" * 5000, "*?" * 50, "\x00", "٣", "1_0"]),
    st.none(),
    st.integers(),
    st.binary(max_size=4),
)


@settings(max_examples=300, deadline=None)
@given(
    some.configurations,
    st.dictionaries(st.sampled_from([*some.VARIABLES, "call_sid"]) | st.text(max_size=5), hostile_values, max_size=8),
    st.lists(some.votes, max_size=2),
)
def test_any_variables_get_a_decision_inside_the_configuration(
    configuration: Configuration, variables: dict[str, Any], votes: list[Vote]
) -> None:
    compiled, facts = compile_configuration(configuration), Facts(variables, some.START, tuple(votes))
    decision = decide(compiled, facts)
    assert decision.destination in configuration.destination_by_id
    assert explain(compiled, facts).destination == decision.destination


def test_a_value_of_64_kilobytes_is_decided_within_20_milliseconds() -> None:
    operators = [{"like": "*a?a*a?b*"}, {"contains": "aaab"}, {"ends_with": "ab"}, {"less_than": "9"}, {"is": "a"}]
    conditions = [{"variable": "note", **operator} for operator in operators * 40]
    compiled = compile_configuration(some.read(conditions))
    facts = Facts({"note": "a" * 65_536}, some.START)
    best = min(_seconds(compiled, facts) for _ in range(5))
    assert best < 0.02


def _seconds(compiled: Any, facts: Facts) -> float:
    start = time.thread_time()
    decide(compiled, facts)
    return time.thread_time() - start


@pytest.mark.parametrize(
    "at", [datetime(2026, 1, 1), datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
)
def test_an_instant_that_means_nothing_is_refused_before_there_are_facts(at: datetime) -> None:
    with pytest.raises(ValueError, match="`at`"):
        Facts({}, at)


def test_a_configuration_with_a_name_that_nothing_has_still_answers() -> None:
    configuration = some.read([{"variable": "intent", "is": "a"}])
    rule = configuration.rules[0].model_copy(update={"destination": "gone"})
    compiled = compile_configuration(configuration.model_copy(update={"rules": (rule,)}))
    assert decide(compiled, Facts({"intent": "a"}, some.START)).destination == "gone"
