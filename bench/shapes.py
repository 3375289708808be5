"""Configurations of ten or ten thousand rules whose conditions are all of one shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import count, islice
from typing import Any

from bench.conditions import CALL, Shape
from bench.configuration import document
from handoff_rules.compiled import compile_configuration
from handoff_rules.configuration import read_configuration
from handoff_rules.evaluation import Evaluation
from handoff_rules.facts import Facts
from handoff_rules.tree import holds

AT = datetime(2026, 11, 20, 20, tzinfo=UTC)
STEP = 1000
"""So many rules are read at once to find those that the call does not match."""
DRAWN = "shares of 1 %", "two words in order and a share", "two words not in order and a share", "patterns and a share"
HOW_MANY_CALLS = dict.fromkeys(DRAWN, 50)
"""How many rules draw before one takes the call differs from call to call: these shapes are asked with so many."""


def of_shape(shape: Shape, rules: int, *, matching: bool = True) -> dict[str, Any]:
    """A configuration of this many rules of one shape; without `matching`, only of those that do not match the call."""
    numbers = range(rules) if matching else islice(_not_matching(shape), rules)
    return _rules(map(shape, numbers))


def _not_matching(shape: Shape) -> Iterator[int]:
    for first in count(0, STEP):
        compiled = compile_configuration(read_configuration(_rules(map(shape, range(first, first + STEP)))))
        evaluation = Evaluation(compiled, Facts(CALL, AT))
        yield from (first + rule.position for rule in compiled.rules if not holds(rule.tree, evaluation))


def _rules(conditions: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return document(1) | {"rules": [
        {"id": f"rule-{number}", "name": f"Rule {number}", "when": condition, "destination": "front-desk"}
        for number, condition in enumerate(conditions)
    ]}  # fmt: skip
