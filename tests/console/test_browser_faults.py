"""In a real Chromium, while a page is open: the store stops, the session ends, calls come in, somebody else saves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.console.browser import CHROMIUM, EMAIL, Running
from tests.console.windows import Window, a_window, another_person
from tests.redis_server import RedisServer

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
ROWS = "table.calls tbody tr"
POLLED = 15_000
"""Milliseconds in which the list has asked for new calls at least once."""


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
def window(redis: RedisServer, tmp_path: Path) -> Iterator[Window]:
    with Running(redis.url, tmp_path) as house:
        house.live_a_little()
        with a_window(house) as found:
            yield found


def test_the_list_of_calls_keeps_its_rows_when_the_store_stops_and_says_so(window: Window, redis: RedisServer) -> None:
    page = window.open("/calls")
    expect(page.locator(ROWS)).to_have_count(40)
    redis.kill()
    expect(page.get_by_text("Couldn\u2019t reach the server")).to_be_visible(timeout=POLLED)
    expect(page.locator(ROWS)).to_have_count(40)


def test_after_an_outage_the_list_of_calls_asks_again_at_a_click(window: Window) -> None:
    page = window.open("/calls")
    page.route("**/calls/new*", lambda route: route.abort())
    expect(page.locator("#lost")).to_be_visible(timeout=POLLED)
    page.unroute("**/calls/new*")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#lost")).to_be_hidden()
    expect(page.locator(ROWS)).to_have_count(40)


def test_new_calls_are_counted_and_shown_at_a_click_and_never_move_the_list(window: Window) -> None:
    page = window.open("/calls")
    first = page.locator(ROWS).first.inner_text()
    for number in (100, 101, 102):
        window.house.call_comes_in(number)
    expect(page.get_by_role("link", name="3 new calls \u2013 show")).to_be_visible(timeout=POLLED)
    assert page.locator(ROWS).first.inner_text() == first
    page.get_by_role("link", name="3 new calls \u2013 show").click()
    expect(page.locator(ROWS).first).not_to_have_text(first)


def test_looking_for_new_calls_can_be_paused(window: Window) -> None:
    page = window.open("/calls")
    page.get_by_role("link", name="Pause").click(timeout=POLLED)
    expect(page.get_by_text("New calls are not looked for.")).to_be_visible()
    assert page.locator("[hx-get]").count() == 0


def test_a_form_stays_whole_when_the_session_ends_under_it(window: Window) -> None:
    page = window.open("/destinations/front-desk")
    people = window.house.needs.people
    people.sessions.end_all(_user_id(window))
    page.get_by_label("Spoken before the handoff").fill("One moment.")
    page.get_by_label("Route", exact=True).click()
    expect(page.locator("#lost")).to_be_visible()
    expect(page.locator("#preview")).to_contain_text("What callers get")
    assert page.get_by_label("Spoken before the handoff").input_value() == "One moment."


def _user_id(window: Window) -> str:
    user = window.house.needs.people.users.by_email(EMAIL)
    assert user is not None
    return user.id


def test_two_editors_with_the_same_form_open_lose_nothing_that_either_typed(window: Window) -> None:
    with another_person(window) as theirs:
        mine = window.open("/destinations/front-desk")
        theirs.goto(f"{window.house.url}/destinations/front-desk")
        _name(theirs, "Reception")
        expect(theirs.get_by_text("in the sandbox.").first).to_be_visible()
        _name(mine, "Lobby")
        expect(mine.get_by_text("while this was open").first).to_be_visible()
        expect(mine.get_by_text("Reception").first).to_be_visible()
        assert mine.get_by_label("Name", exact=True).input_value() == "Lobby"
        mine.get_by_role("button", name="Save to sandbox").click()
        expect(mine.get_by_text("in the sandbox.").first).to_be_visible()
    names = window.house.needs.live.environment("sandbox").compiled.configuration.destination_by_id
    assert names["front-desk"].name == "Lobby"


def _name(page: Page, name: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Save to sandbox").click()
