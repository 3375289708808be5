"""Facts that meet: what one part of the account hides or has begun decides what is said about another."""

from datetime import timedelta

import pytest

from tests.messaging.a2p.reading import verdicts_of
from tests.messaging.a2p.test_number import JOINED, blocked, event, number, state
from tests.messaging.rest_stand_in import NOW, TwilioAccount, always, campaign, problem
from webapp.messaging.a2p.assess import account_warnings
from webapp.messaging.a2p.facts import Delivery, Registered
from webapp.messaging.a2p.verdict import verdict
from webapp.messaging.a2p.verdicts import Who
from webapp.twilio_rest.answers import Brand, FieldError

OURS = "+14155550100"
FORBIDDEN = (403, problem(20403, 403, "Forbidden"))


def without_brands(twilio):
    twilio.weather = [always(*FORBIDDEN, on="brands")]
    return verdicts_of(twilio)[0][OURS]


def test_brands_that_twilio_does_not_show_are_not_said_to_be_missing_for_a_service_without_a_campaign():
    twilio = TwilioAccount()
    twilio.add_brand()
    twilio.add_number(OURS, service=twilio.add_service("Care"))
    found = without_brands(twilio)
    assert (found.readiness.value, found.state, found.may_send) == ("BLOCKED", "NO_CAMPAIGN", False)
    assert "no brand" not in found.reason
    assert "did not show" in found.reason
    assert "Register a brand" not in found.next_step


def test_brands_that_twilio_does_not_show_are_not_said_to_be_missing_for_a_number_in_no_service():
    twilio = TwilioAccount()
    twilio.add_brand()
    twilio.add_number(OURS)
    found = without_brands(twilio)
    assert found.state == "NOT_IN_SERVICE"
    assert "Register a brand" not in found.next_step


def test_a_number_in_no_service_waits_for_a_campaign_in_review_instead_of_paying_for_another():
    twilio = TwilioAccount()
    twilio.add_service("Care", campaign("IN_PROGRESS", brand=twilio.add_brand()))
    twilio.add_number(OURS)
    found = verdicts_of(twilio)[0][OURS]
    assert "Care" in found.next_step
    assert "register a campaign" not in " ".join([found.next_step, *(step.next_step for step in found.steps)]).lower()


def test_a_campaign_that_was_registered_elsewhere_needs_no_brand_that_twilio_does_not_show():
    twilio = TwilioAccount()
    outside = campaign(brand="", is_externally_registered=True)
    twilio.add_number(OURS, service=twilio.add_service("Care", outside), joined=JOINED)
    found = without_brands(twilio)
    assert (found.state, found.may_send) == ("OK_LIKELY", True)
    assert {step.readiness.value for step in found.steps} == {"READY", "LIKELY READY"}


def test_a_number_that_a_sole_proprietors_campaign_left_out_is_not_told_to_wait():
    left_out = number(use_case="SOLE_PROPRIETOR", pool=3, registration=event(Registered.UNREGISTERED))
    found = verdict(left_out, NOW)
    assert (found.readiness.value, found.state, found.who) == ("BLOCKED", "NUMBER_UNREGISTERED", Who.YOU)
    assert "Wait" not in found.next_step
    assert "pool" in found.next_step


@pytest.mark.parametrize("code", ["30033", "30034", "30035"])
def test_a_refusal_from_before_the_number_joined_its_pool_is_about_another_campaign(code):
    refused = blocked(code, ago=timedelta(hours=3), cools=timedelta(days=1))
    assert state(delivery=refused, joined=NOW - timedelta(hours=1)) == ("LIKELY READY", "OK_LIKELY")
    assert state(delivery=refused, joined=NOW - timedelta(hours=4))[0] != "LIKELY READY"


def test_an_approved_campaign_of_a_suspended_brand_is_shown_with_the_brands_word_and_errors():
    out = Brand("BN1", "SUSPENDED", "VERIFIED", False, (FieldError("30795", "Abuse", ()),), None)
    found = verdict(number(brands=(out,)), NOW)
    assert (found.state, found.twilio_value) == ("CAMPAIGN_SUSPENDED", "SUSPENDED")
    assert [error.code for error in found.rejected_fields] == ["30795"]


def test_a_pool_of_toll_free_numbers_alone_is_not_called_empty():
    twilio = TwilioAccount()
    service = twilio.add_service("Idle", campaign(brand=twilio.add_brand()))
    twilio.add_number("+18005550117", service=service)
    (warning,) = account_warnings(verdicts_of(twilio)[1])
    assert "Idle" in warning
    assert "empty" not in warning


def test_a_registration_whose_end_was_never_told_does_not_hold_texts_back_for_ever():
    found = verdict(number(registration=event(Registered.PENDING, ago=timedelta(days=15))), NOW)
    assert (found.readiness.value, found.state, found.may_send, found.who) == (
        "WAITING", "NUMBER_PENDING", True, Who.SUPPORT,
    )  # fmt: skip
    assert "text" in found.next_step


def test_a_text_that_arrived_since_proves_a_registration_whose_end_was_never_told():
    pending = event(Registered.PENDING, ago=timedelta(days=15))
    assert state(registration=pending, delivery=Delivery(NOW - timedelta(days=1))) == ("READY", "OK")
    assert state(registration=pending, delivery=Delivery(NOW - timedelta(days=16)))[1] == "NUMBER_PENDING"


@pytest.mark.parametrize(
    "facts",
    [
        {"registration": event(Registered.PENDING)},
        {"registration": event(Registered.LEAVING, ago=timedelta(days=15))},
        {"registration": event(Registered.PENDING, ago=timedelta(days=15)), "delivery": blocked("30035")},
    ],
)
def test_what_is_known_to_run_or_to_be_refused_holds_texts_back(facts):
    found = verdict(number(**facts), NOW)
    assert (found.state, found.may_send) == ("NUMBER_PENDING", False)
