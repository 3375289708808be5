"""Exceptions of a set of hours in its form: several days in one row, and one exception for each day when saved."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.console.conftest import Person
from webapp.console.needs import Needs

PAGE = "/hours/support-hours"
ROW = {"date": "2026-12-27", "until": "", "windows": "", "label": ""}


def exceptions(needs: Needs) -> list[dict[str, Any]]:
    document = needs.versions.get("sandbox").document
    return list(next(item for item in document["hours"] if item["id"] == "support-hours")["exceptions"])


def saves(admin: Person, *rows: dict[str, str]) -> tuple[int, str]:
    """The form with these rows in place of its own; the status, and the page that came back."""
    typed = {f"exceptions/{place}/{name}": text for place, row in enumerate(rows) for name, text in row.items()}
    week = {f"week/{day}": "09:00-17:00" for day in ("mon", "tue", "wed", "thu", "fri")}
    answer = admin.posts(PAGE, {"name": "Support hours", "_order": "save"} | week | typed)
    return answer.status_code, answer.text


def rows(page: str) -> list[tuple[str, str]]:
    """First and last day of each row."""
    value = r'name="exceptions/\d+/{}"[^>]* value="([^"]*)"'
    return list(zip(re.findall(value.format("date"), page), re.findall(value.format("until"), page), strict=True))


def test_from_a_first_to_a_last_day_each_day_becomes_an_exception(admin: Person, needs: Needs) -> None:
    assert saves(admin, ROW | {"until": "2026-12-29", "label": "Winter break"})[0] == 302
    assert [(one["date"], one["closed"], one["label"]) for one in exceptions(needs)] == [
        (f"2026-12-{day}", True, "Winter break") for day in (27, 28, 29)
    ]


def test_without_a_last_day_it_is_one_day(admin: Person, needs: Needs) -> None:
    assert saves(admin, ROW)[0] == 302
    assert [one["date"] for one in exceptions(needs)] == ["2026-12-27"]


def test_equal_days_that_follow_each_other_are_one_row(admin: Person, needs: Needs) -> None:
    document = json.loads(json.dumps(needs.versions.get(1).document))
    closed = [{"date": f"2026-12-{day}", "closed": True} for day in (26, 27, 28)]
    apart = [{"date": "2026-12-30", "closed": True}, {"date": "2026-12-31", "open": ["09:00-12:00"]}]
    document["hours"][0]["exceptions"] = [*closed, *apart]
    needs.versions.save(document, expected=1, author="kim")
    needs.live.refresh()
    assert rows(admin.sees(PAGE)) == [("2026-12-26", "2026-12-28"), ("2026-12-30", ""), ("2026-12-31", "")]


def test_a_last_day_before_the_first_one_is_refused_at_its_field(admin: Person, needs: Needs) -> None:
    status, page = saves(admin, ROW, ROW | {"date": "2026-12-30", "until": "2026-12-29"})
    assert status == 422
    assert re.search(r'name="exceptions/1/until"[^>]*aria-invalid="true"', page)
    assert "The last day is before the first one." in page
    assert needs.versions.pointers().newest == 1


def test_more_than_31_days_in_a_row_are_refused(admin: Person, needs: Needs) -> None:
    assert saves(admin, ROW | {"date": "2026-12-01", "until": "2026-12-31"})[0] == 302
    status, page = saves(admin, ROW | {"date": "2026-12-01", "until": "2027-01-01"})
    assert status == 422
    assert "A row holds at most 31 days." in page
    assert len(exceptions(needs)) == 31


def test_a_fault_of_a_day_stands_at_the_row_that_it_stems_from(admin: Person) -> None:
    status, page = saves(admin, ROW | {"until": "2026-12-29"}, ROW | {"date": "2026-12-31", "windows": "9 to noon"})
    assert status == 422
    assert re.search(r'name="exceptions/1/windows"[^>]*aria-invalid="true"', page)
