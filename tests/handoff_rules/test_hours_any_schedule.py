"""Any schedule at any minute: the product agrees with a calculation that shares nothing with it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_rules.check_hours import hours_problems
from handoff_rules.hours import Hours
from handoff_rules.hours_open import compile_hours

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZONES = (
    "America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata", "America/St_Johns",
    "Antarctica/Troll", "Pacific/Chatham", "UTC",
)  # fmt: skip
times = st.integers(0, 24 * 12 - 1).map(lambda fives: fives * 5)
windows = st.lists(st.tuples(times, times | st.just(1440)).filter(lambda w: w[0] != w[1]), max_size=2)
days_of_2026 = st.dates(date(2026, 10, 20), date(2026, 11, 10)) | st.dates(date(2026, 12, 20), date(2027, 1, 5))


def text(window: tuple[int, int]) -> str:
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in window)


def windows_of(day: date, week: dict[int, Any], exceptions: dict[date, Any]) -> list[tuple[int, int]]:
    own = exceptions[day] if day in exceptions else week.get(day.weekday(), [])
    return [(start, end if end > start else end + 1440) for start, end in own]


def is_open(wall: datetime, week: dict[int, Any], exceptions: dict[date, Any]) -> bool:
    minute = wall.hour * 60 + wall.minute
    today, yesterday = wall.date(), wall.date() - timedelta(days=1)
    return any(start <= minute < end for start, end in windows_of(today, week, exceptions)) or any(
        start <= minute + 1440 < end for start, end in windows_of(yesterday, week, exceptions)
    )


@settings(max_examples=120, deadline=None)
@given(
    week=st.dictionaries(st.integers(0, 6), windows, max_size=7),
    exceptions=st.dictionaries(days_of_2026, windows, max_size=4),
    zone_name=st.sampled_from(ZONES),
    day=days_of_2026,
    minute=st.integers(0, 1439),
)
def test_any_schedule_is_open_when_the_other_calculation_says_so_and_changes_when_it_says(
    *, week: dict[int, Any], exceptions: dict[date, Any], zone_name: str, day: date, minute: int
) -> None:
    hours = Hours.model_validate(
        {
            "id": "any",
            "name": "Any",
            "weekly": {NAMES[number]: [text(window) for window in some] for number, some in week.items()},
            "exceptions": [
                {"date": str(one)} | ({"open": [text(window) for window in some]} if some else {"closed": True})
                for one, some in exceptions.items()
            ],
        }
    )
    if any(problem.severity == "error" for problem in hours_problems(hours, "hours/0")):
        return  # windows of one day that overlap, which nobody can save
    zone = ZoneInfo(zone_name)
    compiled = compile_hours(hours, zone_name)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)
    states = [
        is_open((start + timedelta(minutes=5 * step)).astimezone(zone), week, exceptions) for step in range(12 * 48)
    ]
    answer = compiled.at(start)
    assert answer.open is states[0]
    assert [compiled.is_open(start + timedelta(minutes=5 * step)) for step in range(0, len(states), 7)] == states[::7]
    turn = next((step for step, state in enumerate(states) if state != states[0]), None)
    if turn is None:
        assert answer.next_change is None or answer.next_change >= start + timedelta(hours=47, minutes=50)
    else:
        assert answer.next_change is not None
        ahead = answer.next_change - start
        assert timedelta(minutes=5 * (turn - 1)) < ahead <= timedelta(minutes=5 * turn)
