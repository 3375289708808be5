"""In a real Chromium: text and grid of a set of hours follow each other while one types, and neither takes away what is
being typed in the other."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.console.axe import STATUS
from tests.console.browser import CHROMIUM, Running
from tests.console.windows import Window, a_window, listening
from tests.redis_server import RedisServer

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
PAGE = "/hours/support-hours"
ABORTED = "Failed to load resource: net::ERR_FAILED"
SAYS = "Mo-Fr 09:00-17:30; Sa 10:00-14:00; PH off; 2026-12-24 09:00-12:00"


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with (
        tempfile.TemporaryDirectory() as directory,
        RedisServer() as redis,
        Running(redis.url, Path(directory)) as house,
        a_window(house) as found,
    ):
        yield found


@pytest.fixture
def page(window: Window) -> Iterator[Page]:
    """The form in a tab of its own, and afterwards a look at what the browser complained about."""
    tab = listening(Window(window.page.context.new_page(), window.house))
    yield tab.open(PAGE)
    tab.page.close()
    assert [said for said in tab.complaints if not said.startswith((STATUS, ABORTED))] == []


def text(page: Page) -> Locator:
    return page.get_by_label("Hours as text")


def day(page: Page, name: str) -> Locator:
    return page.get_by_label(name, exact=True)


def test_the_text_follows_the_grid_while_one_types(page: Page) -> None:
    expect(text(page)).to_have_value(SAYS)
    day(page, "Sunday").fill("10:00-12:00")
    expect(text(page)).to_have_value(SAYS.replace("Sa 10:00-14:00", "Sa 10:00-14:00; Su 10:00-12:00"))
    expect(page.locator("#hours-next")).to_contain_text("Sun 29 Nov")
    day(page, "Saturday").fill("10:00-12:00")
    expect(text(page)).to_have_value(SAYS.replace("Sa 10:00-14:00", "Sa-Su 10:00-12:00"))
    page.get_by_label("Country").fill("")
    expect(text(page)).to_have_value("Mo-Fr 09:00-17:30; Sa-Su 10:00-12:00; 2026-12-24 09:00-12:00")


def test_the_grid_follows_the_text_and_the_place_of_writing_stays(page: Page) -> None:
    text(page).fill("mon-fri 8-12; 2026-12-24,2026-12-31 closed")
    expect(day(page, "Monday")).to_have_value("08:00-12:00")
    expect(day(page, "Saturday")).to_have_value("")
    expect(page.get_by_label("Country")).to_have_value("")
    expect(page.get_by_label("Date")).to_have_count(2)
    expect(page.get_by_label("Label").first).to_have_value("Christmas Eve")
    expect(text(page)).to_have_value("mon-fri 8-12; 2026-12-24,2026-12-31 closed")
    expect(text(page)).to_be_focused()
    text(page).press_sequentially("; 2027-01-01 9-12")
    expect(page.get_by_label("Date")).to_have_count(3)
    expect(text(page)).to_have_value("mon-fri 8-12; 2026-12-24,2026-12-31 closed; 2027-01-01 9-12")


def test_the_grid_goes_back_to_what_it_said_before_when_the_text_does(page: Page) -> None:
    day(page, "Monday").fill("10:00-12:00")
    expect(text(page)).to_have_value(f"Mo 10:00-12:00; {SAYS}".replace("Mo-Fr", "Tu-Fr"))
    text(page).fill(SAYS)
    expect(day(page, "Monday")).to_have_value("09:00-17:30")


def test_a_region_that_was_never_saved_comes_back_with_the_public_holidays(page: Page, window: Window) -> None:
    page.goto(f"{window.house.url}/hours/new")
    page.get_by_label("Country").fill("CA")
    page.get_by_label("State or region").fill("ON")
    expect(text(page)).to_have_value("Mo-Fr 09:00-17:00; PH off")
    text(page).fill("Mo-Fr 09:00-17:00")
    expect(page.get_by_label("State or region")).to_have_value("")
    text(page).press_sequentially("; PH off")
    expect(page.get_by_label("State or region")).to_have_value("ON")
    expect(page.get_by_label("Country")).to_have_value("CA")


def test_faults_of_the_text_are_shown_while_one_types_and_the_grid_stays(page: Page) -> None:
    text(page).fill("Mo-Fr 08:00-sunset")
    expect(page.get_by_text("At character 7: \u201c08:00-sunset\u201d goes by the sun.")).to_be_visible()
    expect(text(page)).to_have_attribute("aria-invalid", "true")
    expect(day(page, "Monday")).to_have_value("09:00-17:30")
    text(page).fill("Mo-Fr 08:00-20:00")
    expect(day(page, "Monday")).to_have_value("08:00-20:00")
    expect(text(page)).not_to_have_attribute("aria-invalid", "true")


def test_what_is_typed_in_the_grid_is_not_taken_away_by_an_answer_about_the_text(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/hours/form/changed?side=text", hold)
    with page.expect_request("**/hours/form/changed?side=text"):
        text(page).fill("Mo 08:00-12:00")
    page.route("**/hours/form/changed?side=grid", lambda route: route.abort())
    day(page, "Sunday").focus()
    with page.expect_response("**/hours/form/changed?side=text"):
        held[0].continue_()
    day(page, "Sunday").press_sequentially("10:00-11:00")
    expect(day(page, "Sunday")).to_have_value("10:00-11:00")
    page.get_by_role("button", name="Save to sandbox").click()
    expect(page.get_by_text("Which of the two counts? Nothing was saved.")).to_be_visible()
    expect(text(page)).to_have_value("Mo 08:00-12:00")
    expect(day(page, "Sunday")).to_have_value("10:00-11:00")
    expect(day(page, "Monday")).to_have_value("09:00-17:30")


def test_without_scripts_a_button_fills_the_grid_and_the_page_stays_at_it(window: Window) -> None:
    assert window.page.context.browser is not None
    with window.page.context.browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        window.house.sign_in(page)
        page.goto(window.house.url + PAGE)
        text(page).fill("Mo-Fr 9-5")
        page.get_by_role("button", name="Fill the grid from the text").click()
        expect(page.get_by_text("At character 7: \u201c9-5\u201d can be meant in two ways.").first).to_be_visible()
        text(page).fill("Mo-Fr 9-17; 2026-12-24 closed")
        page.get_by_role("button", name="Fill the grid from the text").click()
        expect(day(page, "Monday")).to_have_value("09:00-17:00")
        expect(text(page)).to_have_value("Mo-Fr 09:00-17:00; 2026-12-24 off")
        expect(text(page)).to_be_in_viewport()


def test_typing_goes_on_where_it_was_after_a_refused_save(page: Page) -> None:
    """The list of faults has the focus once, when the page is drawn, and not again with each answer."""
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_role("button", name="Save to sandbox").click()
    expect(page.get_by_role("alert").filter(has_text="Nothing was saved.")).to_be_focused()
    day(page, "Sunday").fill("10:00-12:00")
    expect(text(page)).to_have_value(SAYS.replace("Sa 10:00-14:00", "Sa 10:00-14:00; Su 10:00-12:00"))
    expect(day(page, "Sunday")).to_be_focused()
