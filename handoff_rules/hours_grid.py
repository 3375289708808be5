"""The windows of a schedule as numbers: which minutes each weekday and each special date is open, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from handoff_rules.hours import Holidays, Hours

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60

Window = tuple[int, int]
"""Minutes after the midnight with which the day begins; the end is more than 1,440 when it lies on the next day."""


class WindowError(ValueError):
    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date that differs from its weekday: `id` names the exception (`e0`) or the holiday (`h`) that says so."""

    id: str
    label: str
    windows: tuple[Window, ...] = ()


def parse_window(text: str) -> Window:
    """`"22:00-02:00"` as minutes; an end at or before the start lies on the next day."""
    start, end = (int(time[:2]) * 60 + int(time[3:]) for time in text.split("-"))
    if start >= DAY or end > DAY:
        raise WindowError(f"{text} has an hour that no clock shows.", "Times go from 00:00 to 24:00 (as an end).")
    if start == end:
        raise WindowError(f"{text} begins and ends at the same time.", "For a whole day write 00:00-24:00.")
    return start, end if end > start else end + DAY


def overlaps(window: Window, others: Iterable[Window]) -> bool:
    """Whether a window has a minute of one of the others, all of which begin on the same day."""
    return any(window[0] < other[1] and other[0] < window[1] for other in others)


def days_in(text: str) -> tuple[int, ...]:
    """`"mon-wed,sat"` as weekday numbers, Monday 0; a range may run over the end of the week (`"sat-mon"`)."""
    days: list[int] = []
    for part in text.split(","):
        first, *last = (WEEKDAYS.index(name) for name in part.split("-")[:2])
        days += [(first + offset) % 7 for offset in range(((last[0] - first) % 7 if last else 0) + 1)]
    return tuple(days)


def weekly_windows(hours: Hours) -> tuple[tuple[Window, ...], ...]:
    """The windows that begin on each weekday, Monday first."""
    week: list[tuple[Window, ...]] = [()] * 7
    for days, windows in hours.weekly.items():
        for day in days_in(days):
            week[day] = tuple(parse_window(window) for window in windows)
    return tuple(week)


def exception_days(hours: Hours) -> Mapping[date, SpecialDay]:
    return {
        date.fromisoformat(one.date): SpecialDay(
            f"e{index}", one.label, tuple(parse_window(window) for window in one.open or ())
        )
        for index, one in enumerate(hours.exceptions)
    }


@lru_cache(maxsize=1024)
def holidays_of(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """Public holidays with their names, English where the library has them; KeyError when it knows no such place."""
    import holidays  # late: half a second, which only schedules with holidays should pay

    try:
        found = holidays.country_holidays(country, subdiv=subdivision, years=year, language="en_US")
    except NotImplementedError:
        raise KeyError(country, subdivision) from None
    return {day: name for day, name in found.items() if day.year == year}


def holiday_days(place: Holidays | None, year: int) -> Mapping[date, SpecialDay]:
    """The holidays of a year as closed days.

    None for a place that the library does not know any more: a version that was published once must always load, and
    `hours_problems` tells whoever edits it next.
    """
    if place is None:
        return {}
    try:
        found = holidays_of(place.country, place.subdivision, year)
    except KeyError:
        return {}
    return {day: SpecialDay("h", name) for day, name in found.items()}


def never_opens(hours: Hours) -> bool:
    """True when no weekday and no exception has a window. `closed_now` does not count: it is meant to be undone."""
    return not any(hours.weekly.values()) and not any(one.open for one in hours.exceptions)


def always_opens(hours: Hours) -> bool:
    """True when the week has no closed minute and nothing else (a holiday, an exception, the switch) closes it."""
    if hours.closed_now or hours.holidays is not None or hours.exceptions:
        return False
    try:
        week = weekly_windows(hours)
    except WindowError:
        return False
    windows = sorted((start + day * DAY, end + day * DAY) for day in range(-1, 7) for start, end in week[day])
    reached = 0
    for start, end in windows:
        if start > reached:
            return False
        reached = max(reached, end)
    return reached >= 7 * DAY
