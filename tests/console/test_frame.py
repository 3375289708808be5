"""The frame of every page: search, help, navigation on error pages, and names in templates that must exist."""

from __future__ import annotations

import re

import pytest
from jinja2 import UndefinedError

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.test_pages import PAGES
from webapp.console.filters import whole
from webapp.console.needs import Needs
from webapp.people.roles import Role


@pytest.mark.parametrize("path", PAGES)
def test_the_help_that_a_page_leads_to_exists(admin: Person, path: str) -> None:
    for link in set(re.findall(r'href="(/help/[^"]+)"', admin.sees(path))):
        assert admin.get(link).status_code == 200, link


@pytest.mark.parametrize(
    ("text", "kind", "url"),
    [
        ("front", "Destination", "/destinations/front-desk"),
        ("(415) 555-0102", "Destination", "/destinations/after-hours"),
        ("billing@pbx", "Destination", "/destinations/billing-support"),
        ("vip guests", "Rule", "/rules/vip"),
        ("support h", "Hours", "/hours/support-hours"),
        ("5550199", "Number", "/numbers/+14155550199"),
        ("campaign", "Error code", "/errors/"),
    ],
)
def test_the_search_finds_everything_that_has_a_page(
    admin: Person, needs: Needs, text: str, kind: str, url: str
) -> None:
    numbers = {"numbers": {"+14155550199": {"environment": "production"}}}
    needs.configurations.deployments.save(numbers, expected=None, author="sam@example.com")
    found = admin.get(f"/search.json?q={text}").get_json()
    assert any(one["kind"] == kind and one["url"].startswith(url) for one in found), found


@pytest.mark.parametrize(("text", "url"), [("CA" + "0" * 32, "/calls/CA" + "0" * 32), ("13801", "/errors/13801")])
def test_a_call_sid_and_an_error_code_lead_straight_to_their_page(admin: Person, text: str, url: str) -> None:
    assert admin.get(f"/search?q={text}").location == url


def test_a_search_for_nothing_that_is_there_says_what_is_searched(admin: Person) -> None:
    assert "calls by their whole SID" in admin.sees("/search?q=zzzz")


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/destinations/none", 404)])
def test_an_error_page_keeps_the_navigation(admin: Person, path: str, status: int) -> None:
    assert 'href="/destinations"' in admin.sees(path, status)


def test_a_refused_page_keeps_the_navigation(house: Application) -> None:
    assert 'href="/destinations"' in person(house, Role.VIEWER).sees("/settings/people", 403)


def test_an_error_page_tells_a_stranger_nothing_of_the_configuration(house: Application) -> None:
    text = Person(house.app.test_client()).sees("/nowhere", 404)
    assert "Sandbox" not in text


def test_a_name_that_nobody_gives_to_a_template_is_an_error(house: Application) -> None:
    with house.app.test_request_context("/"), pytest.raises(UndefinedError):
        house.app.jinja_env.from_string("{{ nobody.gave_this }}").render()


def test_a_phone_number_never_breaks_inside() -> None:
    text = whole("Rings <b> +1 415-555-0100, then +1 415-•••-••03.")
    assert text == (
        'Rings &lt;b&gt; <span class="nowrap">+1 415-555-0100</span>, then <span class="nowrap">+1 415-•••-••03</span>.'
    )


def test_the_bar_counts_the_things_that_the_changes_page_lists(admin: Person, needs: Needs) -> None:
    document = needs.versions.get(1).document
    first, *others = document["destinations"]
    changed = {**first, "utterance": "One moment.", "reason": "billing"}
    needs.versions.save({**document, "destinations": [changed, *others]}, expected=1, author="test")
    assert "1 change not in production" in admin.sees("/destinations")


def test_new_hours_are_drawn_before_they_have_a_name(admin: Person) -> None:
    page = admin.sees("/hours/new")
    assert "cannot be read" not in page
    assert '<svg class="pic' in page


def test_a_thing_is_switched_off_in_one_way_and_a_save_leaves_it_as_it_is(admin: Person, needs: Needs) -> None:
    admin.posts("/destinations/vip-host/switch", {}, page="/destinations/vip-host")
    page = admin.sees("/destinations/vip-host")
    assert 'type="checkbox" name="enabled"' not in page
    assert '<input type="hidden" name="enabled" value="">' in page


def bar_of(page: str) -> str:
    return page.partition('<header class="bar ')[2].partition("</header>")[0]


SHARED = (
    "/numbers/fallback", "/sms", "/errors", "/errors/13801", "/doctor", "/settings/twilio", "/settings/people",
    "/settings/audit", "/developers/tokens", "/developers/api", "/developers/api/post_promotions",
    "/developers/webhooks", "/help", "/help/rules",
)  # fmt: skip
OF_THE_SANDBOX = ("/destinations", "/test", "/settings", "/settings/calls", "/developers")
"""What these save is a new version: the last one brings in a whole document."""


@pytest.mark.parametrize("path", SHARED)
def test_a_page_that_no_version_holds_stands_under_neither_environment(admin: Person, path: str) -> None:
    page = admin.sees(path)
    assert bar_of(page).startswith("plain")
    assert "Sandbox and production" in bar_of(page)
    assert " \u00b7 Sandbox" not in page.partition("</title>")[0]


@pytest.mark.parametrize("path", OF_THE_SANDBOX)
def test_a_page_that_saves_a_version_stands_under_the_sandbox(admin: Person, path: str) -> None:
    assert bar_of(admin.sees(path)).startswith("sandbox")
