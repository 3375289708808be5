"""In a real Chromium: what goes on while a page is open is shown without a reload, and focus and place stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.console.browser import CHROMIUM
from tests.console.windows import Window

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
IN_TIME_MS = 15_000
"""Three times as long as the pages wait before they ask again."""


def test_the_counts_since_a_promote_grow_while_the_page_is_open(window: Window) -> None:
    house = window.house
    house.save(name="Grand Hotel")
    versions = house.needs.versions
    number = versions.get("sandbox").number
    versions.promote(number, expected_production=versions.get("production").number, author="sam", tests=False)
    page = window.open("/versions")
    expect(page.get_by_text("No call has come in since then.")).to_be_visible()
    page.locator("#from").focus()
    house.call_comes_in(900, seconds_ago=0)
    expect(page.get_by_role("link", name="Calls since then 1")).to_be_visible(timeout=IN_TIME_MS)
    assert page.evaluate("document.activeElement.id") == "from"


def test_a_test_call_shows_up_on_the_page_that_waits_for_it(window: Window) -> None:
    page = window.open("/test")
    expect(page.get_by_text("Waiting for your call.")).to_be_visible()
    window.house.call_comes_in(909)
    expect(page.get_by_role("link", name="Open it")).to_be_visible(timeout=IN_TIME_MS)
