"""F-20: schedules are right through every change of the clocks from 2025 to 2035, in every zone of the world.

The other calculation below knows the meaning of a schedule and `zoneinfo`, and nothing of the product: it reads the
wall clock at each UTC instant and asks whether a window that began today or yesterday covers it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from handoff_rules.hours import Hours
from handoff_rules.hours_open import CompiledHours, compile_hours

MINUTE = timedelta(minutes=1)
AROUND = timedelta(minutes=90)
STEP = timedelta(minutes=5)  # clocks change at quarter hours, and every window below begins and ends at fives

EVERY_DAY = "mon-sun"
SCHEDULES: dict[str, dict[str, Any]] = {
    "always": {EVERY_DAY: ["00:00-24:00"]},
    "office": {"mon-fri": ["09:00-12:00", "13:00-17:30"], "sat": ["10:00-14:00"]},
    "night": {EVERY_DAY: ["22:00-02:00"]},
    "around the change": {EVERY_DAY: ["00:15-01:30", "02:10-02:50", "03:00-03:35"]},
    "weekend nights": {"fri,sat": ["20:00-03:00"], "sun": ["01:35-02:25"]},
    "closed on that day": {EVERY_DAY: ["00:00-02:30", "23:00-01:15"]},
}


def changes_of(zone: ZoneInfo) -> tuple[datetime, ...]:
    """Every UTC quarter hour from 2025 to 2035 at which the zone's offset becomes another one."""
    found = []
    now, last = datetime(2025, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
    offset = now.astimezone(zone).utcoffset()
    while now < last:
        after = now + timedelta(days=21)  # the shortest time between two changes is a Ramadan
        if (later := after.astimezone(zone).utcoffset()) != offset:
            for step in (timedelta(days=1), timedelta(hours=1), timedelta(minutes=15)):
                while (now + step).astimezone(zone).utcoffset() == offset:
                    now += step
            found.append(now + timedelta(minutes=15))
        now, offset = after, later
    return tuple(found)


@lru_cache(maxsize=1)
def zones_that_change() -> dict[str, tuple[datetime, ...]]:
    """Up to three zones for each history of changes: hundreds of names stand for the same few dozen clocks."""
    alike: dict[object, list[str]] = {}
    changes: dict[str, tuple[datetime, ...]] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        changes[name] = changes_of(zone)
        offset = datetime(2025, 1, 1, tzinfo=UTC).astimezone(zone).utcoffset()
        if changes[name]:
            alike.setdefault((offset, changes[name]), []).append(name)
    return {name: changes[name] for names in alike.values() for name in names[:3]}


def minutes(text: str) -> tuple[int, int]:
    (h1, m1), (h2, m2) = ((int(part) for part in time.split(":")) for time in text.split("-"))
    start, end = h1 * 60 + m1, h2 * 60 + m2
    return start, end if end > start else end + 1440


def windows_on(day: date, weekly: Mapping[str, list[str]], closed: date | None) -> Iterator[tuple[int, int]]:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    if day == closed:
        return
    for days, windows in weekly.items():
        first, _, last = days.partition("-")
        listed = names[names.index(first) : names.index(last) + 1] if last else days.split(",")
        if names[day.weekday()] in listed:
            yield from (minutes(window) for window in windows)


def other_calculation(zone: ZoneInfo, weekly: Mapping[str, list[str]], closed: date | None) -> Callable[..., bool]:
    windows = lru_cache(maxsize=64)(lambda day: tuple(windows_on(day, weekly, closed)))

    def is_open(instant: datetime) -> bool:
        wall = instant.astimezone(zone)
        minute = wall.hour * 60 + wall.minute
        today = wall.date()
        return any(start <= minute < end for start, end in windows(today)) or any(
            start <= minute + 1440 < end for start, end in windows(today - timedelta(days=1))
        )

    return is_open


def schedule(name: str, zone: str, closed: date | None) -> CompiledHours:
    exceptions = [{"date": closed.isoformat(), "closed": True}] if closed else []
    document = {"id": "s", "name": name, "weekly": SCHEDULES[name], "exceptions": exceptions}
    return compile_hours(Hours.model_validate(document), zone)


def instants_around(change: datetime) -> list[datetime]:
    return [change - AROUND + STEP * number for number in range(int(2 * AROUND / STEP) + 1)]


@pytest.mark.parametrize("name", SCHEDULES)
def test_open_and_the_next_change_are_right_around_every_change_of_the_clocks(name: str) -> None:
    checked, faults = 0, []
    for zone_name, changes in zones_that_change().items():
        zone = ZoneInfo(zone_name)
        plain = schedule(name, zone_name, None)
        for change in changes:
            closed = change.astimezone(zone).date() if name == "closed on that day" else None
            compiled = schedule(name, zone_name, closed) if closed else plain
            expected = other_calculation(zone, SCHEDULES[name], closed)
            instants = instants_around(change)
            states = [expected(instant) for instant in instants]
            answers = [compiled.is_open(instant) for instant in instants]
            turn = next((at for at, state in zip(instants, states, strict=True) if state != states[0]), None)
            said = compiled.at(instants[0]).next_change
            if answers != states or (said != turn if turn else said is not None and said <= instants[-1]):
                faults.append((zone_name, change, turn, said))
            checked += len(instants)
    assert faults == []
    assert len(zones_that_change()) >= 60
    assert checked > 50_000  # instants, for this schedule alone


def test_both_half_past_ones_of_an_autumn_night_are_open_and_the_first_end_is_the_next_change() -> None:
    hours = Hours.model_validate({"id": "s", "name": "S", "weekly": {EVERY_DAY: ["00:30-01:30"]}})
    compiled = compile_hours(hours, "America/New_York")
    first = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)  # 01:00 summer time; the clocks go back at 06:00 UTC
    answer = compiled.at(first)
    assert (answer.open, answer.next_change) == (True, datetime(2026, 11, 1, 5, 30, tzinfo=UTC))
    assert compiled.at(datetime(2026, 11, 1, 5, 30, tzinfo=UTC)).next_opens == datetime(2026, 11, 1, 6, tzinfo=UTC)
    assert compiled.is_open(datetime(2026, 11, 1, 6, 15, tzinfo=UTC))


def test_a_window_inside_the_lost_hour_of_spring_does_not_open() -> None:
    hours = Hours.model_validate({"id": "s", "name": "S", "weekly": {"sun": ["02:10-02:50"]}})
    compiled = compile_hours(hours, "America/New_York")
    before = datetime(2026, 3, 8, 6, 0, tzinfo=UTC)
    assert compiled.at(before).next_opens == datetime(2026, 3, 15, 6, 10, tzinfo=UTC)
