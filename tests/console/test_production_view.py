"""Production as a page to be read: what callers get now, on the pages where the sandbox is edited."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.document import DOCUMENT
from tests.console.doors import Doors
from webapp.console.needs import Needs
from webapp.people.roles import Role

VIEWS = (
    "/destinations", "/destinations/front-desk", "/rules", "/rules/vip", "/rules/map", "/hours", "/hours/support-hours",
    "/settings/calls",
)  # fmt: skip
AS_JSON = (
    "/destinations.json", "/destinations/front-desk.json", "/rules.json", "/rules/vip.json", "/hours.json",
    "/hours/support-hours.json", "/settings/calls.json",
)  # fmt: skip
HERE_ALONE = {"/sign-out"}


@pytest.fixture(autouse=True)
def edited(needs: Needs) -> None:
    """In the sandbox every part differs from production, which somebody called Sam promoted."""
    document = copy.deepcopy(DOCUMENT)
    needs.versions.save(document | {"name": "Grand Hotel"}, expected=1, author="kim@example.com")
    needs.versions.promote(2, expected_production=1, author="sam@example.com", tests=False)
    changed: dict[str, Any] = document | {"name": "Grand Hotel", "variables": {}, "policy": {"max_steps": 3}}
    changed["destinations"][1] |= {"name": "Other desk", "route": "+14155550177"}
    changed["rules"][0] |= {"name": "Other rule", "destination": "front-desk"}
    changed["hours"][0] |= {"name": "Other hours"}
    changed["rules"][1]["when"] = changed["rules"][2]["when"] = {"variable": "intent", "is": "billing"}
    changed["destinations"].append({"id": "bar", "name": "Bar", "method": "INVITE", "route": "+14155550178"})
    changed["rules"].append(
        {"id": "bar", "name": "Bar", "when": {"variable": "intent", "is": "bar"}, "destination": "bar"}
    )
    changed["tests"] = []
    needs.versions.save(changed, expected=2, author="kim@example.com")


@pytest.mark.parametrize("path", VIEWS)
def test_production_is_shown_as_callers_get_it_now(admin: Person, path: str) -> None:
    page = admin.sees(f"{path}?version=production")
    assert "Other " not in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("path", AS_JSON)
def test_the_json_of_a_view_of_production_is_productions(admin: Person, path: str) -> None:
    assert admin.get(f"{path}?version=production").get_json() != admin.get(path).get_json()


@pytest.mark.parametrize("path", VIEWS)
def test_the_bar_says_production_its_version_since_when_by_whom_and_that_it_can_only_be_read(
    admin: Person, path: str
) -> None:
    bar = admin.sees(f"{path}?version=production").partition("</header>")[0]
    assert "Production</span>" in bar
    assert "v2" in bar
    assert "· since <time" in bar
    assert "sam@example.com" in bar
    assert "read only" in bar


@pytest.mark.parametrize("path", VIEWS)
def test_a_view_of_production_leads_back_to_the_same_page_of_the_sandbox_and_that_one_to_it(
    admin: Person, path: str
) -> None:
    assert ("GET", path) in Doors(admin.sees(f"{path}?version=production")).found
    assert ("GET", f"{path}?version=production") in Doors(admin.sees(path)).found


@pytest.mark.parametrize("path", VIEWS)
def test_a_view_of_production_offers_no_change(admin: Person, path: str) -> None:
    offered = {address for method, address in Doors(admin.sees(f"{path}?version=production")).found if method == "POST"}
    assert offered <= HERE_ALONE


@pytest.mark.parametrize("path", VIEWS)
def test_the_lines_from_code_of_a_view_of_production_name_production(admin: Person, path: str) -> None:
    code = admin.sees(f"{path}?version=production").partition("Do this from code")[2]
    assert "--version production" in code
    assert "?version=production&#39;" in code or "?version=production'" in code
    assert '.json?version=production">This page as JSON' in code


def test_who_reads_production_stays_there_from_page_to_page(admin: Person) -> None:
    found = Doors(admin.sees("/rules?version=production")).found
    assert ("GET", "/destinations/front-desk?version=production") in found
    assert ("GET", "/hours?version=production") in found


def test_what_is_in_the_sandbox_alone_leads_to_the_list_of_production(admin: Person) -> None:
    assert ("GET", "/destinations?version=production") in Doors(admin.sees("/destinations/bar")).found
    assert "There is no destination bar in production." in admin.sees("/destinations/bar?version=production", 404)


def test_what_one_environment_does_not_have_is_looked_for_in_the_other(admin: Person, needs: Needs) -> None:
    missing = admin.sees("/destinations/bar?version=production", 404)
    assert re.search(r'href="/destinations/bar">Look in the sandbox</a>', missing)
    document = copy.deepcopy(needs.versions.get("sandbox").document)
    without = {**document, "rules": [rule for rule in document["rules"] if rule["id"] != "vip"]}
    needs.versions.save(without, expected=3, author="kim@example.com")
    gone = admin.sees("/rules/vip", 404)
    assert re.search(r'href="/rules/vip\?version=production">Look in production</a>', gone)


def test_the_list_of_production_says_what_differs_in_the_sandbox(admin: Person) -> None:
    assert admin.sees("/destinations?version=production").count("Changed in the sandbox") == 1


def test_a_filter_of_the_list_of_production_stays_in_production(admin: Person) -> None:
    assert '<input type="hidden" name="version" value="production">' in admin.sees("/destinations?version=production")


def test_a_test_from_a_view_of_production_is_played_on_production(admin: Person) -> None:
    found = Doors(admin.sees("/destinations/front-desk?version=production")).found
    assert ("GET", "/test?destination=front-desk&version=production") in found


def test_a_form_that_is_sent_from_a_view_of_production_never_is_about_production(admin: Person, needs: Needs) -> None:
    admin.posts("/hours/support-hours/switch?version=production", {"_version": "3"}, page="/hours")
    assert needs.versions.get("sandbox").number == 4
    assert needs.versions.get("production").number == 2


def test_the_overview_leads_to_the_place_that_it_names(admin: Person) -> None:
    assert ("GET", "/destinations/after-hours?version=production") in Doors(admin.sees("/")).found or (
        "GET", "/destinations/front-desk?version=production"
    ) in Doors(admin.sees("/")).found  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/calls"])
def test_the_bar_of_a_page_about_production_says_since_when_and_by_whom(admin: Person, path: str) -> None:
    bar = admin.sees(path).partition("</header>")[0]
    assert "· since <time" in bar
    assert "sam@example.com" in bar
    assert "read only" not in bar


def test_a_viewer_reads_production_too(house: Application) -> None:
    assert "Other desk" not in person(house, Role.VIEWER).sees("/destinations/front-desk?version=production")


def test_a_version_that_is_no_environment_is_the_sandbox(admin: Person) -> None:
    assert "Other desk" in admin.sees("/destinations?version=nonsense")


def test_a_form_that_comes_back_offers_no_way_to_nowhere(admin: Person) -> None:
    page = admin.posts("/destinations/front-desk", {"_order": "add:fallback"}).text
    assert 'href=""' not in page
