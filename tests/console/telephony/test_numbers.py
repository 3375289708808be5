"""Numbers, as used without JavaScript."""

from __future__ import annotations

import pytest

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.telephony.helpers import needs_of, row_of, seen_on
from tests.console.telephony_house import CONNECTED, ELSEWHERE, UNDOABLE
from tests.messaging.rest_stand_in import TwilioAccount, always, problem
from webapp.people.roles import Role


@pytest.mark.parametrize(
    ("e164", "said"),
    [
        (CONNECTED, "Connected"),
        (ELSEWHERE, "Calls go to studio.example.com."),
        ("+14155550103", "A TwiML App handles the calls and silently wins"),
        ("+14155550104", "A SIP trunk takes the calls and silently wins"),
        ("+14155550105", "There is no fallback URL"),
        ("+14155550106", "No voice URL is set"),
    ],
)
def test_the_list_says_where_the_calls_of_each_number_go(admin: Person, e164: str, said: str) -> None:
    assert said in row_of(admin.sees("/numbers"), e164)


def test_the_list_shows_no_secret_of_somebody_elses_address(admin: Person) -> None:
    assert "hunter2" not in admin.sees("/numbers")


def test_a_viewer_sees_the_change_without_the_query_and_cannot_make_it(house: Application) -> None:
    viewer = person(house, Role.VIEWER)
    page = viewer.sees(f"/numbers/{ELSEWHERE}")
    assert "https://studio.example.com/flow?" in page
    assert "hunter2" not in page
    assert "Connecting needs the role admin" in page
    assert viewer.posts(f"/numbers/{ELSEWHERE}/connect", {}, page="/settings").status_code == 403


def test_a_number_is_connected_with_before_and_after_and_given_back(
    house: Application, admin: Person, twilio: TwilioAccount
) -> None:
    page = f"/numbers/{UNDOABLE}"
    before = admin.sees(page)
    assert "https://old.example.com/voice" in before
    assert "https://handoff.example.com/voice/call#" in before
    assert admin.posts(f"{page}/connect", {"_seen": seen_on(admin, page)}, page=page).status_code == 302
    number = next(one for one in twilio.numbers if one["phone_number"] == UNDOABLE)
    assert number["voice_url"].startswith("https://handoff.example.com/voice/call#")
    after = admin.sees(page)
    assert "is connected: its calls come here now" in after
    assert "Give it back" in after
    assert admin.posts(f"{page}/disconnect", {"_seen": seen_on(admin, page)}, page=page).status_code == 302
    assert (number["voice_url"], number["voice_method"]) == ("https://old.example.com/voice", "GET")
    audited = "".join(line.decode() for line in needs_of(house).configurations.store.audit_lines(-2, -1))
    assert "number connected" in audited
    assert "number disconnected" in audited


def test_what_changed_at_twilio_meanwhile_is_shown_again_and_not_overwritten(
    admin: Person, twilio: TwilioAccount
) -> None:
    page = f"/numbers/{UNDOABLE}"
    seen = seen_on(admin, page)
    number = next(one for one in twilio.numbers if one["phone_number"] == UNDOABLE)
    number["voice_url"] = "https://somebody-else.example.com/voice"
    answer = admin.posts(f"{page}/connect", {"_seen": seen}, page=page)
    assert answer.status_code == 409
    assert "somebody-else.example.com" in answer.text
    assert twilio.counted["update_number"] == 0


def test_a_fallback_elsewhere_is_taken_and_a_wrong_one_is_said_at_its_field(
    admin: Person, twilio: TwilioAccount
) -> None:
    page = f"/numbers/{UNDOABLE}"
    wrong = admin.posts(
        f"{page}/connect", {"_seen": seen_on(admin, page), "fallback_url": "http://plain.example.com"}, page=page
    )
    assert wrong.status_code == 422
    assert "http://plain.example.com is not https" in wrong.text
    assert "http://plain.example.com" in wrong.text
    bin_url = "https://handler.twilio.com/twiml/EH2"
    admin.posts(f"{page}/connect", {"_seen": seen_on(admin, page), "fallback_url": bin_url}, page=page)
    assert next(one for one in twilio.numbers if one["phone_number"] == UNDOABLE)["voice_fallback_url"] == bin_url


def test_the_environment_of_a_number_counts_at_once(house: Application, admin: Person) -> None:
    page = f"/numbers/{CONNECTED}"
    assert admin.posts(f"{page}/environment", {"environment": "sandbox"}, page=page).status_code == 302
    assert needs_of(house).live.deployment.environment_of(CONNECTED, "") == "sandbox"
    assert "Sandbox" in row_of(admin.sees("/numbers"), CONNECTED)


def test_a_number_of_nobody_is_a_404_and_a_refusal_of_twilio_is_a_sentence(
    admin: Person, twilio: TwilioAccount
) -> None:
    assert "has no number +19995550100" in admin.sees("/numbers/+19995550100", 404)
    twilio.weather = [always(401, problem(20003, 401, "Authenticate"))]
    for path in ("/numbers", f"/numbers/{CONNECTED}"):
        page = admin.sees(path)
        assert "(20003)" in page
        assert "API keys &amp; tokens" in page


def test_the_list_stays_with_its_age_while_twilio_is_down(admin: Person, twilio: TwilioAccount) -> None:
    admin.posts("/sms/refresh", {}, page="/sms")
    twilio.weather = [always(401, problem(20003, 401, "Authenticate"))]
    page = admin.sees("/numbers")
    assert "What you see was read" in page
    assert "555-0106" in page


def test_numbers_are_found_by_digits_name_and_state(admin: Person) -> None:
    assert "555-0102" in admin.sees("/numbers?q=0102")
    assert "555-0102" in admin.sees("/numbers?q=spa")
    assert "555-0100" not in admin.sees("/numbers?state=points_elsewhere").partition("<tbody>")[2]


def test_the_fallback_document_is_made_to_be_pasted(admin: Person) -> None:
    assert "&lt;Number&gt;+14155550190&lt;/Number&gt;" in admin.sees("/numbers/fallback?to=%2B14155550190")
    assert "neither an E.164 number nor a SIP URI" in admin.sees("/numbers/fallback?to=nobody")
