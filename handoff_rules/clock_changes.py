"""When the clocks of a zone are changed, in UTC, and which minutes of a local day that takes away."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def clock_change(zone: ZoneInfo, after: datetime, until: datetime) -> datetime | None:
    """The first change of the zone's offset after the one instant, and not after the other."""
    for year in range(after.year, until.year + 1):
        for change in _clock_changes(zone, year):
            if after < change <= until:
                return change
    return None


def lost_minutes(zone: ZoneInfo, day: date) -> tuple[int, int] | None:
    """From which to which minute of this day the clocks jump forward; None when they do not. In UTC a day begins within
    a day of where it would begin at the meridian."""
    midnight = datetime.combine(day, time())
    start = midnight.replace(tzinfo=UTC) - DAY
    while change := clock_change(zone, start, start + 3 * DAY):
        first, last = (
            int((change.replace(tzinfo=None) + _offset(zone, at) - midnight) / MINUTE)
            for at in (change - MINUTE, change)
        )
        if first < last and 0 <= first < DAY / MINUTE:
            return first, last
        start = change
    return None


@lru_cache(maxsize=2048)
def _clock_changes(zone: ZoneInfo, year: int) -> tuple[datetime, ...]:
    """The UTC instants of a year at which the zone's offset changes, found by halving each half day that has one."""
    changes = []
    step = timedelta(hours=12)
    start = datetime(year, 1, 1, tzinfo=UTC)
    while start.year == year:
        if _offset(zone, start) != _offset(zone, start + step):
            changes.append(_first_with_another_offset(zone, start, start + step))
        start += step
    return tuple(changes)


def _first_with_another_offset(zone: ZoneInfo, start: datetime, end: datetime) -> datetime:
    before = _offset(zone, start)
    while end - start > MINUTE:
        middle = start + MINUTE * int((end - start) / MINUTE / 2)
        start, end = (middle, end) if _offset(zone, middle) == before else (start, middle)
    return end


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()
