"""An empty list of calls says whether this installation is connected, when Twilio last asked, and what comes next."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.document import DOCUMENT
from tests.console.telephony.conftest import NOW
from tests.console.telephony.helpers import needs_of
from tests.messaging.rest_stand_in import TwilioAccount, always, problem
from tests.redis_server import RedisServer
from webapp.people.roles import Role
from webapp.webhook_log import WebhookLog, note_passed, note_refused


def lines(somebody: Person, path: str = "/calls") -> str:
    """The list, once Twilio has answered."""
    deadline = time.monotonic() + 10
    while "is being asked" in (page := somebody.sees(path)):
        assert time.monotonic() < deadline, "Twilio never answers"
    return page.partition("Is it connected?")[2].partition("</section>")[0]


def webhook_came(house: Application, refusal: str = "") -> None:
    """Through the log that wraps the app, which answers it with 200 or, when its gate refuses, with 403."""

    def app(environ, start_response):  # type: ignore[no-untyped-def]
        if refusal:
            note_refused(environ, ValueError(refusal))
        else:
            note_passed(environ, {"CallSid": "CA" + "1" * 32})
        start_response("403 Forbidden" if refusal else "200 OK", [])
        return [b""]

    wrapped = WebhookLog(app, house.services.voice_store, lambda: NOW - timedelta(minutes=4))
    wrapped({"PATH_INFO": "/voice/call", "REQUEST_METHOD": "POST"}, lambda *_: None)
    house.services.voice_store.flush()


def test_it_says_how_many_numbers_come_here(admin: Person, twilio: TwilioAccount) -> None:
    assert f"2 of {len(twilio.numbers)} numbers of the account come here." in lines(admin)


def test_with_no_number_here_each_one_says_where_its_calls_go(
    house: Application, admin: Person, twilio: TwilioAccount
) -> None:
    for number in twilio.numbers:
        number |= {"voice_url": "https://old.example.com/voice", "voice_application_sid": "", "trunk_sid": ""}
    told = lines(admin)
    assert told.count("Calls go to old.example.com.</span><a") == 3
    assert 'href="/numbers/+1' in told.replace("%2B", "+")


def test_without_an_account_it_says_so_and_leads_to_where_one_is_connected(unconnected: Application) -> None:
    told = lines(person(unconnected, Role.ADMIN))
    assert "No Twilio account is connected." in told
    assert 'href="/settings/twilio"' in told


@pytest.fixture
def local(redis_url: str, tmp_path: Path) -> Iterator[Application]:
    address = {"PUBLIC_BASE_URL": "http://127.0.0.1:8000", "APP_ENV": "development"}
    with Application(redis_url, tmp_path, DOCUMENT, **address) as application:
        yield application


def test_at_an_address_of_this_machine_alone_it_says_that_twilio_cannot_reach_it(local: Application) -> None:
    assert "Set PUBLIC_BASE_URL" in lines(person(local, Role.ADMIN))


def test_it_says_that_no_webhook_has_come_in(admin: Person) -> None:
    assert "No webhook has come in yet" in lines(admin)


def test_it_says_when_the_latest_webhook_came_and_how_it_was_answered(house: Application, admin: Person) -> None:
    webhook_came(house)
    assert "The latest webhook came in 4 minutes ago: POST /voice/call, answered with 200." in lines(admin)


def test_it_says_why_the_latest_webhook_was_refused(house: Application, admin: Person) -> None:
    webhook_came(house, "The signature is wrong.")
    assert "POST /voice/call, refused. The signature is wrong." in lines(admin)


def test_while_twilio_refuses_it_says_what_twilio_said(admin: Person, twilio: TwilioAccount) -> None:
    twilio.weather = [always(401, problem(20003, 401, "Authenticate"))]
    assert "(20003)" in lines(admin)


def test_of_test_calls_it_says_who_meets_the_sandbox(house: Application, admin: Person) -> None:
    path = "/calls?view=test"
    assert "No number and no caller is set to meet the sandbox." in lines(admin, path)
    needs_of(house).configurations.deployments.save(
        {"test_callers": ["+14155550123"]}, expected=None, author="sam@example.com"
    )
    assert "The sandbox is met by calls to 0 numbers and calls of 1 test caller." in lines(admin, path)


def test_a_list_that_a_filter_empties_says_nothing_of_it(admin: Person) -> None:
    assert "Is it connected?" not in admin.sees("/calls?ends=answered")


def test_with_the_store_away_the_list_does_not_wait_for_twilio(tmp_path: Path, twilio: TwilioAccount) -> None:
    with RedisServer() as redis, Application(redis.url, tmp_path, DOCUMENT) as house:
        admin = person(house, Role.ADMIN)
        redis.kill()
        assert "Is it connected?" not in admin.sees("/calls", 503)
        assert twilio.asked == []
