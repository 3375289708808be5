"""In a real Chromium, a house with many rules: what is said of a change stands where the person is, not pages above."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.console.browser import CHROMIUM, Running
from tests.console.document import DOCUMENT
from tests.console.windows import Window, a_window
from tests.redis_server import RedisServer

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
RULES = 90
"""More than two pages of the list."""


def many_rules() -> list[dict[str, Any]]:
    return [
        {
            "id": f"branch-{number}",
            "name": f"Calls of branch {number}",
            "when": {"variable": "intent", "is": f"branch_{number}"},
            "destination": "front-desk",
        }
        for number in range(RULES)
    ]  # fmt: skip


@pytest.fixture(scope="module", params=[True, False], ids=["with scripts", "without scripts"])
def many(request: pytest.FixtureRequest) -> Iterator[Window]:
    document = {**DOCUMENT, "rules": many_rules(), "tests": []}
    with (
        tempfile.TemporaryDirectory() as directory,
        RedisServer(appendonly="yes", appendfsync="always") as redis,
        Running(redis.url, Path(directory), document) as house,
        a_window(house, scripts=request.param) as window,
    ):
        yield window


def test_a_save_is_confirmed_at_the_rule_far_down_in_the_list(many: Window) -> None:
    page = many.open("/rules/branch-70")
    page.get_by_role("button", name="Save to sandbox").click()
    expect(page.locator("#rule-branch-70").get_by_role("status")).to_contain_text("Saved as v2 in the sandbox.")
    expect(page.get_by_text("Saved as v2 in the sandbox.")).to_be_in_viewport()
    expect(page.get_by_role("status")).to_have_count(1)


def test_a_move_far_down_in_the_list_is_confirmed_at_the_rule(many: Window) -> None:
    page = many.open("/rules?page=2")
    page.locator("#rule-branch-65").get_by_role("button", name="Move down").click()
    expect(page.get_by_text("Moved Calls of branch 65 to place 67.")).to_be_in_viewport()


def test_what_a_switch_of_all_calls_means_is_said_at_the_rule_too(many: Window) -> None:
    newest = many.house.needs.versions.get("sandbox").document["rules"]
    closure = {"id": "closure", "name": "Emergency closure", "destination": "after-hours", "enabled": False}
    many.house.save(rules=[*newest, closure])
    many.house.application.services.live.refresh()
    page = many.open("/rules/closure")
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("Switched Emergency closure on.")).to_be_in_viewport()
    expect(page.get_by_text("and not yet for callers")).to_be_in_viewport()


def test_a_long_word_in_a_name_pushes_nothing_out_of_sight(many: Window) -> None:
    word = "Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselbund"
    document = many.house.needs.versions.get("sandbox").document
    billing, *others = document["destinations"]
    hours = [document["hours"][0] | {"name": word}]
    condition = {"all": [{"hours": "support-hours", "is": "open"}, {"any": [{"variable": "intent", "is": word}]}]}
    rules = [document["rules"][0] | {"name": word, "when": condition}, *document["rules"][1:]]
    many.house.save(destinations=[billing | {"name": word, "description": word}, *others], rules=rules, hours=hours)
    saved = many.house.needs.versions.get("sandbox").number
    many.house.needs.versions.promote(saved, expected_production=1, author="kim", tests=False)
    many.house.application.services.live.refresh()
    many.house.call_comes_in(0)
    pages = ("/", "/destinations", "/destinations/billing-support", "/rules", "/rules/branch-0", "/hours",
             "/hours/support-hours", "/calls", "/calls?ends=answered&destination=billing-support", "/versions",
             *(many.house.call_pages()[0] + page for page in ("", "/replay")))  # fmt: skip
    for width in (1280, 320):
        many.page.set_viewport_size({"width": width, "height": 900})
        for path in pages:
            page = many.open(path)
            hidden = page.locator(".card.flush, html").evaluate_all(
                "found => found.filter(one => one.scrollWidth > one.clientWidth).map(one => one.scrollWidth)"
            )
            assert not hidden, f"{path} at {width} pixels"
    many.page.set_viewport_size({"width": 1280, "height": 900})


def test_a_destination_far_down_in_the_list_is_disabled_and_it_is_said_there(many: Window) -> None:
    document = many.house.needs.versions.get("sandbox").document
    desk = {"method": "INVITE", "route": "+14155550150", "fallback": []}
    more = [{**desk, "id": f"desk-{number}", "name": f"Desk {number:02}"} for number in range(50)]
    many.house.save(destinations=[*document["destinations"], *more])
    many.house.application.services.live.refresh()
    page = many.open("/destinations?page=2")
    page.get_by_role("button", name="More for Desk 45").click()
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_text("Disabled Desk 45.")).to_be_in_viewport()
    expect(page.get_by_role("button", name="More for Desk 45")).to_be_in_viewport()
