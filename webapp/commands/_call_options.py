"""The options that describe a call to play, shared by the commands that play one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click
from pydantic import TypeAdapter, ValidationError

from handoff_rules.callers import fault_of_caller, fault_of_digits
from handoff_rules.facts import EARLIEST_YEAR, LATEST_YEAR
from handoff_rules.known_variables import OF_THE_CALL, fault_of_told
from handoff_rules.saved_tests import CALL_SID, SID_OF_A_CALL, FarEnd
from handoff_rules.variables import is_variable_name
from webapp.simulator import SimulatedCall
from webapp.voice.variables import CLIENT, PHONE, SIP

CALLER, CALLED = "+12125550123", "+14155550199"
"""Fictional numbers, for whoever only wants to see where calls go."""

Command = TypeVar("Command", bound=Callable[..., Any])
_FAR_END = TypeAdapter(FarEnd)


class Assignment(click.ParamType[tuple[str, str]]):
    """`name=value`; the name must be one that a call variable can have."""

    name = "name=value"

    def convert(
        self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        name, equals, text = value.partition("=")
        if not equals:
            self.fail(f"{value!r} has no =. Write it as intent=billing.", param, ctx)
        if not is_variable_name(name):
            self.fail(f"{name!r} is not a variable name: use lower-case letters, digits and _.", param, ctx)
        return name, text


class CallIdentity(click.ParamType[str]):
    name = "CallSid"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(SID_OF_A_CALL, value):
            self.fail(f"{value!r} is not a CallSid: write CA and 32 hexadecimal digits.", param, ctx)
        return value


class FarEndScript(click.ParamType[tuple[str, ...]]):
    """What each attempt meets, in order, separated by commas."""

    name = "busy,answered"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        words = tuple(word.strip() for word in value.split(",") if word.strip())
        for word in words:
            try:
                _FAR_END.validate_python(word)
            except ValidationError:
                self.fail(
                    f"{word!r} is not an answer of the far end. Use answered, busy, no_answer, failed, declined, "
                    "machine, canceled, caller_hung_up, referred, unconfirmed, or sip:503.", param, ctx,
                )  # fmt: skip
        return words


_OPTIONS = (
    click.option("--from", "caller", default=CALLER, show_default=True, metavar="NUMBER", help="Who calls."),
    click.option("--to", "called", default=CALLED, show_default=True, metavar="NUMBER", help="The number called."),
    click.option("--over", type=click.Choice([PHONE, SIP, CLIENT]), default=PHONE, show_default=True,
                 help="How the call arrives."),
    click.option("--at", metavar="TIME", help="When: 2026-11-20T15:00 (the configuration's zone) or with an offset."),
    click.option("--var", "variables", type=Assignment(), multiple=True,
                 help="A call variable, as an agent, the API or a SIP header would tell it. Repeatable."),
    click.option("--call-sid", type=CallIdentity(), default=CALL_SID, help="The call's identity: a share draws by it."),
    click.option("--digits", default="", help="The keys that the caller presses in a menu."),
    click.option("--speech", default="", help="What the caller says in a menu."),
    click.option("--far-end", type=FarEndScript(), default=(), help="What each attempt meets. Default: answered."),
)  # fmt: skip


def call_options(command: Command) -> Command:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def refuse_strange_caller(given: Mapping[str, Any]) -> None:
    """Raises click.BadParameter."""
    if fault := fault_of_caller(given["caller"], given["over"]):
        raise click.BadParameter(" ".join(fault), param_hint="--from")


def call_of(time_zone: str, given: Mapping[str, Any]) -> SimulatedCall:
    """The call that these options describe; an `at` without an offset is in `time_zone`.

    Raises click.BadParameter with what to change.
    """
    refuse_strange_caller(given)
    if fault := fault_of_digits(given["digits"]):
        raise click.BadParameter(" ".join(fault), param_hint="--digits")
    variables = dict(given["variables"])
    for name in variables:
        if option := OF_THE_CALL.get(name):
            option = option.replace("_", "-")
            raise click.BadParameter(f"{name} has an option of its own: --{option}.", param_hint="--var")
        if told := fault_of_told(name, given["over"]):
            raise click.BadParameter(" ".join(told), param_hint="--var")
    return SimulatedCall(
        caller=given["caller"], called=given["called"], over=given["over"], at=_instant(given["at"], time_zone),
        variables=variables, digits=given["digits"], speech=given["speech"], call_sid=given["call_sid"],
    )  # fmt: skip


def _instant(text: str | None, time_zone: str) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a time. Write it as 2026-11-20T15:00.", param_hint="--at") from None
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        fix = f"write one from {EARLIEST_YEAR} to {LATEST_YEAR}."
        raise click.BadParameter(f"The year {at.year} is out of range: {fix}", param_hint="--at")
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(time_zone))
        if at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) != at.replace(tzinfo=None):
            fix = "write a later time, or one with an offset."
            message = f"{text} does not exist in {time_zone}: the clocks go forward then. So {fix}"
            raise click.BadParameter(message, param_hint="--at")
    return at
