"""What a check says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from webapp.numbers.doctor.surroundings import Surroundings


class Status(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """`found` in a sentence without secrets; `fix` is one thing to do, empty when there is nothing."""

    status: Status
    found: str
    fix: str = ""


def ok(found: str) -> Finding:
    return Finding(Status.OK, found)


def warn(found: str, fix: str) -> Finding:
    return Finding(Status.WARN, found, fix)


def fail(found: str, fix: str) -> Finding:
    return Finding(Status.FAIL, found, fix)


def skipped(why: str) -> Finding:
    return Finding(Status.SKIPPED, why)


@dataclass(frozen=True, slots=True)
class Check:
    id: str
    title: str
    run: Callable[[Surroundings], Finding]


@dataclass(frozen=True, slots=True)
class Result:
    id: str
    title: str
    status: Status
    found: str
    fix: str
