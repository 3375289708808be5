"""The hours page in sentences: what differs on the next days, and when the clocks change."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from handoff_rules.hours import Hours
from handoff_rules.hours_open import compile_hours
from handoff_rules.problems import ConfigurationError
from tests.application import Application
from tests.console.conftest import Person, person
from webapp.console.hours_words import clock_change, state_in_words
from webapp.console.needs import Needs
from webapp.console.pictures.strip import Day
from webapp.people.roles import Role


@pytest.mark.parametrize(
    ("zone", "day", "said"),
    [
        ("Europe/London", date(2026, 3, 29), "Clocks go forward on Sun 29 Mar: 01:00 to 02:00 does not exist."),
        ("Europe/London", date(2026, 10, 25), "Clocks go back on Sun 25 Oct: 01:00 to 02:00 comes twice."),
        ("America/New_York", date(2026, 11, 1), "Clocks go back on Sun 1 Nov: 01:00 to 02:00 comes twice."),
        ("Australia/Lord_Howe", date(2026, 10, 4), "Clocks go forward on Sun 4 Oct: 02:00 to 02:30 does not exist."),
        ("America/Santiago", date(2026, 9, 6), "Clocks go forward on Sun 6 Sep: 00:00 to 01:00 does not exist."),
        ("America/New_York", date(2026, 11, 2), ""),
        ("Asia/Tokyo", date(2026, 3, 29), ""),
    ],
)
def test_the_day_on_which_the_clocks_change_says_which_hour_is_lost_or_comes_twice(
    zone: str, day: date, said: str
) -> None:
    assert clock_change(Day(day, ()), ZoneInfo(zone)) == said


def test_the_next_day_that_differs_is_named_with_its_reason(admin: Person) -> None:
    assert "Next: closed on Thu 26 Nov (Thanksgiving Day)." in admin.sees("/hours")
    assert "Next: closed on Thu 26 Nov (Thanksgiving Day)." in admin.sees("/hours/support-hours")


def test_public_holidays_that_nobody_knows_are_told_after_the_save_and_on_the_page_of_the_hours(admin: Person) -> None:
    admin.posts("/hours/new", {"name": "Station", "week/mon": "09:00-17:00", "holidays/country": "BV"})
    told = "No public holidays of BV are known for 2026 and 2027, so none of them closes Station."
    assert admin.sees("/hours").count(told) == admin.sees("/hours/station").count(told) == 1


def test_public_holidays_that_nobody_knows_are_told_beside_the_next_days_while_one_types(admin: Person) -> None:
    typed = {"name": "Station", "week/mon": "09:00-17:00", "holidays/country": "BV"}
    told = "No public holidays of BV are known for 2026 and 2027"
    for page in (
        admin.posts("/hours/new", typed | {"_order": "refresh:"}).text,
        admin.posts("/hours/form/changed?side=grid", typed, page="/hours/new").text,
    ):
        assert told in page.partition('id="s-next"')[2]
        assert page.count(told) == 1


def test_what_is_probably_not_meant_stands_as_a_warning_beside_the_hours_and_on_their_page(admin: Person) -> None:
    admin.posts("/hours/new", {"name": "Never"})
    for path in ("/hours", "/hours/never"):
        assert re.search(r'class="note warn"><strong>Never never opens\.', admin.sees(path))


def test_a_change_of_the_clocks_within_the_next_days_stands_beside_the_hours(house: Application) -> None:
    house.at = datetime(2026, 10, 28, 18, 0, tzinfo=UTC)
    assert "Clocks go back on Sun 1 Nov" in person(house, Role.ADMIN).sees("/hours")


def test_closed_hours_say_why_and_when_they_open(house: Application) -> None:
    house.at = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
    page = person(house, Role.ADMIN).sees("/hours")
    assert "Closed now: Thanksgiving Day (public holiday, 2026-11-26). Opens Fri 09:00 (America/New_York)." in page


def test_hours_that_were_closed_by_hand_say_so_once() -> None:
    hours = Hours.model_validate({"id": "a", "name": "A", "weekly": {"mon-sun": ["00:00-24:00"]}, "closed_now": True})
    said = state_in_words(compile_hours(hours, "Europe/London"), datetime(2026, 11, 26, 18, 0, tzinfo=UTC))
    assert said == "Closed now, by hand (Europe/London)."


def test_hours_that_there_are_not_are_told_by_the_word_of_the_console(needs: Needs) -> None:
    document = {**needs.versions.get("sandbox").document}
    rule, *others = document["rules"]
    document["rules"] = [{**rule, "when": {"hours": "weekend", "is": "open"}}, *others]
    with pytest.raises(ConfigurationError) as refused:
        needs.versions.save(document, expected=1, author="kim@example.com")
    (problem,) = refused.value.problems
    assert "There is no set of hours “weekend”." in problem.message
