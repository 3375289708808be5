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
SID_OF_A_CALL = "CA[0-9a-f]{32}"
CallSid = Annotated[str, StringConstraints(pattern=rf"^{SID_OF_A_CALL}$")]
CALL_SID = "CA" + "5" * 32
"""A described call needs an identity for shares and state; it is always the same, so that it can be played again."""


class TestCall(Model):
    """The call as it arrives; `at` pins the clock, `over` the kind of leg.

    `call_sid` pins the draw of every `share`. `asked_for` is the destination that an agent names when its part ends, or
    the API for a live call: where no agent meets the caller, the test begins there.
    `failing` are destinations that fail again and again by then: those with `skip_when_failing` are passed over.
    """

    __test__ = False

    from_: str = Field(alias="from")
    to: str
    at: Instant | None = None
    over: Literal["phone", "sip", "client"] = "phone"
    variables: dict[VariableName, Value] = {}
    digits: str = ""
    speech: str = ""
    call_sid: CallSid | None = None
    asked_for: Slug | None = None
    failing: tuple[Slug, ...] = ()


class Expectation(Model):
    """Only what is written is compared: a test says what matters and nothing more."""

    path: tuple[Slug, ...] | None = None
    ends: Ends | None = None
    headers: dict[str, str] | None = None
    reason: str | None = None
    rule: Slug | None = None
    says: str | None = None

    @property
    def compares_nothing(self) -> bool:
        """Every call sends none of no headers and says an empty text."""
        exact = (self.path, self.ends, self.reason, self.rule)
        return not self.headers and not self.says and all(wanted is None for wanted in exact)


class SavedTest(Model):
    name: Name
    call: TestCall
    far_end: tuple[FarEnd, ...] = ()
    expect: Expectation
    required: bool = True
