"""The form of our own numbers and test callers: the deployment document, which no version holds and which counts at
once. Two people may have it open, so it carries what stood in it when it was opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from pydantic import ValidationError

from handoff_rules.problems import ConfigurationError, Problem
from webapp.configurations.audit import read_line
from webapp.configurations.conflicts import ConflictError
from webapp.configurations.deployment import Deployment
from webapp.console.asked import whole_number
from webapp.console.conflict import Conflict
from webapp.console.forms import Draft, lines_of
from webapp.console.masking import readable
from webapp.console.needs import needs
from webapp.people.store_away import STORE_AWAY
from webapp.store.sealed import SealError

LABELS = {
    "production": "Numbers that meet production",
    "sandbox": "Numbers that meet the sandbox",
    "test_callers": "Test callers",
    "sandbox_phone": "Sandbox phone",
    "default_caller_id": "Default caller ID",
}
WAS = "_was_"
"""Begins the name of a hidden field that holds what a field said when the form was opened."""
RECENT_ENTRIES = 50
"""Of the audit log, in which the one who was first is looked for."""


def draft_of(deployment: Deployment) -> Draft:
    of: dict[str, list[str]] = {"production": [], "sandbox": []}
    for number, about in deployment.numbers.items():
        of[about.environment].append(number)
    return {
        "production": "\n".join(of["production"]),
        "sandbox": "\n".join(of["sandbox"]),
        "test_callers": "\n".join(deployment.test_callers),
        "sandbox_phone": deployment.sandbox_phone or "",
        "default_caller_id": deployment.default_caller_id or "",
    }


@dataclass(frozen=True, slots=True)
class Opened:
    """The serial of the deployment document that a form was opened at, and what its fields said then."""

    serial: int
    was: Draft


def as_sent() -> Opened:
    """Of a form that comes back with faults: it stays open at what it was opened at."""
    was = {name: request.form.get(f"{WAS}{name}", "").replace("\r\n", "\n") for name in LABELS}
    return Opened(serial_sent(), was)


def serial_sent() -> int:
    """A fresh deployment is at 0, so an unreadable one must be something else."""
    serial = whole_number(request.form.get("_version", ""))
    return -1 if serial is None else serial


def document_of(draft: Draft, stored: Deployment) -> dict[str, Any]:
    """What no field of the form stands for stays as it is `stored`: a number's own caller ID, what a promote needs."""
    numbers: dict[str, dict[str, Any]] = {}
    for environment in ("production", "sandbox"):
        numbers |= {number: {"environment": environment} for number in lines_of(str(draft.get(environment, "")))}
    for number, about in numbers.items():
        if number in stored.numbers and stored.numbers[number].caller_id:
            about["caller_id"] = stored.numbers[number].caller_id
    return {
        "numbers": numbers,
        "test_callers": lines_of(str(draft.get("test_callers", ""))),
        "promotion": stored.promotion.model_dump(),
        **{name: str(draft.get(name, "")).strip() or None for name in ("sandbox_phone", "default_caller_id")},
    }


def conflict_of(conflict: ConflictError) -> Conflict:
    """What the other person changed of these fields while they were open here."""
    after = draft_of(Deployment.read({name: value for name, value in conflict.theirs.items() if name != "twilio"}))
    before = as_sent().was
    changes = tuple(
        f"{label}: {_in_words(before[name])} → {_in_words(after[name])}"
        for name, label in LABELS.items()
        if before[name] != after[name]
    )
    return Conflict(_author(), 0, changes, bool(changes), before, after)


def _in_words(typed: str) -> str:
    return ", ".join(map(readable, lines_of(typed))) or "none"


def _author() -> str:
    try:
        lines = needs().configurations.store.audit_lines(-RECENT_ENTRIES, -1)
        entries = [read_line(line)[0] for line in reversed(lines)]
    except (SealError, *STORE_AWAY):
        return "Somebody"
    return next((entry.actor for entry in entries if entry.subject == "deployment"), "Somebody")


def problems_of(fault: ValidationError | ConfigurationError) -> tuple[Problem, ...]:
    if isinstance(fault, ConfigurationError):
        return fault.problems
    return tuple(_problem(error) for error in fault.errors())


def _problem(error: Mapping[str, Any] | Any) -> Problem:
    place = [str(part) for part in error["loc"]]
    names = {"numbers": "production", "test_callers": "test_callers"}
    shown = place[1] if len(place) > 1 and place[0] == "numbers" else str(error.get("input", ""))
    return Problem(
        names.get(place[0], place[0]),
        f"{shown[:40]} is not a phone number.",
        "Write it with the country code, for example +14155550100.",
    )
