"""Whether a schedule is open at an instant, because of what, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State

from handoff_rules.check_hours import hours_problems
from handoff_rules.clock_changes import clock_change, lost_minutes
from handoff_rules.hours import Hours
from handoff_rules.hours_expression import year_expression
from handoff_rules.hours_grid import (
    DAY,
    SpecialDay,
    exception_days,
    holiday_days,
    never_opens,
    weekly_windows,
)
from handoff_rules.problems import ConfigurationError, errors_in

_ONE_DAY = timedelta(days=1)
HORIZON = timedelta(days=400)
"""How far ahead the next change is looked for: a year, and what one leap year and a moved holiday can add."""
_DAYS_KEPT = 1000
_EARLIEST = datetime(1972, 1, 1, tzinfo=UTC)
_LATEST = datetime(2400, 1, 1, tzinfo=UTC)
"""No call is outside of these; a simulated one is answered as at the nearer end, so that arithmetic cannot overflow."""


@dataclass(frozen=True, slots=True)
class Because:
    """What makes a schedule open or closed. `label`: the exception's label, the holiday's name, else empty."""

    kind: Literal["regular", "exception", "holiday", "closed_now"]
    label: str = ""
    day: date | None = None

    def __str__(self) -> str:
        """In words, for a sentence such as “closed because of …”."""
        if self.kind == "regular":
            return "regular hours"
        if self.kind == "closed_now":
            return "closed now, by hand"
        kind = "public holiday, " if self.kind == "holiday" else ""
        return f"{self.label or 'exception'} ({kind}{self.day})"


REGULAR = Because("regular")
CLOSED_NOW = Because("closed_now")


@dataclass(frozen=True, slots=True)
class HoursAnswer:
    """`next_change` (UTC) is when `open` turns; None when it does not within 400 days, or only by a person's hand."""

    open: bool
    because: Because
    next_change: datetime | None

    @property
    def next_opens(self) -> datetime | None:
        return None if self.open else self.next_change


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """Open from `start` to `end` by the clock on the wall, `"09:00"` to `"24:00"`."""

    start: str
    end: str
    because: Because


@dataclass(frozen=True, slots=True)
class StripDay:
    """One local day: when it is open, and what applies to the day as a whole (a holiday, an exception)."""

    day: date
    open: tuple[OpenSpan, ...]
    because: Because


@dataclass(frozen=True, slots=True)
class _Stretch:
    """From minute to minute of one local day nothing changes."""

    start: int
    end: int
    open: bool
    because: Because


