"""Of many destinations one is named by its id or its name, and no page carries the whole list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.application import Application
from tests.console.axe import faults
from tests.console.browser import CHROMIUM, Running
from tests.console.conftest import Person
from tests.console.document import DOCUMENT
from tests.console.windows import a_window
from webapp.console.editing import sandbox

MANY = [
    {"id": f"desk-{number}", "name": f"The Desk of Floor {number}", "method": "INVITE", "route": f"+1415555{number:04}"}
    for number in range(120)
]
CARRYING = ("/destinations/desk-5", "/rules/vip", "/test", "/calls", "/settings")


LARGE = DOCUMENT | {"destinations": [*DOCUMENT["destinations"], *MANY]}


@pytest.fixture
def house(redis_url: str, tmp_path: Path) -> Iterator[Application]:
    with Application(redis_url, tmp_path, LARGE) as application:
        yield application


@pytest.mark.parametrize("path", CARRYING)
def test_no_page_carries_the_names_of_all_destinations(admin: Person, path: str) -> None:
    assert admin.sees(path).count("The Desk of Floor") < 5


def test_what_is_typed_is_suggested_by_name_and_id(admin: Person) -> None:
    by_name = admin.sees("/destinations/suggested?of=x&x=floor+117")
    assert by_name == '<option value="desk-117">The Desk of Floor 117</option>'
    assert 'value="desk-117"' in admin.sees("/destinations/suggested?of=x&x=DESK-117")
    assert admin.sees("/destinations/suggested?of=x&x=").count("<option") == 40


def test_a_rule_takes_the_name_of_its_destination(house: Application, admin: Person) -> None:
    typed = {"name": "Floor", "match": "all", "destination": "the desk of floor 117", "_order": "save"}
    assert admin.posts("/rules/new", typed).status_code == 302
    with house.app.app_context():
        assert sandbox().document["rules"][-1]["destination"] == "desk-117"


def test_a_fallback_step_takes_the_name_of_its_destination(house: Application, admin: Person) -> None:
    step = {"fallback/0/kind": "destination", "fallback/0/destination": "The Desk of Floor 7"}
    typed = {"name": "Lobby", "method": "INVITE", "route": "+14155550177", "ring_seconds": "20", "_order": "save"}
    assert admin.posts("/destinations/new", typed | step).status_code == 302
    with house.app.app_context():
        assert sandbox().document["destinations"][-1]["fallback"] == [{"destination": "desk-7"}]


def test_a_name_that_nobody_has_is_refused_as_it_was_typed(admin: Person) -> None:
    typed = {"name": "Floor", "match": "all", "destination": "The Desk of Floor 999", "_order": "save"}
    answer = admin.posts("/rules/new", typed)
    assert answer.status_code == 422
    assert "The Desk of Floor 999" in answer.text


def test_calls_and_test_calls_are_asked_by_name_too(admin: Person) -> None:
    assert "Went to The Desk of Floor 117" in admin.sees("/calls?destination=the+desk+of+floor+117")
    assert "The Desk of Floor 117 gets the call" in admin.sees("/test?destination=the+desk+of+floor+117")


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
def test_suggestions_come_while_somebody_types(redis_url: str, tmp_path: Path) -> None:
    with Running(redis_url, tmp_path, LARGE) as house, a_window(house) as window:
        page = window.open("/rules/new")
        page.get_by_label("Destination", exact=True).fill("floor 117")
        expect(page.locator("datalist[id$='destination-list'] option")).to_have_count(1)
        expect(page.locator("datalist[id$='destination-list'] option")).to_have_attribute("value", "desk-117")
        assert faults(window) == []
