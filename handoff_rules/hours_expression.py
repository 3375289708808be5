"""A schedule as OSM opening_hours expressions, one for each year; comments carry ids, never what somebody typed.

The grammar knows no quotes inside a comment, so an id (`w` the weekly grid, `e0` the first exception, `h` a holiday)
stands there, and the reader looks up what it means. Source: wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from handoff_rules.hours_grid import DAY, SpecialDay, Window

WEEKLY = "w"
DAY_NAMES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ONE_DAY = timedelta(days=1)

Piece = tuple[int, int, str]
"""Open from minute to minute of one calendar day, and the id of what says so."""


def year_expression(year: int, week: Sequence[Sequence[Window]], special: Mapping[date, SpecialDay]) -> str:
    """The expression of one year. `special` also holds the last day of the year before, for its windows past midnight.

    A window belongs to the day on which it begins: Friday's 22:00-02:00 stays open into a closed Saturday, and a
    closed Friday takes its own Saturday morning away, which is then closed because of Friday. The expression says so
    by cutting each day at its midnight.
    """
    rules = [*_weekly_rules(week), *_special_rules(year, week, special)]
    return "; ".join(rules) or f'24/7 closed "{WEEKLY}"'


def _weekly_rules(week: Sequence[Sequence[Window]]) -> list[str]:
    """One rule for all the weekdays that have the same windows."""
    alike: dict[str, list[str]] = {}
    for number, name in enumerate(DAY_NAMES):
        pieces = [*_after_midnight(week[number - 1], WEEKLY), *_before_midnight(week[number], WEEKLY)]
        times = ",".join(_times(start, end) for start, end, _ in sorted(pieces))
        if times:
            alike.setdefault(times, []).append(name)
    return [f'{",".join(names)} {times} open "{WEEKLY}"' for times, names in alike.items()]


def _special_rules(year: int, week: Sequence[Sequence[Window]], special: Mapping[date, SpecialDay]) -> list[str]:
    """A rule for each special day, and for the day after it when windows past midnight reach there."""
    affected = set(special)
    for day, found in special.items():
        if any(end > DAY for _, end in (*found.windows, *week[day.weekday()])):
            affected.add(day + _ONE_DAY)
    return [_rule_of(day, week, special) for day in sorted(affected) if day.year == year]


def _rule_of(day: date, week: Sequence[Sequence[Window]], special: Mapping[date, SpecialDay]) -> str:
    own, own_id = _windows_of(day, week, special)
    before, before_id = _windows_of(day - _ONE_DAY, week, special)
    name = f"{day.year:04} {MONTH_NAMES[day.month - 1]} {day.day:02}"
    eve = day - _ONE_DAY
    taken = _after_midnight(week[eve.weekday()], before_id) if eve in special else []
    pieces = [*_after_midnight(before, before_id), *_before_midnight(own, own_id)]
    closed = [f'{name} {_times(start, end)} closed "{by}"' for start, end, by in taken]
    opened = [f'{name} {_times(start, end)} open "{by}"' for start, end, by in pieces]
    return ", ".join([f'{name} closed "{own_id}"', *closed, *opened])


def _windows_of(
    day: date, week: Sequence[Sequence[Window]], special: Mapping[date, SpecialDay]
) -> tuple[Sequence[Window], str]:
    found = special.get(day)
    return (found.windows, found.id) if found else (week[day.weekday()], WEEKLY)


def _before_midnight(windows: Sequence[Window], by: str) -> list[Piece]:
    return [(start, min(end, DAY), by) for start, end in windows]


def _after_midnight(windows: Sequence[Window], by: str) -> list[Piece]:
    return [(0, end - DAY, by) for _, end in windows if end > DAY]


def _times(start: int, end: int) -> str:
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
