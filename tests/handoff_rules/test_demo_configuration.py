"""The demo configuration shows every feature: what nobody sees in it, nobody finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from handoff_rules.conditions import KINDS, VariableCondition
from handoff_rules.destinations import Destination, FallbackStep

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


@pytest.mark.parametrize("method", ["REFER", "INVITE", "BYE"])
def test_the_demo_uses_each_method(method: str) -> None:
    assert any(destination["method"] == method for destination in DEMO["destinations"])
