"""In a real Chromium: four times enlarged, printed, in the system's own colours, and as wide as a tablet."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.console.browser import CHROMIUM
from tests.console.windows import Window

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
COVERED = """() => { const at = document.activeElement, box = at.getBoundingClientRect();
  if (at === document.body || box.height > innerHeight / 2) return '';
  const seen = [[box.left + box.width / 2, box.top + box.height / 2], [box.left + 4, box.top + 4]].some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (at.contains(top) || top.contains(at) || [...at.labels || []].some((label) => label.contains(top)))
  });
  return seen ? '' : at.outerHTML }"""
WHITE = "rgb(255, 255, 255)"


@pytest.mark.parametrize(
    "path", ["/destinations/billing-support", "/rules/vip", "/hours/support-hours", "/settings/calls"]
)
def test_four_times_enlarged_nothing_lies_over_what_has_the_focus(window: Window, path: str) -> None:
    page = window.open(path)
    page.set_viewport_size({"width": 320, "height": 256})
    for _ in range(90):
        page.keyboard.press("Tab")
        assert page.evaluate(COVERED) == ""
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_page_is_printed_dark_on_light_whatever_was_chosen_for_the_screen(window: Window) -> None:
    page = window.open("/settings")
    page.get_by_label("Dark").check()
    page.locator("#appearance").get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.emulate_media(media="print")
    assert ink(page) != ink_on_the_screen(page)
    page.get_by_label("As the system").check()
    page.locator("#appearance").get_by_role("button", name="Save").click()
    expect(page.locator("html[data-theme]")).to_have_count(0)


def ink(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).color"))


def ink_on_the_screen(page: Page) -> str:
    page.emulate_media(media="screen")
    return ink(page)


def test_the_open_tab_and_the_colours_of_a_key_are_told_apart_in_the_systems_own_colours(window: Window) -> None:
    page = window.page
    page.emulate_media(forced_colors="active")
    window.open("/changes?view=yaml")
    line = "one => getComputedStyle(one).borderBottomColor"
    tabs = page.locator(".tabs a")
    assert tabs.locator("nth=0").evaluate(line) != page.locator(".tabs [aria-current]").evaluate(line)
    window.open("/")
    colours = page.locator(".key [aria-hidden]").evaluate_all("all => all.map((one) => getComputedStyle(one).color)")
    assert len(set(colours)) == len(colours) > 1
    page.emulate_media(forced_colors="none")


def test_the_name_of_a_destination_is_not_broken_on_a_tablet(window: Window) -> None:
    page = window.open("/calls")
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(page.get_by_role("cell", name="Billing Support").first).to_be_visible()
    heights = page.locator("table.calls td.name").evaluate_all("all => all.map((one) => one.clientHeight)")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert max(heights) < 75, "more than two lines"
