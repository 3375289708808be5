"""The picture of a day on which the clocks go forward shows no window in the hour that does not exist."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handoff_rules.clock_changes import lost_minutes
from handoff_rules.hours import Hours
from handoff_rules.hours_open import compile_hours


@pytest.mark.parametrize(
    ("zone", "day", "lost"),
    [
        ("America/New_York", date(2027, 3, 14), (120, 180)),
        ("America/New_York", date(2026, 11, 1), None),
        ("America/New_York", date(2027, 3, 15), None),
        ("Australia/Lord_Howe", date(2026, 10, 4), (120, 150)),
        ("America/Santiago", date(2026, 9, 6), (0, 60)),
        ("America/Santiago", date(2026, 9, 5), None),
        ("America/Nuuk", date(2026, 3, 28), (1380, 1440)),
        ("Asia/Tokyo", date(2026, 3, 29), None),
    ],
)
def test_the_minutes_that_a_day_does_not_have(zone: str, day: date, lost: tuple[int, int] | None) -> None:
    assert lost_minutes(ZoneInfo(zone), day) == lost


@pytest.mark.parametrize(
    ("window", "shown"),
    [
        ("02:15-02:45", []),
        ("02:00-03:00", []),
        ("02:30-04:00", ["03:00-04:00"]),
        ("01:00-02:30", ["01:00-02:00"]),
        ("01:00-03:30", ["01:00-03:30"]),
        ("03:00-04:00", ["03:00-04:00"]),
        ("00:00-02:00", ["00:00-02:00"]),
    ],
)
def test_a_window_in_the_lost_hour_is_not_in_the_strip_and_never_open(window: str, shown: list[str]) -> None:
    hours = Hours.model_validate({"id": "h", "name": "H", "weekly": {"sun": [window]}})
    schedule = compile_hours(hours, "America/New_York")
    midnight = datetime(2027, 3, 14, 5, tzinfo=UTC)
    [day] = schedule.strip(midnight, 1)
    assert [f"{span.start}-{span.end}" for span in day.open] == shown
    opened = [schedule.is_open(midnight + timedelta(minutes=minute)) for minute in range(23 * 60)]
    assert any(opened) is bool(shown)
