"""The windows of a schedule as numbers: which minutes each weekday and each special date is open, and what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from handoff_rules.hours import Holidays, Hours
from handoff_rules.problems import Problem

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


def hours_problems(hours: Hours, path: str, today: date | None = None) -> list[Problem]:
    """What is wrong with one schedule, each fault with its path; `path` is that of the schedule. Only with `today` a
    schedule is noticed whose open days are all over.

    Zones and dates that do not exist never get here: the model refuses them.
    """
    problems = [
        *_weekly_problems(hours, f"{path}/weekly"),
        *_exception_problems(hours, f"{path}/exceptions"),
        *_holiday_problems(hours.holidays, f"{path}/holidays"),
    ]
    if not problems and never_opens(hours):
        fix = "Add windows to `weekly`, or an exception that is open; to close for a while use `closed_now`."
        problems.append(Problem(path, f"{hours.name} never opens.", fix, "warning"))
    last = _last_open_day(hours)
    if not problems and today is not None and last is not None and last < today - ZONES_AND_NIGHTS:
        message = f"{hours.name} does not open any more: its last open day was {last}."
        problems.append(Problem(path, message, "Add windows to `weekly`, or an open day to come.", "warning"))
    return problems


ZONES_AND_NIGHTS = timedelta(days=2)
"""A date is over everywhere on earth, and with it a window of its that goes past midnight."""


def _last_open_day(hours: Hours) -> date | None:
    """None for a schedule that opens every week, or on no date."""
    if any(hours.weekly.values()):
        return None
    return max((date.fromisoformat(one.date) for one in hours.exceptions if one.open), default=None)


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


def _weekly_problems(hours: Hours, path: str) -> Iterator[Problem]:
    lines = Counter(day for days in hours.weekly for day in set(days_in(days)))
    fix = "Name each day once, with all its windows."
    for days, windows in hours.weekly.items():
        if again := [WEEKDAYS[day] for day in sorted(set(days_in(days))) if lines[day] > 1]:
            stand = "stands" if len(again) == 1 else "stand"
            yield Problem(f"{path}/{days}", f"{', '.join(again)} {stand} in more than one line.", fix)
        elif twice := [WEEKDAYS[day] for day, times in Counter(days_in(days)).items() if times > 1]:
            yield Problem(f"{path}/{days}", f"{', '.join(twice)} is named twice here.", fix)
        if malformed := [part for part in days.split(",") if part.count("-") > 1]:
            yield Problem(f"{path}/{days}", f"{malformed[0]} is not a range.", "Write it as mon-fri.")
        yield from _window_problems(windows, f"{path}/{days}")


def _window_problems(windows: Sequence[str], path: str) -> Iterator[Problem]:
    read: list[Window] = []
    for index, text in enumerate(windows):
        try:
            window = parse_window(text)
        except WindowError as error:
            yield Problem(f"{path}/{index}", error.message, error.fix)
            continue
        if overlaps(window, read):
            yield Problem(f"{path}/{index}", f"{text} overlaps another window of that day.", "Make them one window.")
        read.append(window)


def _exception_problems(hours: Hours, path: str) -> Iterator[Problem]:
    dates = Counter(one.date for one in hours.exceptions)
    for index, one in enumerate(hours.exceptions):
        here = f"{path}/{index}"
        if dates[one.date] > 1:
            fix = "Make them one exception with all the windows of that day."
            yield Problem(f"{here}/date", f"{one.date} has more than one exception.", fix)
        if bool(one.open) == one.closed:
            fix = "Write either `closed: true` or `open` with the windows of that day."
            yield Problem(here, "An exception is either closed or open at certain times.", fix)
        yield from _window_problems(one.open or (), f"{here}/open")


def _holiday_problems(place: Holidays | None, path: str) -> Iterator[Problem]:
    if place is None or _has_holidays(place.country, place.subdivision):
        return
    if _has_holidays(place.country, None):
        message = f"{place.country} has no subdivision {place.subdivision}."
        yield Problem(f"{path}/subdivision", message, "Use its ISO 3166-2 code, such as NY.")
    else:
        fix = "Use an ISO 3166 code such as US, or list the days as exceptions."
        yield Problem(f"{path}/country", f"No public holidays are known for {place.country}.", fix)


def _has_holidays(country: str, subdivision: str | None) -> bool:
    try:
        holidays_of(country, subdivision, 2026)
    except KeyError:
        return False
    return True
