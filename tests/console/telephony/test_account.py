"""The Twilio account, as used without JavaScript."""

from __future__ import annotations

import pytest

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.telephony.conftest import TYPED_TOKEN
from tests.console.telephony.helpers import needs_of
from tests.console.telephony_house import CONNECTED, UNDOABLE
from tests.messaging.rest_stand_in import ACCOUNT_SID, API_KEY_SECRET, API_KEY_SID, TwilioAccount
from webapp.people.roles import Role


@pytest.fixture
def own_twilio(twilio: TwilioAccount) -> TwilioAccount:
    twilio.accepted = {(ACCOUNT_SID, TYPED_TOKEN), (API_KEY_SID, API_KEY_SECRET)}
    return twilio


def test_an_account_is_typed_once_checked_used_and_removed(unconnected: Application, own_twilio: TwilioAccount) -> None:
    admin = person(unconnected, Role.ADMIN)
    typed = {"account_sid": ACCOUNT_SID, "_auth_token": TYPED_TOKEN}
    assert admin.posts("/settings/twilio", typed).status_code == 302
    page = admin.sees("/numbers")
    assert "a full account" in page
    assert "555-0100" in page
    about = admin.sees("/settings/twilio")
    assert TYPED_TOKEN not in about
    assert "kept encrypted" in about
    assert unconnected.services.account_sid() == ACCOUNT_SID
    stored = needs_of(unconnected).live.deployment.to_document()
    assert TYPED_TOKEN not in str(stored)
    admin.posts("/settings/twilio/remove", {}, page="/settings/twilio")
    assert "No Twilio account is connected" in admin.sees("/numbers")
    assert unconnected.services.account_sid() is None


def test_a_token_that_twilio_refuses_is_not_kept_and_the_page_says_where_the_right_one_is(
    unconnected: Application, own_twilio: TwilioAccount
) -> None:
    admin = person(unconnected, Role.ADMIN)
    wrong = "f" * 32
    answer = admin.posts("/settings/twilio", {"account_sid": ACCOUNT_SID, "_auth_token": wrong})
    assert answer.status_code == 422
    assert "(20003)" in answer.text
    assert "API keys &amp; tokens" in answer.text
    assert f'value="{ACCOUNT_SID}"' in answer.text
    assert wrong not in answer.text
    assert needs_of(unconnected).live.deployment.twilio is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"account_sid": "", "_auth_token": TYPED_TOKEN}, "The Account SID is missing."),
        ({"account_sid": "AC123", "_auth_token": TYPED_TOKEN}, "begins with AC and has 34 signs"),
        ({"account_sid": ACCOUNT_SID}, "there is no API key either"),
        ({"account_sid": ACCOUNT_SID, "_auth_token": "short"}, "The Auth Token has 32 signs"),
        ({"account_sid": ACCOUNT_SID, "_auth_token": TYPED_TOKEN, "api_key_sid": API_KEY_SID}, "type both or neither"),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field_before_twilio_is_asked(
    unconnected: Application, twilio: TwilioAccount, typed: dict[str, str], said: str
) -> None:
    answer = person(unconnected, Role.ADMIN).posts("/settings/twilio", typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert twilio.asked == []


def test_an_api_key_alone_connects_and_says_that_calls_need_the_token(
    unconnected: Application, own_twilio: TwilioAccount
) -> None:
    admin = person(unconnected, Role.ADMIN)
    typed = {"account_sid": ACCOUNT_SID, "api_key_sid": API_KEY_SID, "_api_key_secret": API_KEY_SECRET}
    assert admin.posts("/settings/twilio", typed).status_code == 302
    assert "Twilio accepts the API key" in admin.sees("/settings/twilio")
    assert "Until it is entered as well, calls are refused" in admin.sees("/settings/twilio")


def test_the_page_says_that_the_environment_wins(admin: Person) -> None:
    page = admin.sees("/settings/twilio")
    assert "which wins" in page
    assert 'name="_auth_token"' not in page
    assert "They work." in admin.sees("/settings/twilio") or checked(admin)


def checked(admin: Person) -> bool:
    admin.posts("/settings/twilio/check", {}, page="/settings/twilio")
    return "They work. Twilio accepts them" in admin.sees("/settings/twilio")


@pytest.mark.parametrize("path", ["/settings/twilio", "/settings/twilio/remove", f"/numbers/{CONNECTED}/environment"])
def test_only_an_admin_changes_the_account_and_the_numbers(house: Application, path: str) -> None:
    operator = person(house, Role.OPERATOR)
    assert operator.posts(path, {"environment": "sandbox"}, page="/settings").status_code == 403


def test_a_change_without_a_token_of_the_page_is_refused(admin: Person, twilio: TwilioAccount) -> None:
    answer = admin.client.post(f"/numbers/{UNDOABLE}/connect", data={}, base_url="https://handoff.example.com")
    assert answer.status_code == 403
    assert twilio.counted["update_number"] == 0
