"""The note of a promote or a roll back, in a real Chromium: all is seen, Enter sends it, and it stays one line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.console.browser import CHROMIUM, Running
from tests.console.windows import a_window
from tests.redis_server import RedisServer

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
LONG = "The season begins, the front desk moves to the new building, and " + "the old line rings there no more. " * 8


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Version 2 is in production and version 1 was; version 3 differs from it in a text alone."""
    with RedisServer() as redis, Running(redis.url, tmp_path_factory.mktemp("house")) as one:
        one.save(name="Hotel 2")
        one.needs.versions.promote(2, expected_production=1, author="kim", tests=False)
        one.save(name="Hotel 3")
        one.needs.live.refresh()
        yield one


def latest_note(house: Running) -> str:
    return house.needs.configurations.editor.audit_entries(limit=1)[0].note


def sees_all_of(page: Page, note: str) -> None:
    field = page.get_by_label("Why")
    field.fill(note)
    hidden = "e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight].some(over => over > 1)"
    assert not field.evaluate(hidden)


@pytest.mark.parametrize("path", ["/changes", "/versions/1/roll-back"])
def test_the_whole_of_a_long_note_is_seen_while_it_is_typed(house: Running, path: str) -> None:
    with a_window(house) as window:
        for width in (1280, 390):
            window.page.set_viewport_size({"width": width, "height": 900})
            sees_all_of(window.open(path), LONG[:300])


def test_enter_sends_the_form_from_the_note(house: Running) -> None:
    with a_window(house) as window:
        page = window.open("/versions/1/roll-back")
        page.get_by_label("Why").fill("Too early")
        page.get_by_label("Why").press("Enter")
        expect(page.get_by_text("Production is v1 again.")).to_be_visible()
        assert latest_note(house) == "Too early"
        assert window.complaints == []
        house.needs.versions.promote(2, expected_production=1, author="kim", tests=False)


def test_lines_that_are_typed_without_scripts_become_one(house: Running) -> None:
    with a_window(house, scripts=False) as window:
        page = window.open("/versions/1/roll-back")
        page.get_by_label("Why").fill("Too early,\n said the desk")
        page.get_by_role("button", name="Roll back to v1").click()
        expect(page.get_by_text("Production is v1 again.")).to_be_visible()
        assert latest_note(house) == "Too early, said the desk"
