"""The whole task in a real Chromium: by mouse in few clicks, by keyboard alone, and with JavaScript off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.console.browser import CHROMIUM, Running
from tests.console.windows import a_window
from tests.redis_server import RedisServer

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
NEW = "+14155550177"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Running]:
    with RedisServer() as redis, Running(redis.url, tmp_path) as one:
        yield one


def route_in(house: Running, environment: str) -> str:
    published = house.needs.live.environment("production" if environment == "production" else "sandbox")
    return str(published.compiled.configuration.destination_by_id["front-desk"].route)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_by_mouse_a_number_is_changed_tested_promoted_in_five_clicks_and_rolled_back_in_two(
    house: Running, scripts: bool
) -> None:
    with a_window(house, scripts=scripts) as window:
        page = window.open("/destinations")
        page.get_by_role("link", name="Front desk", exact=True).click()
        page.get_by_label("Route", exact=True).fill(NEW)
        page.get_by_role("button", name="Save and test").click()
        expect(page.get_by_text("Front desk gets the call at +1 415-555-0177: a person answers.").first).to_be_visible()
        page.get_by_role("link", name="Review changes").click()
        page.get_by_label("I understand that callers are affected at once").check()
        page.get_by_role("button", name="Promote v2 to production").click()
        expect(page.get_by_role("heading", name="v2 answers new calls")).to_be_visible()
        assert route_in(house, "production") == NEW
        page.get_by_role("link", name="Roll back to v1").first.click()
        page.get_by_role("button", name="Roll back to v1").click()
        expect(page.get_by_text("Production is v1 again.")).to_be_visible()
        assert route_in(house, "production") == "+14155550100"
        assert window.complaints == []


def test_by_keyboard_alone_with_the_focus_always_in_sight(house: Running) -> None:
    with a_window(house) as window:
        page = window.open("/destinations")
        _press(page, "Front desk", "Enter")
        _focus(page, "Route")
        page.keyboard.press("Control+a")
        page.keyboard.type(NEW)
        _press(page, "Save and test", "Enter")
        _press(page, "Review changes", "Enter")
        _press(page, "I understand that callers are affected at once", "Space")
        _press(page, "Promote v2 to production", "Enter")
        expect(page.get_by_role("heading", name="v2 answers new calls")).to_be_visible()
        _press(page, "Roll back to v1", "Enter")
        _press(page, "Roll back to v1", "Enter")
        expect(page.get_by_text("Production is v1 again.")).to_be_visible()
        assert route_in(house, "production") == "+14155550100"


FOCUSED = """() => { const at = document.activeElement, bar = document.querySelector('.bar').getBoundingClientRect();
  const box = at.getBoundingClientRect(), label = at.labels && at.labels[0];
  return {name: (label ? label.innerText : at.innerText || '').trim().split('\\n')[0],
    hidden: !at.closest('.bar') && at.tagName !== 'BODY' && !at.classList.contains('skip') && box.height < 700 &&
      (box.bottom <= bar.bottom || box.top >= innerHeight)} }"""


def _focus(page: Page, name: str) -> None:
    """Press Tab until the thing of this name has the focus; nothing on the way is out of sight (WCAG 2.4.11)."""
    page.wait_for_load_state()
    for _ in range(150):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        assert not at["hidden"], f"{at['name']} has the focus where nobody sees it"
        if at["name"] == name:
            return
    raise AssertionError(f"no Tab leads to {name}")


def _press(page: Page, name: str, key: str) -> None:
    before = page.url
    _focus(page, name)
    page.keyboard.press(key)
    if key == "Enter":
        page.wait_for_function("before => location.href !== before", arg=before)


def test_the_preview_follows_what_is_typed_and_keeps_it(house: Running) -> None:
    with a_window(house) as window:
        page = window.open("/destinations/front-desk")
        page.get_by_label("Spoken before the handoff").fill("One moment for the lobby.")
        page.get_by_label("Route", exact=True).click()
        expect(page.locator("#preview")).to_contain_text("The caller hears \u201cOne moment for the lobby.\u201d")
        assert page.get_by_label("Spoken before the handoff").input_value() == "One moment for the lobby."
        assert window.complaints == []


def test_with_redis_stopped_while_a_form_is_open_the_typed_text_stays(tmp_path: Path) -> None:
    with RedisServer() as redis, Running(redis.url, tmp_path) as house, a_window(house) as window:
        page = window.open("/destinations/front-desk")
        page.get_by_label("Route", exact=True).fill(NEW)
        redis.kill()
        house.application.services.live.refresh()
        page.get_by_role("button", name="Save to sandbox").click()
        expect(page.get_by_text("Nothing was saved.").first).to_be_visible()
        assert page.get_by_label("Route", exact=True).input_value() == NEW
        window.open("/destinations")
        expect(page.get_by_text("Calls still work; editing is off.")).to_be_visible()


def test_the_menu_of_a_phone_opens_without_scripts(house: Running) -> None:
    with a_window(house, scripts=False) as window:
        page = window.page
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(f"{house.url}/destinations")
        expect(page.get_by_role("link", name="Versions")).to_be_hidden()
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("link", name="Versions").click()
        expect(page.get_by_role("heading", name="Versions")).to_be_visible()
