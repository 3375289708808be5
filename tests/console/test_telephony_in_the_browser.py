"""The pages about Twilio in a real Chromium: no accessibility fault, no refused script, no sideways scroll; by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.console.browser import CHROMIUM, Running, open_browser
from tests.console.telephony_house import ELSEWHERE, PUBLIC, TELEPHONY_PAGES, telephony_house
from tests.messaging.rest_stand_in import TwilioAccount
from tests.redis_server import RedisServer

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text(encoding="utf-8")
RUN_AXE = """() => axe.run(document, {resultTypes: ['violations'],
  runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})
  .then((found) => found.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html.slice(0, 160))
    .slice(0, 3).join(' | ')))"""

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")


@dataclass
class Window:
    """Somebody signed in; `complaints` is what the browser itself reported."""

    page: Page
    plain: Page
    house: Running
    twilio: TwilioAccount
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with (
        tempfile.TemporaryDirectory() as directory,
        RedisServer() as redis,
        telephony_house(redis, Path(directory)) as (house, twilio),
        sync_playwright() as playwright,
    ):
        browser = open_browser(playwright)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        plain = browser.new_context(java_script_enabled=False).new_page()
        found = Window(page, plain, house, twilio)
        page.on("console", lambda said: found.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        house.sign_in(page)
        house.sign_in(plain)
        yield found
        browser.close()


@pytest.mark.parametrize("path", TELEPHONY_PAGES)
def test_a_page_has_no_fault_in_either_scheme_at_either_width(window: Window, path: str) -> None:
    window.complaints.clear()
    page = window.page
    page.goto(window.house.url + path)
    page.evaluate(AXE)
    found: list[str] = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            violations: list[Any] = page.evaluate(RUN_AXE)
            found += [f"{width} {scheme} {violation}" for violation in violations]
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert found == []
    assert sideways == 0
    assert window.complaints == []


def test_a_number_is_connected_and_given_back_without_javascript(window: Window) -> None:
    page = window.plain
    number = next(one for one in window.twilio.numbers if one["phone_number"] == ELSEWHERE)
    before = number["voice_url"]
    page.goto(f"{window.house.url}/numbers")
    page.get_by_role("link", name="Connect +1 415-555-0102").click()
    page.get_by_role("button", name="Connect +1 415-555-0102").click()
    expect(page.get_by_role("status")).to_contain_text("its calls come here now")
    assert number["voice_url"].startswith(f"{PUBLIC}/voice/call")
    page.get_by_role("button", name="Give it back").click()
    expect(page.get_by_role("status")).to_contain_text("as it was before")
    assert number["voice_url"] == before


def test_a_blocked_number_leads_to_what_its_code_means_by_keyboard_alone(window: Window) -> None:
    page = window.page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{window.house.url}/sms")
    page.keyboard.press("/")
    page.keyboard.type("0109")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The number is in no messaging service").first).to_be_visible()
    page.get_by_role("link", name="30034").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sender not registered for A2P 10DLC")
