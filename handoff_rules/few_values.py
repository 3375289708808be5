"""Tests of time as tests of variables that always have one of a few values: schedules, weekdays, dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handoff_rules.atoms import DateAtom, DayAtom, HoursAtom
from handoff_rules.hours_grid import WEEKDAYS
from handoff_rules.implication import plainer
from handoff_rules.predicates import Family, Predicate
from handoff_rules.rows import Alternative, Asked, Drawn, Requirement

DAY, DATE = "day ", "date "
"""Weekdays and stretches of the calendar, as variables that always have one of a few values; so have schedules."""
ALWAYS = {"arrived_over": frozenset({"phone", "sip", "client"}), DAY: frozenset(WEEKDAYS)}
MOST_DATES = 200
"""First and last days; with more, tests of dates are not compared with each other."""

Domains = Mapping[str, frozenset[str]]
Test = tuple[Predicate | Requirement, bool]
NO_STATES: Mapping[str, str] = {}


class Calendar:
    """The stretches into which the first and last days of all tests cut the calendar, numbered in order."""

    def __init__(self, dates: Iterable[DateAtom]) -> None:
        self._cuts = sorted({day for one in dates for day in (one.first.toordinal(), one.last.toordinal() + 1)})
        self.stretches = frozenset(str(number) for number in range(len(self._cuts) + 1))

    def stretches_of(self, dates: DateAtom) -> tuple[str, ...] | None:
        """None when there are too many."""
        if len(self._cuts) > MOST_DATES:
            return None
        first = self._cuts.index(dates.first.toordinal()) + 1
        return tuple(str(number) for number in range(first, self._cuts.index(dates.last.toordinal() + 1) + 1))


def _of_hours(identity: str) -> str:
    return f"hours {identity}"


def as_test(item: Requirement, calendar: Calendar) -> Test:
    """A requirement of a row as a test of a variable, where it is one."""
    if isinstance(item, Asked | Drawn):
        return item, True
    subject, wanted = item
    match subject:
        case HoursAtom(hours, is_open):
            return Predicate(_of_hours(hours), Family.EXACT, ("open" if is_open else "closed",)), wanted
        case DayAtom(days):
            return Predicate(DAY, Family.EXACT, days), wanted
        case DateAtom() if (stretches := calendar.stretches_of(subject)) is not None:
            return Predicate(DATE, Family.EXACT, stretches), wanted
        case Predicate():
            return plainer(subject), wanted
        case _:
            return subject, wanted  # type: ignore[return-value]  # of the atoms only dates are left


def domains_of(rows: Iterable[Alternative], states: Mapping[str, str]) -> tuple[Calendar, Domains]:
    """The calendar of the rows, and the values that each variable of this kind can have. `states` as in `reach`."""
    parts = {item[0] for row in rows for item in row if isinstance(item, tuple)}
    calendar = Calendar(part for part in parts if isinstance(part, DateAtom))
    hours = {part.hours for part in parts if isinstance(part, HoursAtom)}
    domains = {**ALWAYS, DATE: calendar.stretches}
    domains |= {_of_hours(name): frozenset([states[name]] if name in states else ["open", "closed"]) for name in hours}
    return calendar, domains
