"""The numbers page beside its list: the last call of each number, the check of our own address, the test callers."""

from __future__ import annotations

import re

import responses
from requests import PreparedRequest

from tests.application import BASE_URL, Application
from tests.console.conftest import Person
from tests.console.telephony.conftest import NOW
from tests.console.telephony.helpers import needs_of, row_of
from tests.console.telephony_house import CONNECTED, ELSEWHERE
from webapp.calls.log import CallLog
from webapp.console.masking import masked


def passed_on(house: Application, request: PreparedRequest) -> tuple[int, dict[str, str], str]:
    """What the public address answers when our own application stands behind it."""
    target = str(request.url).removeprefix(BASE_URL)
    answer = house.app.test_client().post(
        target, data=request.body, base_url=BASE_URL, headers=list(request.headers.items())
    )
    return answer.status_code, {}, answer.text


def checked(house: Application, admin: Person, *, answers: int | None = None) -> str:
    """The page after “Check now”, with our own application at the public address, or something that `answers` so."""
    with responses.RequestsMock() as mock:
        mock.add_callback(
            responses.POST,
            re.compile(re.escape(f"{BASE_URL}/voice/status")),
            callback=lambda request: passed_on(house, request) if answers is None else (answers, {}, ""),
        )
        admin.posts("/numbers/check", {}, page="/settings")
    return admin.sees("/numbers")


def test_check_now_sends_a_signed_request_to_our_own_address(house: Application, admin: Person) -> None:
    assert "A signed request got through" in checked(house, admin)


def test_check_now_says_when_something_else_answers_there(house: Application, admin: Person) -> None:
    assert "A forged request is answered with 200" in checked(house, admin, answers=200)


def test_check_now_says_when_a_proxy_changes_the_address(house: Application, admin: Person) -> None:
    assert "Our own app refuses a correctly signed request" in checked(house, admin, answers=403)


def rang(house: Application, e164: str, call_sid: str, at_ms: int) -> None:
    facts = {"version": "1-00000000", "decision": {"variables": {"called_number": e164}}}
    CallLog(house.services.voice_store, 30).open(call_sid, facts, {"environment": "production"}, [], at_ms)


def test_each_number_shows_its_last_call(house: Application, admin: Person) -> None:
    earlier, last, other = ("CA" + digit * 32 for digit in "123")
    now = int(NOW.timestamp() * 1000)
    rang(house, CONNECTED, earlier, now - 7_200_000)
    rang(house, CONNECTED, last, now - 3_600_000)
    rang(house, "+14155550199", other, now)
    house.services.voice_store.flush()
    row = row_of(admin.sees("/numbers"), CONNECTED)
    assert re.findall(r"/calls/(CA\d+)", row) == [last]


def test_a_number_that_nobody_called_shows_no_call(house: Application, admin: Person) -> None:
    rang(house, CONNECTED, "CA" + "1" * 32, int(NOW.timestamp() * 1000))
    house.services.voice_store.flush()
    assert "/calls/" not in row_of(admin.sees("/numbers"), ELSEWHERE)


def test_the_test_callers_stand_on_the_page_of_the_numbers(house: Application, admin: Person) -> None:
    testers = {"test_callers": ["+12125550111"]}
    needs_of(house).configurations.deployments.save(testers, expected=None, author="sam@example.com")
    page = admin.sees("/numbers")
    assert (masked("+12125550111") in page, "+12125550111" in page) == (True, False)
