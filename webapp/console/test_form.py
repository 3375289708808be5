"""The form of "Test a call": the call and the far end, from the page's address, and as a saved test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from handoff_rules.callers import fault_of_caller, fault_of_digits
from handoff_rules.known_variables import FROM_FLOW
from handoff_rules.problems import Problem
from handoff_rules.variables import is_variable_name
from webapp.console.destination_names import identified
from webapp.console.forms import Form
from webapp.simulator import SimulatedCall

OVER = {"phone": "the phone network", "sip": "SIP", "client": "an app"}
FAR_END = {
    "answered": "answers",
    "busy": "is busy",
    "no_answer": "does not answer",
    "declined": "declines",
    "machine": "is a machine",
    "failed": "cannot be reached",
    "unconfirmed": "never confirms",
    "sip:486": "says SIP 486 Busy",
    "sip:503": "says SIP 503 Unavailable",
    "sip:603": "says SIP 603 Decline",
    "caller_hung_up": "rings until the caller hangs up",
}
ATTEMPTS = 3
CALLER, CALLED = "+14155550123", "+14155550199"
LONGEST = 500
FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be played. `problems` keep it from being played."""

    call: SimulatedCall
    far_end: tuple[str, ...]
    version: str
    destination: str
    form: Form
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Reader:
    query: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        return str(self.query.get(name, default)).strip()[:LONGEST]

    def choice(self, name: str, choices: Mapping[str, str], default: str) -> str:
        value = self.text(name, default)
        return value if value in choices else default


def read(query: MultiDict[str, str], zone: ZoneInfo, now: datetime) -> Asked:
    """The fields are read in the order of the page, so that the faults at its top stand in the same order."""
    reader = _Reader(query)
    caller, over = reader.text("from", CALLER), reader.choice("over", OVER, "phone")
    if fault := fault_of_caller(caller, over):
        reader.problems.append(Problem("from", *fault))
    call = SimulatedCall(
        caller=caller,
        called=reader.text("to", CALLED),
        over=over,
        at=_instant(reader, zone, now),
        variables=_variables(query.get("variables", ""), reader),
        digits=_digits(reader),
        speech=reader.text("speech"),
    )
    far_end = tuple(reader.choice(f"far/{place}", FAR_END, "answered") for place in range(ATTEMPTS))
    draft: dict[str, Any] = {
        "from": call.caller, "to": call.called, "over": call.over,
        "at": f"{call.at.astimezone(zone):%Y-%m-%dT%H:%M}" if reader.text("at") else "", "digits": call.digits,
        "speech": call.speech, "variables": query.get("variables", ""), "version": reader.text("version", "sandbox"),
        "destination": identified(reader.text("destination")), "far": list(far_end),
    }  # fmt: skip
    found = tuple(reader.problems)
    form = Form(draft, found, {problem.path: problem for problem in found})
    return Asked(call, far_end, draft["version"], draft["destination"], form, found)


def saved_document(asked: Asked, name: str, path: tuple[str, ...], ends: str) -> dict[str, Any]:
    """What was just seen, as a saved test: the same call must meet the same destinations and the same end."""
    call: dict[str, Any] = {"from": asked.call.caller, "to": asked.call.called, "over": asked.call.over}
    call["at"] = asked.call.at.isoformat()
    optional = {"variables": dict(asked.call.variables), "digits": asked.call.digits, "speech": asked.call.speech}
    call |= {key: value for key, value in optional.items() if value}
    far_end = list(asked.far_end)
    while far_end and far_end[-1] == "answered":
        far_end.pop()
    return {"name": name, "call": call, "far_end": far_end, "expect": {"path": list(path), "ends": ends}}


def _digits(reader: _Reader) -> str:
    digits = reader.text("digits")
    if fault := fault_of_digits(digits):
        reader.problems.append(Problem("digits", *fault))
    return digits


def _variables(text: str, reader: _Reader) -> dict[str, str]:
    """`name=value`, one on each line."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines()[:100], start=1):
        if not line.strip():
            continue
        name, equals, value = line.partition("=")
        name = name.strip().removeprefix("$")
        if equals and is_variable_name(name) and name not in FROM_FLOW:
            found[name] = value.strip()[:LONGEST]
        else:
            reader.problems.append(_unreadable(number, name if equals else "", line))
    return found


def _unreadable(number: int, name: str, line: str) -> Problem:
    if name in FROM_FLOW:
        message = f"Line {number}: {name} is what the handoff itself tells."
        return Problem("variables", message, "Leave it out.")
    if name:
        message = f"Line {number}: {name} is not a variable name."
        return Problem("variables", message, "Use lower-case letters, digits and _, for example intent=billing.")
    return Problem("variables", f"Line {number} is not name=value: {line[:60]}", "For example intent=billing.")


def _instant(reader: _Reader, zone: ZoneInfo, now: datetime) -> datetime:
    text = reader.text("at")
    if not text:
        return now
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        reader.problems.append(Problem("at", f"{text} is not a date and time.", "For example 2026-12-24T20:00."))
        return now
    if not FIRST_YEAR <= at.year < LAST_YEAR:
        # Time zones, holidays and "in two weeks" have no answer at the ends of the calendar.
        reader.problems.append(
            Problem("at", f"The year {at.year} is out of reach.", f"Choose one from {FIRST_YEAR} to {LAST_YEAR - 1}.")
        )
        return now
    return at if at.tzinfo else at.replace(tzinfo=zone)
