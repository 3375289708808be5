"""Addresses and forms that no page of ours makes: each gets a page that says what is wrong, never "went wrong"."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.document import DOCUMENT
from tests.console.screenshots import NO_ACCOUNT
from webapp.console.asked import whole_number
from webapp.console.forms import read_draft
from webapp.people.roles import Role

NOT_NUMBERS = ("²", "٣", "1e3", "-1", " 1", "9" * 5_000, "")
ADDRESSES = (
    "/calls?before={}",
    "/versions?older={}",
    "/versions?before={}",
    "/versions/compare?from={}&to=1",
    "/destinations?page={}",
    "/destinations?undo={}",
    "/rules?undo={}",
)


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_only_decimal_digits_are_a_whole_number(text: str) -> None:
    assert whole_number(text) is None


def test_a_whole_number_has_a_bound() -> None:
    assert (whole_number("9", below=10), whole_number("10", below=10)) == (9, None)


@pytest.mark.parametrize("text", NOT_NUMBERS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_with_something_else_than_a_number_never_breaks_a_page(
    admin: Person, address: str, text: str
) -> None:
    assert admin.get(address.format(text)).status_code in (200, 404)


@pytest.mark.parametrize("at", ["9999-12-31T23:59", "0001-01-01T00:00", "1999-12-31T23:59", "2200-01-01T00:00"])
def test_a_time_at_the_end_of_the_calendar_is_refused_at_its_field(admin: Person, at: str) -> None:
    text = admin.sees(f"/test?at={at}")
    assert f"The year {int(at[:4])} is out of reach." in text
    assert 'id="f-at-fault"' in text


@pytest.mark.parametrize("row", NOT_NUMBERS)
def test_a_row_whose_name_is_no_number_never_breaks_a_form(admin: Person, row: str) -> None:
    answer = admin.posts("/destinations/new", {f"headers/{row}/name": "X-A", "_order": f"remove:headers/{row}"})
    assert answer.status_code in (200, 422)


def test_a_very_long_number_in_a_field_name_is_no_row() -> None:
    assert read_draft([("headers/" + "9" * 5_000, "x")]) == {"headers": {"9" * 5_000: "x"}}


def test_numbers_saved_without_a_version_are_refused_and_not_lost(admin: Person) -> None:
    answer = admin.posts("/settings/numbers", {"_version": "²", "production": "+14155550199"}, page="/settings")
    assert answer.status_code == 409
    assert "+14155550199" in answer.text


@pytest.mark.parametrize("page", ["/rules/new", "/hours/new", "/destinations/new", "/settings/site"])
def test_a_field_left_empty_is_told_by_its_name_and_not_as_a_key_of_the_document(admin: Person, page: str) -> None:
    form = "/settings" if page == "/settings/site" else page
    text = admin.posts(page, {"name": "", "_version": "1", "_order": "save"}, page=form).text
    assert "Name is empty." in text
    assert "leave the key out" not in text
    assert "Add <code>name" not in text


def test_a_form_that_is_too_large_is_refused_with_what_to_do(admin: Person) -> None:
    answer = admin.posts("/developers/import", {"document": "x" * 5_000_000}, page="/developers")
    assert answer.status_code == 413
    assert "That is too much at once" in answer.text


def test_what_cannot_be_done_now_says_why(redis_url: str, tmp_path: Path) -> None:
    with Application(redis_url, tmp_path, DOCUMENT, APP_ENV="development", **NO_ACCOUNT) as house:
        answer = person(house, Role.ADMIN).posts("/sms/refresh", {}, page="/settings")
    assert answer.status_code == 409
    assert "No Twilio account is connected." in answer.text
