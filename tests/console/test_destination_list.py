"""What a row of the destinations offers: edit, test, duplicate, disable and delete, and back to the list as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.application import Application
from tests.console import large_house
from tests.console.bench import PAGE_BYTES
from tests.console.browser import CHROMIUM, Running
from tests.console.conftest import Person, person
from tests.console.document import DOCUMENT
from tests.console.doors import Doors
from tests.console.windows import a_window
from tests.redis_server import RedisServer
from webapp.console.destinations import ROWS
from webapp.console.needs import Needs
from webapp.people.roles import Role

HOST = "/destinations/vip-host"
LOOKS = {("GET", HOST), ("GET", "/test?destination=vip-host")}
CHANGES = {("GET", "/destinations/new?like=vip-host"), ("POST", f"{HOST}/switch"), ("POST", f"{HOST}/delete")}


def row_of(page: str) -> set[tuple[str, str]]:
    return {door for door in Doors(page.replace("&amp;", "&")).found if "vip-host" in door[1]}


def stored(needs: Needs, identifier: str) -> dict[str, Any] | None:
    found = needs.versions.get("sandbox").document["destinations"]
    return next((dict(item) for item in found if item["id"] == identifier), None)


def test_a_row_offers_all_that_can_be_done_with_a_destination(admin: Person) -> None:
    assert row_of(admin.sees("/destinations")) >= LOOKS | CHANGES


@pytest.mark.parametrize("path", ["/destinations", "/destinations?version=production"])
def test_a_row_that_is_only_read_offers_no_change(house: Application, path: str) -> None:
    assert row_of(person(house, Role.VIEWER).sees(path)) & CHANGES == set()
    assert row_of(person(house, Role.ADMIN).sees("/destinations?version=production")) & CHANGES == set()


def test_disabling_from_the_list_leads_back_to_the_list_as_it_was_filtered(admin: Person, needs: Needs) -> None:
    filtered = {"_q": "host", "_method": "REFER", "_state": "", "_page": "1", "_list": "", "_version": "1"}
    answer = admin.posts(f"{HOST}/switch", filtered, page="/destinations")
    assert answer.location == "/destinations?q=host&method=REFER&page=1&touched=vip-host#destination-vip-host"
    assert (stored(needs, "vip-host") or {})["enabled"] is False
    page = admin.sees("/destinations")
    assert "Disabled VIP host" in page
    assert ">Enable</button>" in page


def test_a_delete_from_the_list_can_be_undone_there(admin: Person, needs: Needs) -> None:
    free = {**needs.versions.get(1).document}
    free["destinations"] = [*free["destinations"], DOCUMENT["destinations"][1] | {"id": "spa", "name": "Spa"}]
    needs.versions.save(free, expected=1, author="kim")
    form = {"_list": "", "_version": "2", "_q": "spa"}
    answer = admin.posts("/destinations/spa/delete", form, page="/destinations")
    assert answer.location == "/destinations?q=spa&undo=3"
    assert stored(needs, "spa") is None
    assert "Undo the delete" in admin.sees(answer.location)


def test_a_delete_that_is_refused_says_on_the_list_what_still_uses_it(admin: Person, needs: Needs) -> None:
    answer = admin.posts(f"{HOST}/delete", {"_list": "", "_version": "1"}, page="/destinations")
    assert answer.location == "/destinations"
    assert "VIP host is still used by" in admin.sees("/destinations")
    assert stored(needs, "vip-host") is not None


def test_a_change_of_a_list_that_is_out_of_date_is_refused_on_the_list(admin: Person, needs: Needs) -> None:
    needs.versions.save({**needs.versions.get(1).document, "name": "Hotel 2"}, expected=1, author="kim")
    answer = admin.posts(f"{HOST}/switch", {"_list": "", "_version": "1"}, page="/destinations")
    assert answer.location == "/destinations"
    assert (stored(needs, "vip-host") or {}).get("enabled", True) is True


def test_a_full_page_of_the_list_weighs_no_more_than_a_page_may(redis_url: str, tmp_path: Path) -> None:
    with Application(redis_url, tmp_path, large_house.document()) as house:
        page = person(house, Role.ADMIN).sees("/destinations?page=2")
    assert page.count("popovertarget") == ROWS + 1, "the rows, and the menu of phones"
    assert len(page.encode()) < 0.9 * PAGE_BYTES, "calls and states make a row heavier"


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_rest_of_a_row_opens_beside_its_button_by_keyboard(tmp_path: Path, scripts: bool) -> None:
    with (
        RedisServer() as redis, Running(redis.url, tmp_path) as house, a_window(house, scripts=scripts) as window,
    ):  # fmt: skip
        page = window.open("/destinations")
        for width, height in ((1280, 900), (390, 800), (320, 640)):
            page.set_viewport_size({"width": width, "height": height})
            for name in ("After hours", "VIP host"):
                more = page.get_by_role("button", name=f"More for {name}")
                more.press("Enter")
                opened = page.locator(".acts:popover-open")
                expect(opened).to_contain_text(name)
                expect(opened.get_by_role("link", name="Duplicate")).to_be_in_viewport(ratio=1)
                expect(opened.get_by_role("button", name="Delete")).to_be_in_viewport(ratio=1)
                near, menu = more.bounding_box(), opened.bounding_box()
                assert near is not None
                assert menu is not None
                assert min(abs(menu["y"] - near["y"] - near["height"]), abs(near["y"] - menu["y"] - menu["height"])) < 9
                page.keyboard.press("Escape")
                expect(opened).to_have_count(0)
        more.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Duplicate")).to_be_focused()
        page.get_by_role("button", name="Disable").press("Enter")
        expect(page.get_by_text("Disabled VIP host")).to_be_visible()
        assert window.complaints == []
