"""Brings a page into what stands before or after production moves: a promote, a roll back, the emergency closure."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, expect

from tests.console.browser import EMAIL, Running
from tests.console.reaching import change_destination, writes_refused
from tests.redis_server import wait_until

WHY = "The season begins, and the front desk moves to the new building"


def looked_over(page: Page, house: Running) -> None:
    """The changes, once what runs in the background is over."""
    page.goto(f"{house.url}/changes")
    wait_until(lambda: page.reload() and not page.get_by_role("link", name="Look again").count())


def confirm(page: Page) -> None:
    """A tick or a word, where one is asked for."""
    if page.locator("#understood").count():
        page.locator("#understood").check()
    elif page.locator("#confirm").count():
        page.locator("#confirm").fill("production")


def promote(page: Page, house: Running) -> None:
    looked_over(page, house)
    confirm(page)
    page.get_by_role("button", name=re.compile("^Promote v")).click()
    page.wait_for_load_state()


def many_move(page: Page, house: Running) -> None:
    """Without rules every call goes to the default: a promote of that is confirmed with a word."""
    house.save(rules=[], tests=[], note="Removed every rule")
    looked_over(page, house)
    page.locator("#confirm").wait_for()


def words_only(page: Page, house: Running) -> None:
    change_destination(house, 1, description="Everything that nobody else takes, day and night")
    looked_over(page, house)


def closure_switched(page: Page, house: Running) -> None:
    """The emergency closure was switched on, and nothing else is to be promoted."""
    production = house.needs.versions.get("production").document
    closure = {"id": "closure", "name": "Emergency closure", "destination": "after-hours", "enabled": False}
    house.save(**production | {"rules": [closure, *production.get("rules", ())], "note": "Added Emergency closure"})
    page.goto(f"{house.url}/rules/closure")
    page.get_by_role("button", name="Switch on").click()
    page.get_by_role("link", name="Promote now").wait_for()


def closure_among_others(page: Page, house: Running) -> None:
    """It is switched off again, with another change beside it."""
    house.needs.versions.promote(
        (newest := house.needs.versions.get("sandbox")).number,
        expected_production=house.needs.versions.get("production").number, author=EMAIL, tests=False,
    )  # fmt: skip
    house.save(name=f"{newest.document['name']} by the sea", note="Renamed the site")
    page.goto(f"{house.url}/rules/closure")
    page.get_by_role("button", name="Switch off").click()
    page.get_by_text("A promote would take other changes of the sandbox along.").wait_for()


def promote_refused(page: Page, house: Running) -> None:
    """Not made, because the store refuses it; what was typed stands there still."""
    looked_over(page, house)
    page.locator("#note").fill(WHY)
    confirm(page)
    with writes_refused(house):
        page.get_by_role("button", name=re.compile("^Promote v")).click()
        page.get_by_text("Not promoted.").wait_for()
    expect(page.locator("#note")).to_have_value(WHY)


def roll_back_refused(page: Page, house: Running) -> None:
    """The same of a roll back."""
    page.goto(f"{house.url}/versions/1/roll-back")
    page.locator("#note").fill(WHY)
    with writes_refused(house):
        page.get_by_role("button", name=re.compile("^Roll back to v")).click()
        page.get_by_text("Not rolled back.").wait_for()
    expect(page.locator("#note")).to_have_value(WHY)


def hours_exchanged(page: Page, house: Running) -> None:
    """One set of opening hours is removed, and what asked for it asks for an added one."""
    document = house.needs.versions.get("sandbox").document
    document = json.loads(json.dumps(document).replace("support-hours", "season-hours"))
    document["hours"][0] |= {"name": "Season hours", "weekly": {"mon-sun": ["08:00-22:00"]}}
    house.save(**document | {"note": "Season hours in place of Support hours"})
    looked_over(page, house)
