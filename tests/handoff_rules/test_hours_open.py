"""Hours: what is open when, because of what, until when, and which schedules are refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from handoff_rules.check_hours import hours_problems
from handoff_rules.hours import Hours
from handoff_rules.hours_open import CompiledHours, HoursAnswer, compile_hours
from handoff_rules.problems import ConfigurationError

NEW_YORK = "America/New_York"
OFFICE = {"mon-fri": ["09:00-12:00", "13:00-17:30"], "sat": ["10:00-14:00"]}


def hours(**changes: Any) -> Hours:
    return Hours.model_validate({"id": "support", "name": "Support", "weekly": OFFICE} | changes)


def compiled(**changes: Any) -> CompiledHours:
    return compile_hours(hours(**changes), NEW_YORK)


def ask(schedule: CompiledHours, local: str) -> HoursAnswer:
    return schedule.at(datetime.fromisoformat(local).replace(tzinfo=schedule.zone))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "is_open"),
    [
        ("2026-11-20T08:59:59", False),
        ("2026-11-20T09:00", True),
        ("2026-11-20T11:59:59", True),
        ("2026-11-20T12:00", False),
        ("2026-11-20T13:00", True),
        ("2026-11-20T17:29:59.999", True),
        ("2026-11-20T17:30", False),
        ("2026-11-21T10:00", True),
        ("2026-11-22T10:00", False),
    ],
)
def test_a_window_begins_at_its_first_minute_and_ends_before_its_last(local: str, is_open: bool) -> None:
    schedule = compiled()
    assert ask(schedule, local).open is is_open
    assert schedule.is_open(datetime.fromisoformat(local).replace(tzinfo=schedule.zone)) is is_open


def test_the_next_change_and_next_opens_come_with_the_answer() -> None:
    schedule = compiled()
    assert ask(schedule, "2026-11-20T09:30").next_change == utc("2026-11-20T17:00")
    assert ask(schedule, "2026-11-20T12:30").next_opens == utc("2026-11-20T18:00")
    assert ask(schedule, "2026-11-21T18:00").next_opens == utc("2026-11-23T14:00")


def test_a_schedule_has_its_own_zone_or_that_of_the_configuration() -> None:
    at = utc("2026-11-20T08:30")
    assert compiled(time_zone="Europe/Berlin").is_open(at)
    assert not compiled().is_open(at)


def test_a_window_past_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    schedule = compiled(weekly={"fri": ["22:00-02:00"]})
    assert ask(schedule, "2026-11-20T23:00").next_change == utc("2026-11-21T07:00")
    assert ask(schedule, "2026-11-21T01:59").open
    assert not ask(schedule, "2026-11-21T02:00").open
    assert not ask(schedule, "2026-11-20T01:00").open


def test_a_night_reaches_into_a_closed_day_and_a_closed_day_takes_its_own_night_away() -> None:
    nights = {"mon-sun": ["22:00-02:00"]}
    schedule = compiled(weekly=nights, exceptions=[{"date": "2026-11-21", "closed": True, "label": "Staff party"}])
    assert ask(schedule, "2026-11-21T01:00").open
    assert not ask(schedule, "2026-11-21T23:00").open
    assert str(ask(schedule, "2026-11-21T23:00").because) == "Staff party (2026-11-21)"
    assert not ask(schedule, "2026-11-22T01:00").open
    assert ask(schedule, "2026-11-22T23:00").open


def test_a_night_reaches_over_new_year() -> None:
    schedule = compiled(weekly={"mon-sun": ["22:00-02:00"]}, holidays={"country": "US"})
    assert ask(schedule, "2027-01-01T01:00").open
    assert not ask(schedule, "2027-01-01T23:00").open
    eve = compiled(weekly={}, exceptions=[{"date": "2026-12-31", "open": ["20:00-03:00"], "label": "Gala"}])
    answer = ask(eve, "2027-01-01T02:00")
    assert (answer.open, str(answer.because), answer.next_change) == (
        True,
        "Gala (2026-12-31)",
        utc("2027-01-01T08:00"),
    )


def test_round_the_clock_has_no_gap_at_midnight_and_never_changes() -> None:
    schedule = compiled(weekly={"mon-sun": ["00:00-24:00"]})
    assert ask(schedule, "2026-11-20T23:59:59").open
    assert ask(schedule, "2026-11-21T00:00").open
    assert ask(schedule, "2026-11-20T12:00").next_change is None


def test_a_public_holiday_is_closed_and_named() -> None:
    schedule = compiled(holidays={"country": "US", "subdivision": "NY"})
    answer = ask(schedule, "2026-11-26T10:00")
    assert (answer.open, answer.because.kind, answer.because.label) == (False, "holiday", "Thanksgiving Day")
    assert str(answer.because) == "Thanksgiving Day (public holiday, 2026-11-26)"
    assert answer.next_opens == utc("2026-11-27T14:00")


def test_holidays_are_those_of_the_subdivision() -> None:
    corpus_christi = "2026-06-04T10:00"
    assert not ask(compiled(holidays={"country": "DE", "subdivision": "BY"}), corpus_christi).open
    assert ask(compiled(holidays={"country": "DE", "subdivision": "BE"}), corpus_christi).open


def test_an_exception_wins_over_a_holiday_and_the_week() -> None:
    exceptions = [
        {"date": "2026-11-26", "open": ["10:00-11:00"], "label": "Open on Thanksgiving"},
        {"date": "2026-12-24", "open": ["09:00-12:00"], "label": "Christmas Eve"},
        {"date": "2026-12-31", "closed": True},
    ]
    schedule = compiled(holidays={"country": "US"}, exceptions=exceptions)
    assert str(ask(schedule, "2026-11-26T10:30").because) == "Open on Thanksgiving (2026-11-26)"
    assert str(ask(schedule, "2026-12-24T15:00").because) == "Christmas Eve (2026-12-24)"
    assert str(ask(schedule, "2026-12-31T10:00").because) == "exception (2026-12-31)"
    assert ask(schedule, "2026-12-30T10:00").open


def test_the_switch_closes_at_once_until_somebody_turns_it_back() -> None:
    answer = ask(compiled(closed_now=True), "2026-11-20T10:00")
    assert (answer.open, answer.because.kind, answer.next_change) == (False, "closed_now", None)
    assert str(answer.because) == "closed now, by hand"


def test_a_label_is_never_read_as_part_of_the_schedule() -> None:
    label = '"; 24/7 open "x" || Mo-Su 00:00-24:00'
    schedule = compiled(exceptions=[{"date": "2026-11-20", "closed": True, "label": label}])
    answer = ask(schedule, "2026-11-20T10:00")
    assert (answer.open, answer.because.label) == (False, label)
    assert label not in schedule.expression(2026)


def test_a_strip_of_fourteen_days_shows_windows_and_reasons() -> None:
    schedule = compiled(
        weekly={"mon-fri": ["09:00-17:30"], "sat": ["22:00-02:00"]},
        holidays={"country": "US"},
        exceptions=[{"date": "2026-11-27", "open": ["09:00-12:00"], "label": "Day after"}],
    )
    strip = schedule.strip(utc("2026-11-21T02:00"))  # still the 20th in New York
    assert [day.day for day in strip] == [date(2026, 11, 20 + number) for number in range(11)] + [
        date(2026, 12, number) for number in (1, 2, 3)
    ]
    spans = {day.day.day: [(span.start, span.end) for span in day.open] for day in strip[:8]}
    assert spans == {
        20: [("09:00", "17:30")], 21: [("22:00", "24:00")], 22: [("00:00", "02:00")], 23: [("09:00", "17:30")],
        24: [("09:00", "17:30")], 25: [("09:00", "17:30")], 26: [], 27: [("09:00", "12:00")],
    }  # fmt: skip
    assert [day.because.kind for day in strip[5:8]] == ["regular", "holiday", "exception"]


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        compiled().is_open(datetime(2026, 11, 20, 10))


@pytest.mark.parametrize("year", [1, 1900, 2500, 9999])
def test_a_simulated_call_in_another_age_is_answered_too(year: int) -> None:
    assert compiled(holidays={"country": "US"}).at(datetime(year, 6, 1, tzinfo=UTC)).because


def problems(**changes: Any) -> list[tuple[str, str]]:
    found = hours_problems(hours(**changes), "hours/0")
    assert all(problem.fix for problem in found)
    return [(problem.path, problem.message) for problem in found]


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"time_zone": "Europe/Atlantis"}, None, "There is no time zone"),
        ({"time_zone": "america/new_york"}, None, "There is no time zone"),
        ({"time_zone": "localtime"}, None, "There is no time zone"),  # another one on each machine
        ({"time_zone": "Factory"}, None, "There is no time zone"),  # the tz database's word for none
        ({"weekly": {"mon": ["24:30-25:00"]}}, None, "weekly.mon.0"),
        ({"weekly": {"mon": ["09:00-24:30"]}}, "hours/0/weekly/mon/0", "09:00-24:30 has an hour that no clock shows."),
        ({"weekly": {"mon": ["24:00-02:00"]}}, "hours/0/weekly/mon/0", "24:00-02:00 has an hour that no clock shows."),
        ({"weekly": {"mon": ["09:00-09:00"]}}, "hours/0/weekly/mon/0", "09:00-09:00 begins and ends at the same time."),
        (
            {"weekly": {"mon": ["09:00-12:00", "11:00-13:00"]}},
            "hours/0/weekly/mon/1",
            "11:00-13:00 overlaps another window of that day.",
        ),
        (
            {"weekly": {"mon-wed-fri": ["09:00-12:00"]}},
            "hours/0/weekly/mon-wed-fri",
            "mon-wed-fri is not a range.",
        ),
        ({"exceptions": [{"date": "2026-02-30", "closed": True}]}, None, "The calendar has no 2026-02-30"),
        (
            {"exceptions": [{"date": "2026-12-24"}]},
            "hours/0/exceptions/0",
            "An exception is either closed or open at certain times.",
        ),
        (
            {"exceptions": [{"date": "2026-12-24", "closed": True, "open": ["09:00-12:00"]}]},
            "hours/0/exceptions/0",
            "An exception is either closed or open at certain times.",
        ),
        ({"exceptions": [{"date": "2026-12-24", "open": ["09:00-08:99"]}]}, None, "exceptions.0.open.0"),
        ({"holidays": {"country": "QQ"}}, "hours/0/holidays/country", "No public holidays are known for QQ."),
        (
            {"holidays": {"country": "US", "subdivision": "QQ"}},
            "hours/0/holidays/subdivision",
            "US has no subdivision QQ.",
        ),
        ({"weekly": {}}, "hours/0", "Support never opens."),
    ],
)
def test_an_impossible_schedule_is_refused_where_the_fault_is(
    changes: dict[str, Any], path: str | None, message: str
) -> None:
    if path is None:
        with pytest.raises(ValueError, match=message):
            hours(**changes)
    else:
        assert problems(**changes) == [(path, message)]


def test_a_day_in_two_lines_and_a_date_in_two_exceptions_are_refused_in_both_places() -> None:
    assert [path for path, _ in problems(weekly={"mon-fri": ["09:00-17:00"], "fri": ["09:00-12:00"]})] == [
        "hours/0/weekly/mon-fri",
        "hours/0/weekly/fri",
    ]
    twice = [{"date": "2026-12-24", "closed": True}] * 2
    assert [path for path, _ in problems(exceptions=twice)] == [
        "hours/0/exceptions/0/date",
        "hours/0/exceptions/1/date",
    ]


def test_a_day_named_twice_in_one_line_is_refused_once_and_in_these_words() -> None:
    hours = Hours(id="office", name="Office", weekly={"mon-fri,wed": ("09:00-17:00",)})
    (problem,) = hours_problems(hours, "hours/0")
    assert (problem.path, problem.message) == ("hours/0/weekly/mon-fri,wed", "wed is named twice here.")


def test_a_schedule_that_never_opens_is_a_warning_and_says_so_at_once() -> None:
    assert [problem.severity for problem in hours_problems(hours(weekly={}), "h")] == ["warning"]
    schedule = compiled(weekly={})
    assert schedule.never_opens()
    assert ask(schedule, "2026-11-20T10:00").next_opens is None
    assert not compiled(closed_now=True).never_opens()


def test_a_faulty_schedule_cannot_be_compiled() -> None:
    with pytest.raises(ConfigurationError) as caught:
        compiled(weekly={"mon": ["09:00-09:00"]})
    assert [problem.path for problem in caught.value.problems] == ["hours/support/weekly/mon/0"]


def test_a_good_schedule_has_no_problem() -> None:
    assert problems(holidays={"country": "US", "subdivision": "NY"}, time_zone="UTC") == []


def test_a_version_whose_holidays_are_not_known_any_more_still_answers() -> None:
    assert ask(compiled(holidays={"country": "US", "subdivision": "QQ"}), "2026-11-20T10:00").open
