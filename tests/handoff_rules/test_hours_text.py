"""The text form of hours: what is read from it, what is refused and where, and that it says what the hours are."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from handoff_rules.check_hours import hours_problems
from handoff_rules.hours import Hours
from handoff_rules.hours_expression import MONTH_NAMES
from handoff_rules.hours_grid import holidays_of
from handoff_rules.hours_open import compile_hours
from handoff_rules.hours_text import text_of, times_of, with_times
from handoff_rules.hours_text_reading import MOST_CHARACTERS, HoursTextError, read_text
from handoff_rules.problems import errors_in
from tests.handoff_rules.test_hours_any_schedule import NAMES, days_of_2026, text, windows
from webapp.configurations.yaml_file import read_yaml

CASES: Any = read_yaml(Path(__file__).with_name("hours_texts.yaml").read_text(encoding="utf-8"))
NEW_YORK = {"country": "US", "subdivision": "NY"}
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
WINDOW = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")


@pytest.mark.parametrize("case", CASES["read"].values(), ids=list(CASES["read"]))
def test_what_is_typed_is_read_as_it_is_written(case: dict[str, str]) -> None:
    assert text_of(read_text(case["typed"])) == case["written"]
    assert text_of(read_text(case["written"])) == case["written"]


@pytest.mark.parametrize("case", CASES["refused"].values(), ids=list(CASES["refused"]))
def test_what_cannot_be_read_is_refused_all_at_once_with_its_place_and_a_fix(case: dict[str, Any]) -> None:
    with pytest.raises(HoursTextError) as refused:
        read_text(case["typed"])
    faults = refused.value.faults
    assert [fault.at for fault in faults] == [int(at) for at, _, _ in case["faults"]]
    for fault, (at, piece, words) in zip(faults, case["faults"], strict=True):
        assert not piece or case["typed"][int(at) - 1 :].startswith(piece)
        assert not piece or fault.told.startswith(f"At character {at}: \u201c{piece}\u201d ")
        assert words in f"{fault.message} {fault.fix}"
        assert fault.fix


def test_a_text_that_is_too_long_is_not_looked_at() -> None:
    with pytest.raises(HoursTextError, match="32,000 characters"):
        read_text("x" * (MOST_CHARACTERS + 1))


def test_many_ranges_of_dates_are_refused_before_they_are_counted_out() -> None:
    years = "; ".join(f"{year}-01-01 - {year}-12-31 off" for year in range(2026, 2030))
    with pytest.raises(HoursTextError, match="more than 1,000 dates"):
        read_text(f"off; {years}")


@given(st.text(max_size=60) | st.text("MoTuFrPH 0123456789:-,;off/", max_size=60))
def test_any_text_is_read_or_refused(typed: str) -> None:
    try:
        written = text_of(read_text(typed))
    except HoursTextError:
        return
    assert text_of(read_text(written)) == written


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Any set of hours that can be saved."""
    week = draw(st.dictionaries(st.integers(0, 6), windows, max_size=7))
    label = st.just("") | st.sampled_from(["Christmas Eve", "Stocktaking"])
    exceptions = draw(st.dictionaries(days_of_2026, st.tuples(windows, label), max_size=6))
    document: dict[str, Any] = {
        "id": "any",
        "name": "Any",
        "time_zone": "America/New_York",
        "weekly": {NAMES[number]: [text(window) for window in some] for number, some in week.items()},
        "exceptions": [
            {"date": str(one)}
            | ({"open": [text(window) for window in some]} if some else {"closed": True})
            | ({"label": word} if word else {})
            for one, (some, word) in exceptions.items()
        ],
    }
    if draw(st.booleans()):
        document["holidays"] = NEW_YORK
    return {key: value for key, value in document.items() if value}


def can_be_saved(document: dict[str, Any]) -> Hours | None:
    """None for windows of one day that overlap."""
    hours = Hours.model_validate(document)
    return None if errors_in(hours_problems(hours, "hours/0")) else hours


