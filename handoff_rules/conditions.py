"""Conditions: one test on one variable, schedule, day, date or share, and how they nest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from handoff_rules.model import Date, Model, Slug, Value, VariableName, Whole, Yes, fault

MAX_DEPTH = 16
"""Deeper than any rule that a person can read, and far from what recursion could not bear."""
MAX_VALUES = 1000
MAX_CHILDREN = 100

Values = Annotated[tuple[Value, ...], Field(min_length=1, max_length=MAX_VALUES)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Pattern = Annotated[Value, StringConstraints(max_length=200)]


class VariableCondition(Model):
    """`variable` and exactly one operator. A missing variable makes it false; `is_missing` alone is then true."""

    variable: VariableName
    is_: Value | None = Field(default=None, alias="is")
    is_not: Value | None = None
    is_one_of: Values | None = None
    is_not_one_of: Values | None = None
    starts_with: Value | Values | None = None
    ends_with: Value | Values | None = None
    contains: Value | Values | None = None
    like: Pattern | None = None
    less_than: Value | None = None
    greater_than: Value | None = None
    between: tuple[Value, Value] | None = None
    is_present: Yes | None = None
    is_missing: Yes | None = None

    @model_validator(mode="after")
    def _has_one_operator(self) -> Self:
        used = sorted(name for name, _ in self._operators())
        if not used:
            raise fault("The condition compares the variable with nothing.", "Add one operator, such as `is: vip`.")
        if len(used) > 1:
            listed = " and ".join(f"`{name}`" for name in used)
            raise fault(f"The condition has {len(used)} operators: {listed}.", "Keep one; join several with `all:`.")
        return self

    def _operators(self) -> Iterator[tuple[str, str | tuple[str, ...] | bool]]:
        for field in self.model_fields_set:
            value = getattr(self, field)
            if field != "variable" and value is not None:
                yield field.rstrip("_"), value

    @cached_property
    def comparison(self) -> tuple[str, str | tuple[str, ...] | bool]:
        """The operator's name and its operand."""
        return next(self._operators())


class HoursCondition(Model):
    hours: Slug
    is_: Literal["open", "closed"] = Field(alias="is")


class DayCondition(Model):
    day: Annotated[tuple[Day, ...], Field(min_length=1, max_length=7)]


class DateCondition(Model):
    """Both days included, in the configuration's time zone."""

    date: tuple[Date, Date]

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        first, last = self.date
        if first > last:
            raise fault(f"The last day {last} comes before the first day {first}.", "Write the earlier day first.")
        return self


class ShareCondition(Model):
    """True for this many calls in a hundred, stable by call: the same call always gets the same answer."""

    share: Whole = Field(ge=0, le=100)


class AllCondition(Model):
    all: Annotated[tuple[Condition, ...], Field(min_length=1, max_length=MAX_CHILDREN)]


class AnyCondition(Model):
    any: Annotated[tuple[Condition, ...], Field(min_length=1, max_length=MAX_CHILDREN)]


class NotCondition(Model):
    not_: Condition = Field(alias="not")


KINDS = ("all", "any", "not", "variable", "hours", "day", "date", "share")


def kind_of(value: Any) -> str | None:
    """The key that says which kind a condition is, so that a fault is reported against that kind alone."""
    keys: Collection[str]
    if isinstance(value, Mapping):
        keys = value.keys()
    elif isinstance(value, Model):
        keys = {name.rstrip("_") for name in type(value).model_fields}
    else:
        return None
    return next((f"<{kind}>" for kind in KINDS if kind in keys), None)


Condition = Annotated[
    Annotated[AllCondition, Tag("<all>")]
    | Annotated[AnyCondition, Tag("<any>")]
    | Annotated[NotCondition, Tag("<not>")]
    | Annotated[VariableCondition, Tag("<variable>")]
    | Annotated[HoursCondition, Tag("<hours>")]
    | Annotated[DayCondition, Tag("<day>")]
    | Annotated[DateCondition, Tag("<date>")]
    | Annotated[ShareCondition, Tag("<share>")],
    Discriminator(kind_of),
]

for _model in (AllCondition, AnyCondition, NotCondition):
    _model.model_rebuild()


def children_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions one level below; none for a single test."""
    match condition:
        case AllCondition(all=children) | AnyCondition(any=children):
            return children
        case NotCondition(not_=child):
            return (child,)
        case _:
            return ()


def depth_of(condition: Condition) -> int:
    """1 for a single test, 2 for an `all` of tests, and so on."""
    return 1 + max((depth_of(child) for child in children_of(condition)), default=0)
