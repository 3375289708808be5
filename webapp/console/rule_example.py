"""A call that a rule is about, as the fields of Test a call: what the rule asks for is filled in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from handoff_rules.comparison import NUMBER
from handoff_rules.conditions import AllCondition, AnyCondition, Condition, HoursCondition, VariableCondition
from handoff_rules.hours_open import CompiledHours

OWN_FIELDS = {
    "caller_id": "from",
    "called_number": "to",
    "digits": "digits",
    "speech": "speech",
    "arrived_over": "over",
}
TOLD_ANYWAY = frozenset({"caller_id", "called_number", "arrived_over"})
"""The form begins with them filled in."""
NEVER_NEGATIVE = frozenset({"caller_id", "called_number", "digits"})
SIP, SIP_PREFIX = "sip", "sip_"
WAYS = {"sip:": "sip", "sips:": "sip", "client:": "client"}
"""How an address that begins so arrives."""
FICTIONAL = "5550100"
"""The end of a number that nobody has, for a rule that names a beginning."""
NORTH_AMERICAN = 12
"""Signs of a whole number that begins with +1."""


def example_of(
    when: Condition | None, hours: Mapping[str, CompiledHours], now: datetime, zone: ZoneInfo
) -> dict[str, str]:
    """Of alternatives the first one; what asks for something not to be, for a day or a share is left to chance."""
    query: dict[str, str] = {}
    variables: list[str] = []
    for asked in _asked(when):
        if isinstance(asked, HoursCondition):
            if at := _moment(asked, hours, now):
                query["at"] = f"{at.astimezone(zone):%Y-%m-%dT%H:%M}"
            continue
        value = _value(asked)
        if value and asked.variable in OWN_FIELDS:
            query |= {OWN_FIELDS[asked.variable]: value, **_way_of(asked.variable, value)}
        elif value:
            variables.append(f"{asked.variable}={value}")
            query |= {"over": SIP} if asked.variable.startswith(SIP_PREFIX) else {}
    return query | ({"variables": "\n".join(variables)} if variables else {})


def _asked(when: Condition | None) -> Iterator[VariableCondition | HoursCondition]:
    match when:
        case AllCondition(all=parts):
            for part in parts:
                yield from _asked(part)
        case AnyCondition(any=(first, *_)):
            yield from _asked(first)
        case VariableCondition() | HoursCondition():
            yield when
        case _:
            return


def _value(asked: VariableCondition) -> str:
    operator, operand = asked.comparison
    first = operand if isinstance(operand, str) else operand[0] if isinstance(operand, tuple) else ""
    match operator:
        case "is" | "is_one_of" | "ends_with" | "contains" | "between":
            return first
        case "starts_with":
            return _whole(first) if asked.variable in {"caller_id", "called_number"} else first
        case "like":
            return first.replace("*", "").replace("?", "0")
        case "greater_than" | "less_than":
            return _beside(first, 1 if operator == "greater_than" else -1, asked.variable)
        case "is_present":
            return "" if asked.variable in TOLD_ANYWAY else "something"
        case _:
            return ""


def _way_of(variable: str, value: str) -> dict[str, str]:
    if variable != "caller_id":
        return {}
    return next(({"over": way} for scheme, way in WAYS.items() if value.lower().startswith(scheme)), {})


def _whole(beginning: str) -> str:
    missing = NORTH_AMERICAN - len(beginning)
    return (
        beginning + FICTIONAL[-missing:] if beginning.startswith("+1") and 0 < missing <= len(FICTIONAL) else beginning
    )


def _beside(limit: str, step: int, variable: str) -> str:
    """The whole number next to `limit`, in digits; empty where there is none, or none that the variable can be."""
    if not NUMBER.fullmatch(limit):
        return ""
    number = (math.floor if step > 0 else math.ceil)(Decimal(limit)) + step
    if number < 0 and variable in NEVER_NEGATIVE:
        return ""
    return f"{number:+d}" if limit.startswith("+") else str(number)


def _moment(asked: HoursCondition, hours: Mapping[str, CompiledHours], now: datetime) -> datetime | None:
    """None when it is such a moment now, or never one by the clock."""
    schedule = hours.get(asked.hours)
    if schedule is None:
        return None
    answer = schedule.at(now)
    return answer.next_change if answer.open is not (asked.is_ == "open") else None