class CompiledHours:
    """A schedule made ready. Answers come from the wall clock at a UTC instant, so a change of the clocks cannot err.

    The opening-hours library is asked for naive local days, once for each day. (Given a zone of its own, it gives the
    second 01:30 of an autumn night as the next change where the first is meant.) Safe to share between threads.
    """

    __slots__ = ("_days", "_exceptions", "_week", "_years", "hours", "zone")

    def __init__(self, hours: Hours, zone: ZoneInfo) -> None:
        self.hours = hours
        self.zone = zone
        self._week = weekly_windows(hours)
        self._exceptions = exception_days(hours)
        self._years: dict[int, tuple[OpeningHours, Mapping[date, SpecialDay]]] = {}
        self._days: dict[date, tuple[_Stretch, ...]] = {}

    def is_open(self, instant: datetime) -> bool:
        """The quick answer, for conditions. `instant` must be aware; ValueError otherwise."""
        return not self.hours.closed_now and self._stretch_at(_utc(instant)).open

    def because(self, instant: datetime) -> Because:
        """What makes it open or closed, without the search for the next change. ValueError as for `at`."""
        return CLOSED_NOW if self.hours.closed_now else self._stretch_at(_utc(instant)).because

    def at(self, instant: datetime) -> HoursAnswer:
        """The whole answer. `instant` must be aware; ValueError otherwise."""
        now = _utc(instant)
        if self.hours.closed_now:
            return HoursAnswer(False, CLOSED_NOW, None)
        stretch = self._stretch_at(now)
        return HoursAnswer(stretch.open, stretch.because, self._next_change(now, stretch.open))

    def strip(self, start: datetime, days: int = 14) -> tuple[StripDay, ...]:
        """The local days from the one of `start` on, for the picture in the console. `closed_now` does not show."""
        first = _utc(start).astimezone(self.zone).date()
        return tuple(self._strip_day(first + number * _ONE_DAY) for number in range(days))

    def never_opens(self) -> bool:
        return never_opens(self.hours)

    def expression(self, year: int) -> str:
        """The schedule of a year in the OSM grammar, as it is evaluated."""
        return year_expression(year, self._week, self._special(year))

    def _special(self, year: int) -> Mapping[date, SpecialDay]:
        """Exceptions before holidays; with the last day of the year before, whose night reaches into this one."""
        days: dict[date, SpecialDay] = {}
        for one_year in (year - 1, year):
            days |= holiday_days(self.hours.holidays, one_year)
        days |= self._exceptions
        return {day: special for day, special in days.items() if day.year == year or day == date(year - 1, 12, 31)}

    def _year(self, year: int) -> tuple[OpeningHours, Mapping[date, SpecialDay]]:
        if year not in self._years:
            special = self._special(year)
            self._years[year] = (OpeningHours(year_expression(year, self._week, special)), special)
        return self._years[year]

    def _day(self, day: date) -> tuple[_Stretch, ...]:
        """The stretches of one local day, from minute 0 to 1,440 without a gap."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= _DAYS_KEPT:
                self._days.clear()
            found = self._days[day] = tuple(self._stretches(day))
        return found

    def _stretches(self, day: date) -> list[_Stretch]:
        midnight = datetime.combine(day, time())
        stretches = []
        for start, end, state, comment in self._year(day.year)[0].intervals(midnight, midnight + _ONE_DAY):
            minutes = (_minutes(start - midnight), _minutes(end - midnight))
            stretches.append(_Stretch(*minutes, state == State.OPEN, self._because(comment, day)))
        return stretches

    def _because(self, comment: str, day: date) -> Because:
        """What an id in the expression means. A stretch after midnight may belong to the night of the day before."""
        if comment in {"", "w"}:
            return REGULAR
        special = self._year(day.year)[1]
        for candidate in (day, day - _ONE_DAY):
            if candidate in special and special[candidate].id == comment:
                return _because_of(special[candidate], candidate)
        return REGULAR

    def _stretch_at(self, now: datetime) -> _Stretch:
        local = now.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        return next(stretch for stretch in self._day(local.date()) if stretch.end > minute)

    def _next_change(self, now: datetime, is_open: bool) -> datetime | None:
        """The first instant at which the state is another one, walking from one change of the clocks to the next."""
        if self._always_the_same():
            return None
        limit = now + HORIZON
        while now < limit:
            local = now.astimezone(self.zone)
            turn = self._turn(local.replace(tzinfo=None), is_open)
            candidate = (turn - (local.utcoffset() or timedelta())).replace(tzinfo=UTC) if turn else limit
            change = clock_change(self.zone, now, candidate)
            if change is None:
                return candidate if turn else None
            if self._stretch_at(change).open != is_open:
                return change
            now = change
        return None

    def _always_the_same(self) -> bool:
        """True for a schedule that never opens or never closes, which nobody needs to search day by day."""
        differs = self.hours.holidays is not None or bool(self._exceptions)
        return self.never_opens() or (not differs and all((0, DAY) in windows for windows in self._week))

    def _turn(self, local: datetime, is_open: bool) -> datetime | None:
        """The next local time at which the state is another one, as if the clocks were never changed."""
        minute = local.hour * 60 + local.minute
        for number in range(HORIZON.days + 1):
            day = local.date() + number * _ONE_DAY
            for stretch in self._day(day):
                if stretch.open != is_open and (number or stretch.start > minute):
                    return datetime.combine(day, time()) + timedelta(minutes=stretch.start)
        return None

    def _strip_day(self, day: date) -> StripDay:
        lost = lost_minutes(self.zone, day)
        times = [(*_without(lost, one.start, one.end), one.because) for one in self._day(day) if one.open]
        spans = tuple(OpenSpan(_clock(start), _clock(end), because) for start, end, because in times if start < end)
        special = self._year(day.year)[1].get(day)
        return StripDay(day, spans, _because_of(special, day) if special else REGULAR)


def compile_hours(hours: Hours, default_zone: str) -> CompiledHours:
    """Make a schedule ready; `default_zone` (IANA) serves when it names none. ConfigurationError for a bad window.

    Public holidays are loaded here, because the library takes most of a second for the first ones.
    """
    faults = [
        fault for fault in errors_in(hours_problems(hours, f"hours/{hours.id}")) if "/holidays/" not in fault.path
    ]
    if faults:
        raise ConfigurationError(faults)
    return CompiledHours(hours, ZoneInfo(hours.time_zone or default_zone))


def _because_of(special: SpecialDay, day: date) -> Because:
    return Because("holiday" if special.id == "h" else "exception", special.label, day)


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return min(max(instant, _EARLIEST), _LATEST).astimezone(UTC)


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60


def _without(lost: tuple[int, int] | None, start: int, end: int) -> tuple[int, int]:
    """A window without the hour that a change of the clocks takes away: it begins or ends when that one does."""
    if lost is None:
        return start, end
    first, last = lost
    return last if first <= start < last else start, first if first < end <= last else end


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