@settings(max_examples=300, deadline=None)
@given(document=documents())
def test_any_hours_written_as_text_and_read_again_are_the_same_document(document: dict[str, Any]) -> None:
    hours = can_be_saved(document)
    if hours is None:
        return
    times = times_of(hours)
    read = read_text(text_of(times))
    assert read == times
    assert with_times(document, read, document.get("holidays", {})) == document


@settings(max_examples=100, deadline=None)
@given(document=documents(), other=documents())
def test_what_a_text_cannot_carry_is_kept_and_all_else_is_what_it_says(
    document: dict[str, Any], other: dict[str, Any]
) -> None:
    hours, told = can_be_saved(document), can_be_saved(other)
    if hours is None or told is None:
        return
    edited = Hours.model_validate(with_times(document | {"closed_now": True}, times_of(told), NEW_YORK))
    assert times_of(edited) == times_of(told)
    assert (edited.time_zone, edited.closed_now) == (hours.time_zone, True)
    before = {one.date: one.label for one in hours.exceptions}
    assert {one.date: one.label for one in edited.exceptions} == {
        one.date: before.get(one.date, "") for one in told.exceptions
    }


def test_a_label_stays_with_its_date_and_goes_with_it() -> None:
    written = [
        {"date": "2026-12-31", "closed": True, "label": "Stocktaking"},
        {"date": "2026-12-24", "open": ["09:00-12:00"], "label": "Christmas Eve"},
        {"date": "2026-12-28", "closed": True, "label": "Bridge"},
    ]
    text = "off; 2026-12-23 off; 2026-12-24 off; 2026-12-31 off"
    assert with_times({"exceptions": written}, read_text(text), {})["exceptions"] == [
        {"date": "2026-12-31", "closed": True, "label": "Stocktaking"},
        {"date": "2026-12-24", "closed": True, "label": "Christmas Eve"},
        {"date": "2026-12-23", "closed": True},
    ]


def by_the_library(written: str, year: int) -> tuple[OpeningHours, OpeningHours]:
    """What the library makes of a text, and of what the text says past midnight, a day too late.

    The library takes a night away from a day that has a rule of its own; here it belongs to the day on which it began.
    So each window is cut at midnight, and the mornings are asked for on the day before.
    """
    holidays = "; ".join(f"{day} off" for day in holidays_of("US", "NY", year))
    plain = DATE.sub(
        lambda day: f"{day[1]} {MONTH_NAMES[int(day[2]) - 1]} {day[3]}", written.replace("PH off", holidays)
    )
    evenings = WINDOW.sub(lambda one: f"{one[1]}-24:00" if one[2] <= one[1] else one[0], plain)
    mornings = WINDOW.sub(
        lambda one: f"00:00-{one[2]}" if "00:00" < one[2] <= one[1] else "23:59-24:00", re.sub("24/7", "off", plain)
    )
    return OpeningHours(evenings), OpeningHours(mornings)


@settings(max_examples=150, deadline=None)
@given(document=documents(), start=days_of_2026.filter(lambda day: day < date(2026, 12, 29)), minute=st.integers(0, 36))
def test_the_library_reads_the_text_as_the_hours_are(document: dict[str, Any], start: date, minute: int) -> None:
    hours = can_be_saved(document)
    if hours is None:
        return
    evenings, mornings = by_the_library(text_of(times_of(hours)), 2026)
    compiled, zone = compile_hours(hours, "UTC"), ZoneInfo("America/New_York")
    for step in range(0, 3 * 24 * 60, 37):
        wall = datetime(start.year, start.month, start.day) + timedelta(minutes=minute + step)
        before = wall - timedelta(days=1)
        is_morning = mornings.is_open(before) and (before.hour, before.minute) != (23, 59)
        expected = evenings.is_open(wall) or is_morning
        assert compiled.is_open(wall.replace(tzinfo=zone)) is expected, wall
