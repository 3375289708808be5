"""The list of versions: how many calls each one handled, and what was counted."""

from __future__ import annotations

import re

import pytest

from tests.application import Application
from tests.console.conftest import Person
from tests.console.test_roll_back import produce
from webapp.calls.log import CallLog
from webapp.calls.reading import CallReader
from webapp.console.needs import Needs

CALLS = re.compile(r'<strong>v(\d+)</strong>.*?data-label="Calls">(.*?)</td>', re.DOTALL)


@pytest.fixture(autouse=True)
def two_versions(house: Application, needs: Needs) -> None:
    house.at = None
    produce(needs, 2)
    for number, environment, version in (
        (1, "production", "1-00000000"), (2, "production", "2-00000000"), (3, "production", "2-00000000"),
        (4, "sandbox", "2-00000000"), (5, "production", ""),
    ):  # fmt: skip
        store(house, number, environment, version)


def store(house: Application, number: int, environment: str, version: str) -> None:
    summary = {"environment": environment, "version": version}
    at = int(house.services.clock().timestamp() * 1000) + number
    CallLog(house.services.voice_store, 30).open(f"CA{number:032x}", {}, summary, [], at)
    assert house.services.voice_store.flush(10)


def counted(page: str) -> dict[str, str]:
    return {number: re.sub(r"<span.*?</span>|<.*?>", "", cell) or "0" for number, cell in CALLS.findall(page)}


def test_each_version_says_how_many_production_calls_it_handled(admin: Person) -> None:
    assert counted(admin.sees("/versions")) == {"2": "2", "1": "1"}


def test_the_number_of_calls_leads_to_these_calls(admin: Person) -> None:
    link = re.search(r'data-label="Calls"><a href="([^"]+)">2<', admin.sees("/versions"))
    assert link is not None
    assert set(re.findall(r"/calls/CA0*(\d+)\"", admin.sees(link[1]))) == {"2", "3"}


def test_the_list_says_of_which_days_all_calls_are_counted(admin: Person) -> None:
    assert "of the 30 days that the call log keeps" in admin.sees("/versions")


def test_of_more_calls_than_are_looked_at_the_newest_are_counted_and_the_rest_is_not_promised(needs: Needs) -> None:
    newest = CallReader(needs.configurations.store.client).handled(most=4)
    assert (dict(newest.calls), newest.is_whole) == ({2: 2}, False)
