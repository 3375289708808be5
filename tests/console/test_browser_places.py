"""In a real Chromium, with and without scripts: after a change the page and the focus are where the change was made."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.console.browser import CHROMIUM, Running
from tests.console.document import DOCUMENT
from tests.console.windows import Window, a_window
from tests.redis_server import RedisServer

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
MANY = 60


@pytest.fixture(scope="module", params=[True, False], ids=["with scripts", "without scripts"])
def many(request: pytest.FixtureRequest) -> Iterator[Window]:
    """Sets of hours and saved tests, more than a screen of each."""
    hours, test = DOCUMENT["hours"][0], DOCUMENT["tests"][0]
    sets = [hours, *({**hours, "id": f"hours-{number}", "name": f"Hours {number}"} for number in range(MANY))]
    tests = [{**test, "name": f"Test {number}"} for number in range(MANY)]
    with (
        tempfile.TemporaryDirectory() as directory,
        RedisServer(appendonly="yes", appendfsync="always") as redis,
        Running(redis.url, Path(directory), {**DOCUMENT, "hours": sets, "tests": tests}) as house,
        a_window(house, scripts=request.param) as window,
    ):
        yield window


def test_hours_far_down_in_the_list_are_closed_and_it_is_said_there(many: Window) -> None:
    page = many.open("/hours?page=3")
    page.locator("#hours-hours-40").get_by_role("button", name="Close now").click()
    expect(page.locator("#hours-hours-40").get_by_text("Closed Hours 40.")).to_be_in_viewport()
    expect(page.locator("#hours-hours-40").get_by_role("button", name="Reopen")).to_be_in_viewport()


def test_a_long_list_of_hours_has_pages(many: Window) -> None:
    page = many.open("/hours")
    expect(page.locator("main h2")).to_have_count(20)
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#hours-hours-19")).to_be_visible()


def test_hours_that_were_saved_are_in_sight(many: Window) -> None:
    page = many.open("/hours/hours-50")
    page.get_by_role("button", name="Save to sandbox").first.click()
    expect(page.locator("#hours-hours-50").get_by_text("Changed Hours 50.")).to_be_in_viewport()


def test_a_saved_test_that_was_deleted_leaves_the_page_where_it_was_with_a_way_back(many: Window) -> None:
    page = many.open("/test/saved?page=2")
    page.locator("#test-50").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Deleted the test \u201cTest 50\u201d.")).to_be_in_viewport()
    expect(page.locator("#test-50")).to_contain_text("Test 51")
    page.get_by_role("button", name="Undo the delete").click()
    names = [test.name for test in many.house.needs.live.environment("sandbox").compiled.configuration.tests]
    assert names[50] == "Test 50"


def test_a_call_that_was_saved_as_a_test_is_in_sight_at_the_end_of_the_list(many: Window) -> None:
    page = many.open("/test?run=1")
    page.get_by_label("Save as a test").fill("The newest one")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".on strong", has_text="The newest one")).to_be_in_viewport()
    expect(page.get_by_text("Added the test \u201cThe newest one\u201d")).to_be_in_viewport()


def test_the_name_of_a_test_stays_when_somebody_else_saved_meanwhile(many: Window) -> None:
    page = many.open("/test?run=1")
    page.get_by_label("Save as a test").fill("A name of my own")
    many.house.save(name="Renamed meanwhile")
    many.house.application.services.live.refresh()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("while this page was open")).to_be_visible()
    expect(page.get_by_label("Save as a test")).to_have_value("A name of my own")


def test_a_row_that_is_added_to_the_call_settings_is_where_the_page_goes_on(many: Window) -> None:
    page = many.open("/settings/calls")
    page.set_viewport_size({"width": 390, "height": 700})
    page.get_by_role("button", name="Add a variable").click()
    expect(page.locator("#f-variables-4-name")).to_be_in_viewport()
    expect(page.locator("#f-variables-4-name")).to_be_focused()
    page.get_by_role("button", name="Remove intent").click()
    expect(page.locator("#f-variables-1")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_step_is_moved_on_and_on_by_the_same_key(many: Window) -> None:
    page = many.open("/destinations/billing-support")
    for _ in range(2):
        page.get_by_role("button", name="Add a step").click()
    page.get_by_role("button", name="Move up step 4").focus()
    for place in (3, 2):
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=f"Move up step {place}")).to_be_focused()
        expect(page.get_by_text(f"Step {place}", exact=True)).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move down step 1")).to_be_focused()


def test_a_rule_is_moved_on_and_on_by_the_same_key(many: Window) -> None:
    page = many.open("/rules")
    page.get_by_role("button", name="Move up At night").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("to place 2.")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Move up At night")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("to place 1.")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Move down At night")).to_be_focused()


def test_a_condition_that_was_moved_is_in_sight_with_its_fields(many: Window) -> None:
    page = many.open("/rules/billing-in-hours")
    page.get_by_role("button", name="Move up condition 2").click()
    expect(page.locator("#f-when-items-0-hours")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Move down condition 1")).to_be_focused()


def test_a_refused_form_far_down_on_its_page_is_where_the_page_goes_on(many: Window) -> None:
    page = many.open("/settings")
    page.set_viewport_size({"width": 390, "height": 700})
    page.get_by_label("Test callers").fill("nobody")
    page.locator("#numbers").get_by_role("button", name="Save").click()
    expect(page.get_by_text("nobody is not a phone number.").first).to_be_in_viewport()
    page.get_by_label("Test callers").fill("+14155550123")
    page.locator("#numbers").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It counts for the next call.")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_difference_that_an_import_would_make_is_where_the_page_goes_on(many: Window) -> None:
    page = many.open("/developers")
    page.set_viewport_size({"width": 390, "height": 700})
    page.get_by_label("The document").fill(
        "schema: 1\nname: Other\ndefault_destination: a\n"
        "destinations: [{id: a, name: A, route: '+14155550100', method: INVITE}]"
    )
    page.get_by_role("button", name="Show the difference").click()
    expect(page.get_by_role("heading", name="removed")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})


def test_of_many_changes_one_that_is_put_back_leaves_the_page_where_it_was(many: Window) -> None:
    newest = many.house.needs.versions.get("sandbox")
    sets = [{**hours, "time_zone": "UTC"} for hours in newest.document["hours"]]
    many.house.save(hours=sets)
    many.house.application.services.live.refresh()
    page = many.open("/changes?page=2")
    item = page.locator("#change-20")
    name = item.locator("strong").first.inner_text()
    following = page.locator("#change-21 strong").first.inner_text()
    item.get_by_role("button", name="Revert this").click()
    expect(page.get_by_text(f"Put {name.removeprefix('Hours ')} back as in production.")).to_be_in_viewport()
    expect(item.locator("strong").first).to_have_text(following)


@pytest.mark.parametrize(
    ("path", "button", "field"),
    [
        ("/destinations/front-desk", "Add a step", "name"),
        ("/rules/vip", "Add a condition", "name"),
        ("/hours/support-hours", "Add an exception", "name"),
        ("/settings/calls", "Add a variable", "policy/max_steps"),
    ],
)
def test_a_save_that_is_refused_after_a_row_was_added_says_so_in_sight(
    many: Window, path: str, button: str, field: str
) -> None:
    """The address still named the row, so the page came back there, and the refusal stood a thousand pixels above."""
    page = many.open(path)
    page.get_by_role("button", name=button).first.click()
    page.locator(f"[name='{field}']").fill("")
    if field != "name":
        page.locator(f"[name='{field}']").fill("99")
    page.get_by_role("button", name="Save to sandbox").last.click()
    expect(page.locator("#answer")).to_be_in_viewport()
    expect(page.locator("#answer")).to_be_focused()


def test_the_question_which_side_of_the_hours_counts_is_in_sight(many: Window) -> None:
    page = many.open("/hours/hours-30")
    page.set_viewport_size({"width": 390, "height": 420})
    page.route("**/hours/form/changed*", lambda route: route.abort())
    page.get_by_label("Hours as text").fill("Mo-Sa 08:00-20:00; PH off")
    page.get_by_label("Saturday", exact=True).fill("10:00-12:00")
    page.get_by_role("button", name="Save to sandbox").last.click()
    expect(page.get_by_text("Which of the two counts? Nothing was saved.")).to_be_in_viewport()
    page.unroute("**/hours/form/changed*")
    page.set_viewport_size({"width": 1280, "height": 900})
