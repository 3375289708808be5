"""What every part of the configuration document shares: strictness, identifiers, text limits, values read from text."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError, PydanticKnownError

from handoff_rules.variables import NAME_PATTERN

VARIABLE_NAME = rf"^{NAME_PATTERN}$"
"""Pydantic's regular expressions are Rust's: `$` is the very end there, a trailing newline does not pass."""
E164 = r"\+[1-9][0-9]{6,14}"
"""A number with its country code, 7 to 15 digits (ITU-T E.164)."""
IDENTIFIER = r"^[a-z0-9][a-z0-9-]{0,62}$"


class Model(BaseModel):
    """Values in, values out: frozen, and an unknown key is an error, because a typo must never be silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def fault(message: str, fix: str) -> PydanticCustomError:
    """A fault in our own words, for validators to raise; `reading` takes message and fix from it as they are."""
    return PydanticCustomError("handoff", "{message}", {"message": message, "fix": fix})


def _number_as_text(value: Any) -> Any:
    """JSON may carry 42 where YAML carries "42": both are the same text to a rule."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def _text_as_true(value: Any) -> Any:
    return True if value == "true" else value


def _no_truth_value(value: Any) -> Any:
    """JSON's `true` is no number, though Python counts it as 1."""
    if isinstance(value, bool):
        raise PydanticKnownError("int_type")
    return value


def _text_as_one(value: Any) -> Any:
    return 1 if value == "1" else value


def _real_date(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise fault(f"The calendar has no {value}.", "Write a date that exists, as 2026-12-24.") from None
    return value


@cache
def time_zones() -> frozenset[str]:
    """The IANA zones of the tz database at hand, without the names that mean no place: they differ between machines."""
    return frozenset(available_timezones()) - {"localtime", "Factory"}


def _real_time_zone(value: str) -> str:
    if value not in time_zones():
        raise fault(f"There is no time zone {value[:60]!r}.", "Write an IANA zone such as America/New_York.")
    return value


Slug = Annotated[str, StringConstraints(pattern=IDENTIFIER)]
VariableName = Annotated[str, StringConstraints(pattern=VARIABLE_NAME)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(max_length=1000)]
LONGEST_OPERAND = 1000
"""Of a text that a condition compares with, in characters."""
Value = Annotated[str, BeforeValidator(_number_as_text), StringConstraints(max_length=LONGEST_OPERAND)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Voice = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
Yes = Annotated[Literal[True], BeforeValidator(_text_as_true)]
"""`true`, and nothing else: for keys whose presence is the statement."""
Whole = Annotated[int, BeforeValidator(_no_truth_value)]
SchemaOne = Annotated[Literal[1], BeforeValidator(_text_as_one)]
Date = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real_date)]
TimeZone = Annotated[str, AfterValidator(_real_time_zone)]
