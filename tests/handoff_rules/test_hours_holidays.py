"""Public holidays that the library does not know are told: a schedule is open on them, and nobody would notice."""

from __future__ import annotations

from datetime import date
from typing import Any

from handoff_rules.check import check
from handoff_rules.hours_grid import holidays_of
from tests.handoff_rules import configurations as some

LAST = max(year for year in range(2020, 2100) if holidays_of("LK", None, year))
"""Sri Lanka's days follow the moon: the library has them as far as they were announced."""
TODAY = date(LAST, 6, 1)
WEEK = {"mon-fri": ["09:00-17:00"]}


def told(country: str, today: date | None = TODAY, **hours: Any) -> list[tuple[str, str, str, str]]:
    desk = {"id": "desk", "name": "Desk", "weekly": WEEK, "holidays": {"country": country}, **hours}
    problems = check(some.read([], hours=[desk]), today=today)
    return [(one.path, one.message, one.fix, one.severity) for one in problems if one.path.startswith("hours/")]


def test_a_year_to_come_without_known_holidays_is_a_warning_with_what_to_do() -> None:
    (warning,) = told("LK")
    assert warning == (
        "hours/0/holidays/country",
        f"No public holidays of LK are known for {LAST + 1}, so none of them closes Desk.",
        f"Add the days of {LAST + 1} on which you are closed as exceptions.",
        "warning",
    )


def test_a_country_without_known_holidays_is_told_for_both_years() -> None:
    (warning,) = told("BV")  # Bouvet Island: nobody lives there
    assert f"No public holidays of BV are known for {LAST} and {LAST + 1}, so" in warning[1]


def test_whoever_has_written_the_days_of_the_year_is_not_told() -> None:
    closed = [{"date": f"{LAST + 1}-01-13", "closed": True}]
    assert told("LK", exceptions=closed) == []
    assert len(told("LK", exceptions=[{"date": f"{LAST + 1}-01-13", "open": ["09:00-12:00"]}])) == 1
    assert f"known for {LAST}, so" in told("BV", exceptions=closed)[0][1]


def test_known_holidays_and_hours_that_no_holiday_can_close_are_not_told() -> None:
    assert told("US") == []
    assert told("LK", today=None) == []
    assert told("LK", today=date(LAST - 1, 6, 1)) == []
    assert told("BV", weekly={}, exceptions=[{"date": f"{LAST + 1}-01-13", "open": ["09:00-12:00"]}]) == []
