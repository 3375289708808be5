"""Test a call, with a real phone: which calls meet the sandbox, and the one that has just come in."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.application import Application
from tests.console.conftest import Person
from webapp.calls.log import CallLog
from webapp.console.needs import Needs

SID = "CA" + "7" * 32


def call_comes_in(house: Application, environment: str, *, minutes_ago: int = 1) -> None:
    at = house.services.clock() - timedelta(minutes=minutes_ago)
    summary = {"environment": environment, "version": "1-0"}
    CallLog(house.services.voice_store, 30).open(SID, {}, summary, [], int(at.timestamp() * 1000))
    assert house.services.voice_store.flush(10)


def set_up(needs: Needs) -> None:
    numbers = {"+14155550198": {"environment": "sandbox"}, "+14155550199": {"environment": "production"}}
    document = {"numbers": numbers, "test_callers": ["+14155550123"]}
    needs.configurations.deployments.save(document, expected=None, author="sam@example.com")


def card(admin: Person) -> str:
    return admin.sees("/test").partition("With a real phone")[2].partition("</section>")[0]


def test_the_page_says_which_calls_meet_the_sandbox(admin: Person, needs: Needs) -> None:
    set_up(needs)
    told = card(admin)
    assert "+1 415-555-0198" in told
    assert "+1 415-555-0199" not in told
    assert "1 test caller meets the sandbox on any number." in told


def test_with_nobody_to_meet_the_sandbox_the_page_says_that_a_real_call_meets_production(admin: Person) -> None:
    assert "a real call meets production" in card(admin)


def test_a_test_call_that_has_just_come_in_is_there_to_be_opened(
    house: Application, admin: Person, needs: Needs
) -> None:
    set_up(needs)
    assert "Waiting for your call" in card(admin)
    call_comes_in(house, "sandbox")
    assert f'href="/calls/{SID}"' in card(admin)


def test_an_open_page_asks_for_it_alone(house: Application, admin: Person, needs: Needs) -> None:
    set_up(needs)
    address = re.search(r'hx-get="(/test/[^"]+)" hx-trigger="every 5s', card(admin))
    assert address is not None
    call_comes_in(house, "sandbox")
    part = admin.sees(address[1])
    assert "A call came in 1 minute ago." in part
    assert "<html" not in part


def test_neither_a_call_to_production_nor_an_old_one_is_taken_for_it(
    house: Application, admin: Person, needs: Needs
) -> None:
    set_up(needs)
    call_comes_in(house, "production")
    assert "Waiting for your call" in card(admin)
    house.at = house.services.clock() + timedelta(hours=-1)
    call_comes_in(house, "sandbox", minutes_ago=11)
    assert "Waiting for your call" in card(admin)


def test_the_numbers_of_this_house_are_offered_as_the_number_that_is_dialled(admin: Person, needs: Needs) -> None:
    set_up(needs)
    assert '<option value="+14155550198">' in admin.sees("/test")
