"""The pages about Twilio in a real Chromium: no accessibility fault, no refused script, no sideways scroll; by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.console.axe import faults
from tests.console.browser import CHROMIUM, PASSWORD, Running
from tests.console.screenshots import VIEWER
from tests.console.telephony_house import ELSEWHERE, PUBLIC, TELEPHONY_PAGES, telephony_house
from tests.console.windows import Window, a_stranger, a_window
from tests.messaging.rest_stand_in import TwilioAccount
from tests.redis_server import RedisServer
from webapp.people.roles import Role

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")


@pytest.fixture(scope="module")
def line() -> Iterator[tuple[Running, TwilioAccount]]:
    with (
        tempfile.TemporaryDirectory() as directory,
        RedisServer() as redis,
        telephony_house(redis, Path(directory)) as found,
    ):
        yield found


@pytest.fixture(scope="module")
def window(line: tuple[Running, TwilioAccount]) -> Iterator[Window]:
    with a_window(line[0]) as found:
        yield found


@pytest.fixture
def plain(window: Window) -> Iterator[Page]:
    """Somebody signed in with a browser that runs no script."""
    assert window.page.context.browser is not None
    context = window.page.context.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    window.house.sign_in(page)
    yield page
    context.close()


@pytest.mark.parametrize("path", TELEPHONY_PAGES)
def test_a_page_has_no_fault_in_either_scheme_at_either_width(window: Window, path: str) -> None:
    window.open(path)
    assert faults(window) == []


def test_a_number_is_connected_and_given_back_without_javascript(
    line: tuple[Running, TwilioAccount], plain: Page
) -> None:
    (house, twilio), page = line, plain
    number = next(one for one in twilio.numbers if one["phone_number"] == ELSEWHERE)
    before = number["voice_url"]
    page.goto(f"{house.url}/numbers")
    page.get_by_role("link", name="Connect +1 415-555-0102").click()
    page.get_by_role("button", name="Connect +1 415-555-0102").click()
    expect(page.get_by_role("status")).to_contain_text("its calls come here now")
    assert number["voice_url"].startswith(f"{PUBLIC}/voice/call")
    page.get_by_role("button", name="Give it back").click()
    expect(page.get_by_role("status")).to_contain_text("as it was before")
    assert number["voice_url"] == before


def test_who_may_not_connect_a_number_is_offered_to_open_it(window: Window) -> None:
    window.house.needs.people.users.add(email=VIEWER, name="Vera Lind", role=Role.VIEWER, password=PASSWORD)
    with a_stranger(window) as viewer:
        window.house.sign_in(viewer.page, VIEWER)
        page = viewer.open("/numbers")
        expect(page.get_by_role("link", name="Open +1 415-555-0102")).to_be_visible()
        expect(page.get_by_role("link", name="Connect +1")).to_have_count(0)


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
