"""What is wrong with one schedule: windows that no clock shows, days told twice, and days that nobody will get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from handoff_rules.check_dates import is_over
from handoff_rules.hours import Holidays, Hours
from handoff_rules.hours_grid import (
    WEEKDAYS,
    Window,
    WindowError,
    days_in,
    holidays_of,
    never_opens,
    overlaps,
    parse_window,
)
from handoff_rules.problems import Problem


def hours_problems(hours: Hours, path: str, today: date | None = None) -> list[Problem]:
    """What is wrong with one schedule, each fault with its path; `path` is that of the schedule. Only with `today` a
    schedule is noticed whose open days are all over, and one whose public holidays nobody knows this year or the next.

    Zones and dates that do not exist never get here: the model refuses them.
    """
    faults = [
        *_weekly_problems(hours, f"{path}/weekly"),
        *_exception_problems(hours, f"{path}/exceptions"),
        *_holiday_problems(hours.holidays, f"{path}/holidays"),
    ]
    return faults or [*_days_to_come(hours, path, today), *_unknown_holidays(hours, f"{path}/holidays/country", today)]


def _days_to_come(hours: Hours, path: str, today: date | None) -> Iterator[Problem]:
    """That no day is open at all, or none any more."""
    if never_opens(hours):
        fix = "Add windows to `weekly`, or an exception that is open; to close for a while use `closed_now`."
        yield Problem(path, f"{hours.name} never opens.", fix, "warning")
    last = last_open_day(hours)
    if last is not None and is_over(last, today):
        message = f"{hours.name} does not open any more: its last open day was {last}."
        yield Problem(path, message, "Add windows to `weekly`, or an open day to come.", "warning")


def last_open_day(hours: Hours) -> date | None:
    """None for a schedule that opens every week, or on no date."""
    if any(hours.weekly.values()):
        return None
    return max((date.fromisoformat(one.date) for one in hours.exceptions if one.open), default=None)


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


def _unknown_holidays(hours: Hours, path: str, today: date | None) -> Iterator[Problem]:
    """That the library has no day of this year or the next, unless somebody has written closed days of that year.

    It knows the holidays that follow the moon only as far as they were announced, and of some countries none.
    """
    place = hours.holidays
    if place is None or today is None or not any(hours.weekly.values()):
        return
    written = {one.date[:4] for one in hours.exceptions if one.closed}
    unknown = [
        str(year)
        for year in (today.year, today.year + 1)
        if f"{year:04}" not in written and not holidays_of(place.country, place.subdivision, year)
    ]
    if unknown:
        years = " and ".join(unknown)
        message = f"No public holidays of {place.country} are known for {years}, so none of them closes {hours.name}."
        fix = f"Add the days of {years} on which you are closed as exceptions."
        yield Problem(path, message, fix, "warning")


def _has_holidays(country: str, subdivision: str | None) -> bool:
    try:
        holidays_of(country, subdivision, 2026)
    except KeyError:
        return False
    return True
