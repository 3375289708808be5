"""Saved tests: a call, what the far end does, and what must come of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from handoff_rules.facts import EARLIEST_YEAR, LATEST_YEAR
from handoff_rules.model import Model, Name, Slug, Value, VariableName, fault
from handoff_rules.outcomes import Ends

FarEnd = Annotated[
    str,
    StringConstraints(
        pattern=r"^(answered|busy|no_answer|failed|declined|machine|canceled|caller_hung_up|referred|unconfirmed"
        r"|sip:[3-6][0-9]{2})$"
    ),
]


def _in_calendar(at: datetime) -> datetime:
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise fault(f"The year {at.year} is out of range.", f"Write a year from {EARLIEST_YEAR} to {LATEST_YEAR}.")
    return at


Instant = Annotated[AwareDatetime, AfterValidator(_in_calendar)]


class TestCall(Model):
    """The call as it arrives; `at` pins the clock, `over` the kind of leg."""

    __test__ = False

    from_: str = Field(alias="from")
    to: str
    at: Instant | None = None
    over: Literal["phone", "sip", "client"] = "phone"
    variables: dict[VariableName, Value] = {}
    digits: str = ""
    speech: str = ""


class Expectation(Model):
    """Only what is written is compared: a test says what matters and nothing more."""

    path: tuple[Slug, ...] | None = None
    ends: Ends | None = None
    headers: dict[str, str] | None = None
    reason: str | None = None
    rule: Slug | None = None
    says: str | None = None


class SavedTest(Model):
    name: Name
    call: TestCall
    far_end: tuple[FarEnd, ...] = ()
    expect: Expectation
    required: bool = True
