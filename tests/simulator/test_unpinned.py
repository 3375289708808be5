"""A saved test of which the checks do not say that it needs a time goes the same way at every time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handoff_rules.check import check
from handoff_rules.configuration import read_configuration
from tests.handoff_rules import configurations as some
from webapp.configurations.published import publish
from webapp.simulator.saved_tests import run_saved_test

START = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
TIMES = [START + timedelta(hours=11 * step) for step in range(30)]
FAR_END = st.lists(st.sampled_from(["busy", "no_answer", "answered"]), max_size=3)


def with_ladders(rules: list[Any], variables: dict[str, str], far_end: list[str], hours: list[Any]) -> dict[str, Any]:
    call = {"from": "+12125550123", "to": "+14155550199", "variables": variables}
    test = {
        "name": "T",
        "call": call,
        "far_end": far_end,
        "expect": {"ends": "answered"} | ({"rule": "r0"} if rules else {}),
    }
    document = some.document(rules, tests=[test])
    for destination, schedule in zip(document["destinations"], hours, strict=True):
        destination.update({"hours": schedule} if schedule else {})
    one, two, _ = document["destinations"]
    one["fallback"] = [{"destination": "two", "on": ["busy", "closed"]}, {"destination": "three", "on": ["no_answer"]}]
    two["fallback"] = [{"destination": "three"}]
    return document


documents = st.builds(
    with_ladders,
    st.lists(st.none() | some.conditions, max_size=6),
    st.dictionaries(st.sampled_from(["intent", "tier", "note"]), some.values, max_size=3),
    FAR_END,
    st.lists(st.sampled_from([None, None, *some.SCHEDULES]), min_size=3, max_size=3),
)


@given(documents)
def test_a_test_that_is_not_told_goes_the_same_way_at_every_time(document: dict[str, Any]) -> None:
    configuration = read_configuration(document)
    if any(problem.path == "tests/0/call" for problem in check(configuration)):
        return
    published = publish(configuration.to_document())
    found = [run_saved_test(published, configuration.tests[0], now=at).simulation for at in TIMES]
    assert len({(one.path, one.rule, one.ends) for one in found}) == 1
