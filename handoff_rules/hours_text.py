"""The text form of a set of hours: `Mo-Fr 09:00-17:30; PH off; 2026-12-24 09:00-12:00`.

It is OpenStreetMap's notation, with one difference: dates are written as everywhere else here, `2026-12-24` in place
of `2026 Dec 24`. What is said later takes the place of what was said before, so the week stands first, then the public
holidays, then the dates. Source: wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from handoff_rules.hours import Hours
from handoff_rules.hours_expression import DAY_NAMES
from handoff_rules.hours_grid import WEEKDAYS, days_in

Item = TypeVar("Item")
Windows = tuple[str, ...]
"""As the document writes them, `"09:00-17:30"`; none means closed."""
WHOLE_DAY = "00:00-24:00"
ALWAYS = ((WHOLE_DAY,),) * 7


@dataclass(frozen=True, slots=True)
class Times:
    """All that the text form says: the windows of each weekday, Monday first, and of each date that differs.

    `holidays`: closed on public holidays. Of which country and region, the time zone, the labels of dates and the
    switch are not among it.
    """

    week: tuple[Windows, ...] = ((),) * 7
    holidays: bool = False
    dates: Mapping[date, Windows] = field(default_factory=dict)


def times_of(hours: Hours) -> Times:
    dates = {date.fromisoformat(one.date): one.open or () for one in hours.exceptions}
    return Times(week_of(hours.weekly), hours.holidays is not None, dates)


def text_of(times: Times) -> str:
    """One line; `read_text` in `hours_text_reading` makes the same times of it."""
    holidays = ["PH off"] if times.holidays else []
    return "; ".join([*_rules_of_the_week(times.week), *holidays, *_rules_of_dates(times.dates)])


def with_times(hours: Mapping[str, Any], times: Times, place: Mapping[str, str]) -> dict[str, Any]:
    """The document of a set with other times: what a text cannot carry is kept.

    A label stays with its date; an exception and a week that say the same are left exactly as they are written. `place`
    (`country`, `subdivision`) has the public holidays, where the times are closed on them.
    """
    document = {key: value for key, value in hours.items() if key not in {"weekly", "holidays", "exceptions"}}
    written = hours.get("weekly", {})
    weekly = written if week_of(written) == times.week else weekly_of(times.week)
    exceptions = _exceptions_of(times.dates, hours.get("exceptions", ()))
    holidays = dict(place) if times.holidays else {}
    found = {"weekly": weekly, "holidays": holidays, "exceptions": exceptions}
    return document | {key: value for key, value in found.items() if value}


def week_of(weekly: Mapping[str, Sequence[str]]) -> tuple[Windows, ...]:
    """The windows of each weekday, Monday first, of a week as the document has it."""
    week: list[Windows] = [()] * 7
    for days, windows in weekly.items():
        for day in days_in(days):
            week[day] = tuple(windows)
    return tuple(week)


def weekly_of(week: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    """As the document has it: neighbouring days with the same windows are one entry, `mon-fri`."""
    weekly: dict[str, list[str]] = {}
    for first, last in _runs(range(len(WEEKDAYS)), [tuple(windows) for windows in week]):
        if week[first]:
            days = WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}-{WEEKDAYS[last]}"
            weekly[days] = list(week[first])
    return weekly


def _rules_of_the_week(week: Sequence[Windows]) -> list[str]:
    """One rule for all the weekdays that have the same windows."""
    if tuple(week) == ALWAYS:
        return ["24/7"]
    alike: dict[Windows, list[int]] = {}
    for day, windows in enumerate(week):
        alike.setdefault(windows, []).append(day)
    return [f"{_days(days)} {','.join(windows)}" for windows, days in alike.items() if windows] or ["off"]


def _days(days: Sequence[int]) -> str:
    runs = _runs(days, [day - place for place, day in enumerate(days)])
    names = ((DAY_NAMES[first], DAY_NAMES[last]) for first, last in runs)
    return ",".join(first if first == last else f"{first}-{last}" for first, last in names)


def _rules_of_dates(dates: Mapping[date, Windows]) -> Iterator[str]:
    """One rule for the days that follow each other and have the same windows."""
    days = sorted(dates)
    alike = [(dates[day], day.toordinal() - place) for place, day in enumerate(days)]
    for first, last in _runs(days, alike):
        span = f"{first}" if first == last else f"{first} - {last}"
        yield f"{span} {','.join(dates[first]) or 'off'}"


def _runs(items: Iterable[Item], alike: Sequence[object]) -> list[tuple[Item, Item]]:
    """First and last of the neighbours whose marks in `alike` are equal."""
    runs: list[tuple[Item, Item]] = []
    marks: list[object] = []
    for item, mark in zip(items, alike, strict=True):
        if marks and marks[-1] == mark:
            runs[-1] = (runs[-1][0], item)
        else:
            runs.append((item, item))
            marks.append(mark)
    return runs


def _exceptions_of(dates: Mapping[date, Windows], written: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """In the order in which they were written, new dates behind them."""
    known = {str(one["date"]): one for one in written}
    wanted = {day.isoformat(): windows for day, windows in dates.items()}
    order = [*(day for day in known if day in wanted), *sorted(day for day in wanted if day not in known)]
    return [_exception(day, wanted[day], known.get(day, {})) for day in order]


def _exception(day: str, windows: Windows, written: Mapping[str, Any]) -> dict[str, Any]:
    if written and tuple(written.get("open") or ()) == windows:
        return dict(written)
    kind: dict[str, Any] = {"open": list(windows)} if windows else {"closed": True}
    label = {"label": written["label"]} if written.get("label") else {}
    return {"date": day, **kind, **label}
