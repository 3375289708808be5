"""A rule: when its condition holds, this destination, with optional overrides. First match wins."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from handoff_rules.conditions import MAX_DEPTH, Condition, depth_of
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
