"""Because of what a schedule is open or closed in the hours after midnight, which may belong to the day before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from handoff_rules.hours import Hours
from handoff_rules.hours_open import CompiledHours, compile_hours

NIGHTS = {"wed-sat": ["22:00-02:00"]}


def compiled(**changes: Any) -> CompiledHours:
    hours = Hours.model_validate({"id": "bar", "name": "Bar", "weekly": NIGHTS} | changes)
    return compile_hours(hours, "America/New_York")


def because(schedule: CompiledHours, local: str) -> str:
    return str(schedule.at(datetime.fromisoformat(local).replace(tzinfo=schedule.zone)).because)


THANKSGIVING = "Thanksgiving Day (public holiday, 2026-11-26)"


@pytest.mark.parametrize(
    ("local", "why"),
    [
        ("2026-11-26T01:00", "regular hours"),  # Wednesday's night, open
        ("2026-11-26T23:00", THANKSGIVING),
        ("2026-11-27T01:59", THANKSGIVING),  # the rest of the night that the holiday took away
        ("2026-11-27T02:00", "regular hours"),
        ("2026-11-27T23:00", "regular hours"),
    ],
)
def test_the_morning_that_a_closed_night_takes_away_is_closed_because_of_that_night(local: str, why: str) -> None:
    assert because(compiled(holidays={"country": "US"}), local) == why


def test_a_night_that_ends_earlier_by_way_of_exception_is_closed_because_of_it() -> None:
    schedule = compiled(exceptions=[{"date": "2026-12-04", "open": ["20:00-01:00"], "label": "Early night"}])
    assert because(schedule, "2026-12-05T00:30") == "Early night (2026-12-04)"
    assert because(schedule, "2026-12-05T01:30") == "Early night (2026-12-04)"
    assert because(schedule, "2026-12-05T02:30") == "regular hours"


def test_each_of_two_closed_days_in_a_row_names_its_own_night() -> None:
    two = [{"date": "2026-12-04", "closed": True, "label": "Frost"}, {"date": "2026-12-05", "closed": True}]
    schedule = compiled(exceptions=two)
    assert because(schedule, "2026-12-05T01:00") == "Frost (2026-12-04)"
    assert because(schedule, "2026-12-05T03:00") == "exception (2026-12-05)"
    assert because(schedule, "2026-12-06T01:00") == "exception (2026-12-05)"


def test_new_years_morning_is_closed_because_of_the_night_before() -> None:
    schedule = compiled(exceptions=[{"date": "2026-12-31", "closed": True, "label": "Stocktaking"}])
    assert because(schedule, "2027-01-01T01:00") == "Stocktaking (2026-12-31)"


def test_a_night_goes_on_after_the_windows_of_the_next_day_and_is_still_named() -> None:
    long, short = {"date": "2026-12-04", "open": ["21:00-19:00"]}, {"date": "2026-12-05", "open": ["03:00-15:00"]}
    schedule = compiled(exceptions=[long | {"label": "Long"}, short | {"label": "Short"}])
    assert because(schedule, "2026-12-05T16:00") == "Long (2026-12-04)"


def test_what_closes_a_morning_changes_nothing_about_when_it_opens() -> None:
    schedule = compiled(holidays={"country": "US"})
    closed = schedule.at(datetime(2026, 11, 27, 3, tzinfo=UTC))
    assert closed.next_opens == datetime(2026, 11, 28, 3, tzinfo=UTC)
