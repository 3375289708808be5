"""In a real Chromium, while somebody fills in a form: it follows what is chosen, and focus and typed words stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.console.browser import CHROMIUM
from tests.console.windows import Window, listening

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
IN_TIME_MS = 15_000
"""On a machine that is busy with other tests as well."""


@pytest.fixture
def somebody(window: Window) -> Iterator[Window]:
    """In a window of their own: a form that was typed in does not let its window go elsewhere."""
    page = window.page.context.new_page()
    yield listening(Window(page, window.house))
    page.close()


def test_a_step_shows_the_fields_of_its_kind_as_soon_as_that_is_chosen(somebody: Window) -> None:
    page = somebody.open("/destinations/front-desk")
    page.get_by_label("Name", exact=True).fill("Lobby")
    kind = page.locator("#f-fallback-0-kind")
    for chosen, field in (("say", "#f-fallback-0-say"), ("voicemail", "#f-fallback-0-greeting"),
                          ("destination", "#f-fallback-0-destination")):  # fmt: skip
        kind.focus()
        kind.select_option(chosen)
        expect(page.locator(field)).to_be_visible(timeout=IN_TIME_MS)
        assert page.evaluate("document.activeElement.id") == "f-fallback-0-kind"
    expect(page.locator("#f-fallback-0-greeting")).to_have_count(0)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Lobby")
    assert somebody.complaints == []


def test_of_many_choices_made_at_once_the_last_one_counts(somebody: Window) -> None:
    """As when somebody goes through a list with the arrow keys: each press is a choice."""
    page = somebody.open("/destinations/front-desk")
    kind = page.locator("#f-fallback-0-kind")
    for chosen in ("say", "hang_up", "destination", "voicemail"):
        kind.select_option(chosen)
    expect(page.locator("#f-fallback-0-greeting")).to_be_visible(timeout=IN_TIME_MS)
    expect(kind).to_have_value("voicemail")


def test_what_is_said_of_a_route_follows_what_is_typed(somebody: Window) -> None:
    page = somebody.open("/destinations/front-desk")
    how, route = page.locator("#how"), page.get_by_label("Route", exact=True)
    route.fill("(415) 555-0177")
    page.get_by_label("Ring for (seconds)").focus()
    expect(how.get_by_role("button", name="+1 415-555-0177")).to_be_visible(timeout=IN_TIME_MS)
    expect(page.get_by_label("Ring for (seconds)")).to_be_focused()
    page.get_by_label("Ring for (seconds)").fill("25")
    page.get_by_label("SIP BYE").check()
    expect(how).to_contain_text("No route: the call goes back", timeout=IN_TIME_MS)
    page.get_by_label("SIP INVITE").check()
    expect(route).to_have_value("(415) 555-0177", timeout=IN_TIME_MS)
    expect(page.get_by_label("Ring for (seconds)")).to_have_value("25")
    assert somebody.complaints == []


def test_a_rule_is_read_out_anew_while_its_conditions_are_chosen(somebody: Window) -> None:
    page = somebody.open("/rules/billing-in-hours")
    page.locator("#f-when-items-0-operator").select_option("is_missing")
    expect(page.locator("#words")).to_contain_text("If intent is not known and time is inside Support hours")
    expect(page.locator("#f-when-items-0-values")).to_have_count(0)
    page.locator("#f-when-items-1-is").select_option("closed")
    expect(page.locator("#words")).to_contain_text("time is outside Support hours")
    assert somebody.complaints == []


def test_the_call_settings_show_the_fields_of_the_chosen_way_to_meet_a_call(somebody: Window) -> None:
    page = somebody.open("/settings/calls")
    page.locator("#f-intake-kind").select_option("menu")
    expect(page.get_by_label("What the caller hears", exact=True)).to_be_visible()
    assert somebody.complaints == []


def test_mending_a_fault_the_focus_stays_where_somebody_types(somebody: Window) -> None:
    page = somebody.open("/destinations/front-desk")
    page.get_by_label("Route", exact=True).fill("911")
    page.get_by_role("button", name="Save to sandbox").first.click()
    expect(page.get_by_role("alert").filter(has_text="1 thing to fix.")).to_be_focused()
    page.get_by_label("Route", exact=True).fill("+14155550178")
    page.get_by_label("Ring for (seconds)").focus()
    expect(page.locator("#preview")).to_contain_text("+1 415-555-0178")
    expect(page.get_by_label("Ring for (seconds)")).to_be_focused()


def test_without_scripts_a_button_shows_the_fields(window: Window) -> None:
    assert window.page.context.browser is not None
    signed_in = window.page.context.storage_state()
    context = window.page.context.browser.new_context(java_script_enabled=False, storage_state=signed_in)
    page = context.new_page()
    page.goto(f"{window.house.url}/destinations/front-desk")
    page.locator("#f-fallback-0-kind").select_option("say")
    page.locator("#next").get_by_role("button", name="Show the fields for this choice").click()
    expect(page.locator("#f-fallback-0-say")).to_be_visible()
    context.close()


def test_what_a_form_far_down_in_settings_is_answered_is_in_sight(somebody: Window) -> None:
    page = somebody.open("/settings")
    form = page.locator("form:has(input[name=note_required])")
    form.get_by_role("button").click()
    expect(page.get_by_text("Saved. It counts for the next promote.")).to_be_in_viewport()
    page.get_by_text("Change the password").click()
    page.get_by_label("Present password").fill("not the present one")
    page.get_by_label("New password").fill("a few unrelated words")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_text("Your present password is not the one you typed.")).to_be_in_viewport()
