"""The difference between two configurations names things as people know them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handoff_rules.configuration import Configuration, read_configuration
from handoff_rules.diff import Kind, diff


def configuration(**changes: Any) -> Configuration:
    document: dict[str, Any] = {
        "schema": 1,
        "name": "Example Hotel",
        "default_destination": "front-desk",
        "destinations": [
            {"id": "front-desk", "name": "Front desk", "method": "INVITE", "route": "+14155550100"},
            {"id": "billing", "name": "Billing", "method": "INVITE", "route": "+14155550101"},
        ],
        "rules": [{"id": name, "name": name.upper(), "destination": "billing"} for name in ("a", "b", "c")],
    }
    return read_configuration(document | changes)


def test_equal_configurations_differ_in_nothing() -> None:
    assert diff(configuration(), configuration()) == []


def test_a_changed_route_is_one_sentence_with_both_values() -> None:
    destinations = [
        {"id": "front-desk", "name": "Front desk", "method": "INVITE", "route": "+14155550100"},
        {"id": "billing", "name": "Billing", "method": "INVITE", "route": "+14155550199"},
    ]
    (change,) = diff(configuration(), configuration(destinations=destinations))
    assert str(change) == "Destination \u201cBilling\u201d: route changes from +14155550101 to +14155550199."
    assert change.to_plain()["kind"] == "changed"


def test_what_an_added_thing_does_not_set_is_left_out_for_json() -> None:
    when = {"all": [{"variable": "intent", "is": "billing"}, {"hours": "desk", "is": "open"}]}
    rules = [{"id": "d", "name": "D", "destination": "billing", "when": when, "set": {}, "enabled": True}]
    hours = [{"id": "desk", "name": "Desk", "weekly": {"mon": ["09:00-17:00"]}}]
    added = [change.to_plain() for change in diff(configuration(rules=[]), configuration(rules=rules, hours=hours))]
    written = {"id": "d", "name": "D", "destination": "billing", "when": when}
    assert [one["after"] for one in added] == [
        written,
        {"id": "desk", "name": "Desk", "weekly": {"mon": ["09:00-17:00"]}},
    ]
    assert {one["before"] for one in added} == {None}


def test_added_and_removed_things_are_named() -> None:
    changes = diff(configuration(), configuration(rules=[{"id": "d", "name": "D", "destination": "billing"}]))
    assert [(change.kind, change.id) for change in changes] == [
        (Kind.REMOVED, "a"),
        (Kind.REMOVED, "b"),
        (Kind.REMOVED, "c"),
        (Kind.ADDED, "d"),
    ]


def test_moving_one_rule_is_one_change() -> None:
    rules = [{"id": name, "name": name.upper(), "destination": "billing"} for name in ("c", "a", "b")]
    (change,) = diff(configuration(), configuration(rules=rules))
    assert str(change) == "Rule \u201cC\u201d moves from place 3 to place 1."


def test_variables_and_settings_are_compared() -> None:
    changed = configuration(variables={"customer_id": {"sample": "C-1"}}, name="Another Hotel")
    assert [str(change) for change in diff(configuration(), changed)] == [
        "The configuration: name changes from Example Hotel to Another Hotel.",
        "Variable \u201ccustomer_id\u201d is added.",
    ]


@given(st.permutations(["a", "b", "c", "d", "e"]))
def test_moves_are_the_fewest_that_explain_the_order(order: list[str]) -> None:
    def with_rules(names: list[str]) -> Configuration:
        return configuration(rules=[{"id": name, "name": name, "destination": "billing"} for name in names])

    changes = diff(with_rules(sorted(order)), with_rules(order))
    moved = {change.id for change in changes}
    rest = [name for name in order if name not in moved]
    assert rest == sorted(rest)
    assert len(changes) <= len(order) - 1
