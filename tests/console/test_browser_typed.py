"""In a real Chromium: nothing is lost of what was typed in a part of the page that another choice, or another form, has
taken the place of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.console.browser import CHROMIUM, Running
from tests.console.windows import Window, a_window
from tests.redis_server import RedisServer

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")


@pytest.fixture
def with_scripts(tmp_path: Path) -> Iterator[Window]:
    with RedisServer() as redis, Running(redis.url, tmp_path) as house, a_window(house) as window:
        yield window


def test_a_form_that_was_typed_in_warns_when_another_one_of_the_page_is_sent(with_scripts: Window) -> None:
    page = with_scripts.open("/destinations/front-desk")
    page.get_by_label("Name", exact=True).fill("Lobby")
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Lobby")
    assert page.url.endswith("/destinations/front-desk")
    assert len(with_scripts.complaints) == 1, "the browser asked"


def _typed_in_the_menu(page: Page) -> None:
    page.locator("#f-intake-kind").select_option("menu")
    page.get_by_label("What the caller hears", exact=True).fill("For billing press 1.")
    page.get_by_role("button", name="Add a key").click()
    page.get_by_label("Key", exact=True).fill("1")


def test_what_was_typed_for_another_choice_is_there_again_when_the_choice_comes_back(with_scripts: Window) -> None:
    """As when somebody goes through a list with the arrow keys."""
    page = with_scripts.open("/settings/calls")
    _typed_in_the_menu(page)
    page.locator("#f-intake-kind").select_option("stream")
    expect(page.get_by_label("Web socket of the agent")).to_be_visible()
    page.locator("#f-intake-kind").select_option("menu")
    expect(page.get_by_label("What the caller hears", exact=True)).to_have_value("For billing press 1.")
    expect(page.get_by_label("Key", exact=True)).to_have_value("1")


def test_the_greeting_of_a_step_is_there_again_after_a_look_at_another_kind(with_scripts: Window) -> None:
    page = with_scripts.open("/destinations/front-desk")
    kind, greeting = page.locator("#f-fallback-0-kind"), page.locator("#f-fallback-0-greeting")
    kind.select_option("voicemail")
    greeting.fill("Nobody is here.")
    kind.select_option("hang_up")
    expect(greeting).to_have_count(0)
    kind.select_option("voicemail")
    expect(greeting).to_have_value("Nobody is here.")


def test_the_value_of_a_condition_is_there_again_after_a_look_at_is_missing(with_scripts: Window) -> None:
    page = with_scripts.open("/rules/billing-in-hours")
    operator, values = page.locator("#f-when-items-0-operator"), page.locator("#f-when-items-0-values")
    was = values.input_value()
    operator.select_option("is_missing")
    expect(values).to_have_count(0)
    operator.select_option("is")
    expect(values).to_have_value(was)


def test_a_form_that_came_back_with_a_fault_warns_before_it_is_left(with_scripts: Window) -> None:
    page = with_scripts.open("/rules/vip")
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_role("button", name="Save to sandbox").click()
    expect(page.get_by_text("1 thing to fix.")).to_be_visible()
    with_scripts.complaints.clear()
    page.get_by_role("link", name="Versions").click()
    expect(page.get_by_text("1 thing to fix.")).to_be_visible()
    assert len(with_scripts.complaints) == 1, "the browser asked"


def test_one_form_of_a_page_that_came_back_with_a_fault_is_sent_without_a_question(with_scripts: Window) -> None:
    page = with_scripts.open("/settings")
    page.get_by_label("Test callers").fill("nobody")
    page.locator("#numbers").get_by_role("button", name="Save").click()
    expect(page.get_by_text("nobody is not a phone number.").first).to_be_visible()
    with_scripts.complaints.clear()
    page.get_by_label("Test callers").fill("+14155550123")
    page.locator("#numbers").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It counts for the next call.")).to_be_visible()
    assert with_scripts.complaints == []
