"""A rule: when its condition holds, this destination, with optional overrides. First match wins."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from handoff_rules.conditions import MAX_DEPTH, AllCondition, AnyCondition, Condition, NotCondition, depth_of
from handoff_rules.destinations import Header
from handoff_rules.model import Model, Name, Slug, Text, Value, VariableName, fault


class Rule(Model):
    """`when` left out matches every call. `set` adds variables for the headers and the rules of later steps."""

    id: Slug
    name: Name
    when: Condition | None = None
    destination: Slug
    reason: Text | None = None
    utterance: Text | None = None
    headers: tuple[Header, ...] | None = None
    set: dict[VariableName, Value] = Field(default={}, max_length=100)
    enabled: bool = True

    @model_validator(mode="after")
    def _is_not_too_deep(self) -> Self:
        if self.when is not None and depth_of(self.when) > MAX_DEPTH:
            raise fault(f"The conditions are nested more than {MAX_DEPTH} deep.", "Split it into several rules.")
        return self


def conditions_of(rule: Rule, path: str) -> Iterator[tuple[str, Condition]]:
    """Each single condition of a rule with its path."""
    pending = deque([] if rule.when is None else [(f"{path}/when", rule.when)])
    while pending:
        place, condition = pending.popleft()
        match condition:
            case AllCondition(all=children):
                pending += [(f"{place}/all/{index}", child) for index, child in enumerate(children)]
            case AnyCondition(any=children):
                pending += [(f"{place}/any/{index}", child) for index, child in enumerate(children)]
            case NotCondition(not_=child):
                pending.append((f"{place}/not", child))
            case _:
                yield place, condition
