"""In a real Chromium, while the calls of the last day are still being replayed: the page follows by itself, and lets
nobody promote what they have not read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.console.browser import CHROMIUM, Running
from tests.console.windows import Window, a_window
from tests.redis_server import RedisServer

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
IN_TIME_MS = 20_000


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    with RedisServer() as redis, Running(redis.url, tmp_path) as house:
        house.live_a_little()
        with a_window(house) as found:
            yield found


def test_what_somebody_else_saves_meanwhile_is_not_slipped_into_the_form_of_a_promote(window: Window) -> None:
    page = window.open("/changes")
    expect(page.get_by_role("button", name="Promote v4 to production")).to_be_visible()
    assert page.locator("[id^=so-far]").count() == 1, "the replay was over at once"
    page.get_by_label("Why").fill("The new number of the desk")
    window.house.save(name="Saved meanwhile")
    window.house.application.services.live.refresh()
    expect(page.get_by_text("This is not the newest any more.")).to_be_visible(timeout=IN_TIME_MS)
    expect(page.get_by_label("Why")).to_have_value("The new number of the desk")
    button = page.get_by_role("button", name="Promote v4 to production")
    if page.get_by_label("I understand").count():
        page.get_by_label("I understand").check()
    button.click()
    expect(page.get_by_text("v5 was saved while you were reading.")).to_be_visible()
    expect(page.get_by_label("Why")).to_have_value("The new number of the desk")
    assert window.house.needs.versions.pointers().of("production").number == 2
