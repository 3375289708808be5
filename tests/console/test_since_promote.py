"""After a promote: what became of the calls since then, with the way back at hand."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.doors import Doors
from tests.console.test_roll_back import produce
from webapp.calls.log import CallLog
from webapp.console.needs import Needs
from webapp.people.roles import Role

TILE = re.compile(r'<a class="tile" href="([^"]+)"><span class="hint">([^<]+)</span><b[^>]*>(\d+)</b>')


@pytest.fixture(autouse=True)
def promoted(house: Application, needs: Needs) -> None:
    """Version 2 is in production since a moment ago, by the real clock: an edit knows no other."""
    house.at = None
    store(house, 1, "front-desk", "hung_up", version="1-00000000")
    produce(needs, 2)


def store(house: Application, number: int, destination: str, ends: str, version: str = "", *, hours: int = 0) -> None:
    at = house.services.clock() + timedelta(seconds=1, hours=hours)
    met = version or str(house.services.live.environment("production").version)
    summary = {"environment": "production", "version": met, "destination:1": destination, "ends": ends}
    facts = {"over": "phone", "decision": {"variables": {}}}
    CallLog(house.services.voice_store, 30).open(f"CA{number:032x}", facts, summary, [], int(at.timestamp() * 1000))
    house.services.voice_store.flush()


def counted(page: str) -> dict[str, int]:
    return {text: int(count) for _, text, count in TILE.findall(page)}


def test_only_calls_with_the_promoted_version_since_then_are_counted_by_what_became_of_them(
    house: Application, admin: Person
) -> None:
    for number, ends in enumerate(("answered", "referred", "voicemail", "hung_up", ""), start=2):
        store(house, number, "front-desk", ends)
    store(house, 9, "front-desk", "hung_up", version="1-00000000")
    page = admin.sees("/versions")
    assert counted(page) == {
        "Calls since then": 5, "Reached somebody": 2, "Voicemail or message": 1, "Reached nobody": 1,
    }  # fmt: skip
    assert "1 still going on." in page


def test_each_destination_that_took_calls_is_named_and_leads_to_them(house: Application, admin: Person) -> None:
    for number in (2, 3):
        store(house, number, "front-desk", "answered")
    store(house, 4, "vip-host", "answered")
    page = admin.sees("/versions")
    assert re.search(r">Front desk</a> \(2\), <a [^>]+>VIP host</a> \(1\)\.", page)
    link = next(address for _, address in Doors(page).found if "destination=vip-host" in address)
    assert set(re.findall(r"/calls/CA0*(\d+)\"", admin.sees(link))) == {"4"}


def test_a_count_leads_to_the_calls_that_it_counts(house: Application, admin: Person) -> None:
    store(house, 2, "front-desk", "hung_up")
    store(house, 3, "front-desk", "answered")
    link = next(address for address, text, _ in TILE.findall(admin.sees("/versions")) if text == "Reached nobody")
    assert set(re.findall(r"/calls/CA0*(\d+)\"", admin.sees(link.replace("&amp;", "&")))) == {"2"}


def test_the_counts_say_by_whom_and_stand_beside_the_way_back(admin: Person) -> None:
    page = admin.sees("/versions")
    assert "v2 answers new calls" in page
    assert re.search(r"since <time [^>]+>[^<]+</time>, kim<", page)
    assert 'href="/versions/1/roll-back">Roll back to v1</a>' in page


def test_without_a_call_the_page_says_so(admin: Person) -> None:
    assert "No call has come in since then." in admin.sees("/versions")


def test_an_open_page_fetches_the_counts_alone(house: Application, admin: Person) -> None:
    address = re.search(r'hx-get="(/versions/[^"]+)" hx-trigger="every 5s', admin.sees("/versions"))
    assert address is not None
    store(house, 2, "front-desk", "answered")
    part = admin.sees(address[1])
    assert counted(part)["Calls since then"] == 1
    assert "<html" not in part


def test_a_day_later_nothing_is_counted_any_more(house: Application, admin: Person) -> None:
    house.at = house.services.clock() + timedelta(hours=25)
    assert person(house, Role.VIEWER).sees("/versions").count("answers new calls") == 0
    assert person(house, Role.VIEWER).get("/versions/since-promote").status_code == 204


def test_after_a_roll_back_the_version_that_was_left_is_not_offered_as_the_way_back(
    admin: Person, needs: Needs
) -> None:
    needs.versions.roll_back(1, author="kim")
    section = admin.sees("/versions").partition("v1 answers new calls")[2].partition("</section>")[0]
    assert section
    assert "Roll back" not in section


def test_who_may_not_roll_back_sees_the_counts_without_the_way(house: Application) -> None:
    section = (
        person(house, Role.VIEWER).sees("/versions").partition("v2 answers new calls")[2].partition("</section>")[0]
    )
    assert section
    assert "Roll back" not in section
