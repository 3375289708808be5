"""The demo configuration shows every feature: what nobody sees in it, nobody finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from handoff_rules.conditions import KINDS, VariableCondition
from handoff_rules.destinations import Destination, FallbackStep
from handoff_rules.hours import Hours
from handoff_rules.rules import Rule

DEMO: dict[str, Any] = yaml.load(
    (Path(__file__).parent.parent.parent / "handoff.example.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
)
ELSEWHERE = {"enabled", "offer_text"}
"""`enabled: false` would show a destination that never rings; the page on texts shows `offer_text`."""


def conditions(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from conditions(child)


ASKED = [condition for rule in DEMO["rules"] for condition in conditions(rule["when"])]


@pytest.mark.parametrize(
    "operator", [field.alias or name for name, field in VariableCondition.model_fields.items() if name != "variable"]
)
def test_the_demo_uses_each_operator(operator: str) -> None:
    assert any("variable" in condition and operator in condition for condition in ASKED)


@pytest.mark.parametrize("kind", KINDS)
def test_the_demo_uses_each_kind_of_condition(kind: str) -> None:
    assert any(kind in condition for condition in ASKED)


@pytest.mark.parametrize("field", sorted(set(Destination.model_fields) - ELSEWHERE))
def test_the_demo_uses_each_field_of_a_destination(field: str) -> None:
    assert any(field in destination for destination in DEMO["destinations"])


@pytest.mark.parametrize("step", sorted(set(FallbackStep.model_fields) - {"language", "voice"}))
def test_the_demo_uses_each_kind_of_fallback_step(step: str) -> None:
    steps = [step for destination in DEMO["destinations"] for step in destination.get("fallback", ())]
    assert any(step in written for written in steps)


WINDOWS = [windows for hours in DEMO["hours"] for windows in hours["weekly"].values()]
TESTS = {"far_end", "required", *(f"call.{name}" for name in ("at", "over", "variables", "failing", "asked_for"))}
"""`digits` and `speech` need a menu, which `make demo` plays; `call_sid` is for shares."""


def test_the_demo_has_several_windows_a_day_a_night_and_the_end_of_a_day() -> None:
    assert any(len(windows) > 1 for windows in WINDOWS)
    assert any(start > end for windows in WINDOWS for start, end in (window.split("-") for window in windows))
    assert any(window.endswith("24:00") for windows in WINDOWS for window in windows)


@pytest.mark.parametrize("field", sorted(set(Hours.model_fields)))
def test_the_demo_uses_each_field_of_hours(field: str) -> None:
    assert any(field in hours for hours in DEMO["hours"])


@pytest.mark.parametrize("field", sorted(set(Rule.model_fields) - {"enabled"}))
def test_the_demo_uses_each_field_of_a_rule(field: str) -> None:
    assert any(field in rule for rule in DEMO["rules"])


def test_the_demo_shows_each_caller_id_and_each_answer_to_a_missing_variable() -> None:
    shown = {destination.get("caller_id", "caller")[:1] for destination in DEMO["destinations"]}
    assert shown == {"c", "+"}
    assert "called" in {destination.get("caller_id") for destination in DEMO["destinations"]}
    headers = [one for part in (*DEMO["destinations"], *DEMO["rules"]) for one in part.get("headers", ())]
    assert {one.get("if_missing") for one in headers} == {None, "drop", "empty", "fail"}


def test_the_demo_speaks_another_language_before_a_handoff_and_at_a_voicemail() -> None:
    spanish = next(one for one in DEMO["destinations"] if one.get("language") == "es-US")
    assert any(step.get("voicemail", {}).get("language") == "es-US" for step in spanish["fallback"])


@pytest.mark.parametrize("used", sorted(TESTS))
def test_the_saved_tests_of_the_demo_pin_all_that_they_can(used: str) -> None:
    part, _, name = used.rpartition(".")
    assert any(name in (test[part] if part else test) for test in DEMO["tests"])


@pytest.mark.parametrize("method", ["REFER", "INVITE", "BYE"])
def test_the_demo_uses_each_method(method: str) -> None:
    assert any(destination["method"] == method for destination in DEMO["destinations"])
