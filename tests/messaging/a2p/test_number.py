"""One number whose campaign is approved: what events and deliveries add, and that layers are never mixed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.messaging.rest_stand_in import NOW
from webapp.messaging.a2p.facts import Delivery, Registered, Registration
from webapp.messaging.a2p.senders import SenderKind, is_us_destination, kind_of
from webapp.messaging.a2p.verdict import verdict
from webapp.messaging.a2p.verdicts import NumberFacts, Readiness, Who
from webapp.twilio_rest.answers import Account, Brand, Campaign, PoolNumber, TollFreeVerification

JOINED = NOW - timedelta(days=40)
CAMPAIGN = Campaign("QE1", "MG1", "BN1", "VERIFIED", "CUSTOMER_CARE", False, False, (), None)


def brand(status="APPROVED", *, mock=False):
    return Brand("BN1", status, "VERIFIED", mock, (), None)


APPROVED = (brand(),)


def number(
    *, registration=None, delivery=None, use_case="CUSTOMER_CARE", pool=1, joined=JOINED, brands=APPROVED, **changes
):
    campaign = replace(CAMPAIGN, use_case=use_case, **changes)
    return NumberFacts(
        "+14155550100", SenderKind.LONG_CODE, account=Account("AC1", "active", "Full"), service_sid="MG1",
        pool_entry=PoolNumber("PN1", "MG1", "+14155550100", joined), campaigns=(campaign,),
        brands=brands, long_codes_in_pool=pool, registration=registration, delivery=delivery or Delivery(),
    )  # fmt: skip


def state(**facts):
    found = verdict(number(**facts), NOW)
    return found.readiness.value, found.state


def event(state, *, ago=timedelta(hours=2), reason=""):
    return Registration(state, NOW - ago, state.value, reason)


def blocked(code="30034", *, ago=timedelta(minutes=5), cools=timedelta(hours=1), delivered=None):
    return Delivery(delivered, NOW - ago, code, NOW - ago + cools)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (None, ("LIKELY READY", "OK_LIKELY")),
        (Registered.REGISTERED, ("READY", "OK")),
        (Registered.PENDING, ("WAITING", "NUMBER_PENDING")),
        (Registered.LEAVING, ("WAITING", "NUMBER_PENDING")),
        (Registered.FAILED, ("BLOCKED", "NUMBER_FAILED")),
        (Registered.UNREGISTERED, ("WAITING", "NUMBER_UNREGISTERED")),
        (Registered.OTHER, ("UNKNOWN", "NUMBER_UNKNOWN")),
        (Registered.STUCK, ("UNKNOWN", "NUMBER_STUCK")),
    ],
)
def test_the_last_event_decides_about_the_number(known, expected):
    assert state(registration=event(known) if known else None) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("FAILED", ("BLOCKED", "BRAND_NOT_APPROVED")), ("PENDING", ("WAITING", "BRAND_NOT_APPROVED")),
        ("IN_REVIEW", ("WAITING", "BRAND_NOT_APPROVED")), ("SUSPENDED", ("BLOCKED", "CAMPAIGN_SUSPENDED")),
        ("DELETION_PENDING", ("BLOCKED", "BRAND_NOT_APPROVED")), ("DELETION_FAILED", ("BLOCKED", "BRAND_NOT_APPROVED")),
        ("ASTONISHED", ("UNKNOWN", "BRAND_UNKNOWN")), ("", ("UNKNOWN", "BRAND_UNKNOWN")),
    ],
)  # fmt: skip
def test_an_approved_campaign_of_a_brand_that_is_not_approved_may_not_send(status, expected):
    found = verdict(number(registration=event(Registered.REGISTERED), brands=(brand(status),)), NOW)
    assert (found.readiness.value, found.state) == expected
    assert not found.may_send


@pytest.mark.parametrize("status", ["FAILED", "IN_REVIEW", "DELETION_PENDING", "ASTONISHED"])
def test_the_brands_own_word_is_shown_raw(status):
    assert verdict(number(brands=(brand(status),)), NOW).twilio_value == status


def test_a_campaign_whose_brand_is_not_in_the_list_may_not_send():
    found = verdict(number(brands=()), NOW)
    assert (found.readiness.value, found.state, found.may_send) == ("UNKNOWN", "BRAND_UNKNOWN", False)


def test_a_campaign_that_was_registered_elsewhere_has_its_brand_there_as_well():
    assert state(brands=(), is_externally_registered=True) == ("LIKELY READY", "OK_LIKELY")


def test_a_mock_brand_is_no_brand():
    assert state(brands=(brand(mock=True),)) == ("BLOCKED", "MOCK")


def test_two_weeks_of_waiting_are_enough_before_support_is_asked():
    waiting = verdict(number(registration=event(Registered.PENDING, ago=timedelta(days=15))), NOW)
    assert waiting.who is Who.SUPPORT
    assert state(registration=event(Registered.UNREGISTERED, ago=timedelta(days=15))) == (
        "BLOCKED", "NUMBER_UNREGISTERED",
    )  # fmt: skip


def test_a_delivery_in_the_us_after_joining_proves_the_registration():
    assert state(delivery=Delivery(NOW - timedelta(days=1))) == ("READY", "OK")
    assert state(delivery=Delivery(JOINED - timedelta(days=1))) == ("LIKELY READY", "OK_LIKELY")


def test_a_refused_text_makes_the_number_wait_until_it_cools_down():
    assert state(delivery=blocked("30034")) == ("WAITING", "NUMBER_PENDING")
    assert state(delivery=blocked("30033")) == ("BLOCKED", "CAMPAIGN_SUSPENDED")


@pytest.mark.parametrize("registered", [None, Registered.REGISTERED])
def test_after_the_pause_one_text_may_try_and_the_number_is_not_called_ready(registered):
    before = event(registered, ago=timedelta(days=3)) if registered else None
    found = verdict(number(registration=before, delivery=blocked("30034", ago=timedelta(hours=2))), NOW)
    assert (found.readiness.value, found.state, found.may_send) == ("WAITING", "REFUSED_BEFORE", True)


def test_a_delivery_after_a_refusal_makes_the_number_ready_again():
    met = blocked("30034", ago=timedelta(hours=2), delivered=NOW - timedelta(hours=1))
    assert state(delivery=met) == ("READY", "OK")


def test_a_registration_after_a_refusal_as_suspended_ends_the_pause():
    newer = event(Registered.REGISTERED, ago=timedelta(minutes=1))
    assert state(registration=newer, delivery=blocked("30033", cools=timedelta(days=1))) == ("READY", "OK")


def toll_free(*, updated, delivery):
    approved = TollFreeVerification("HH1", "PN1", "TWILIO_APPROVED", "", "", (), None, None, None, updated)
    facts = NumberFacts("+18005550100", SenderKind.TOLL_FREE, verification=approved, delivery=delivery)
    found = verdict(facts, NOW)
    return found.readiness.value, found.may_send


def test_a_toll_free_number_that_was_verified_after_its_refusal_may_text_at_once():
    refused = blocked("30032", ago=timedelta(hours=2), cools=timedelta(days=1))
    assert toll_free(updated=NOW - timedelta(hours=3), delivery=refused) == ("BLOCKED", False)
    assert toll_free(updated=NOW - timedelta(hours=1), delivery=refused) == ("READY", True)


def test_a_refused_toll_free_number_may_try_once_after_the_pause_and_is_not_called_ready():
    refused = blocked("30032", ago=timedelta(days=2), cools=timedelta(days=1))
    assert toll_free(updated=NOW - timedelta(days=9), delivery=refused) == ("WAITING", True)


@pytest.mark.parametrize("known", [Registered.REGISTERED, Registered.FAILED, Registered.PENDING, Registered.LEAVING])
def test_an_event_from_before_the_number_joined_its_pool_is_about_another_campaign(known):
    assert state(registration=event(known, ago=timedelta(days=300))) == ("LIKELY READY", "OK_LIKELY")


def test_a_deregistration_that_failed_is_not_a_registration_that_failed():
    found = verdict(number(registration=event(Registered.STUCK, reason="30126")), NOW)
    assert (found.readiness.value, found.who, found.may_send) == ("UNKNOWN", Who.SUPPORT, False)


def test_a_registration_event_after_the_refusal_ends_the_waiting():
    newer = event(Registered.REGISTERED, ago=timedelta(minutes=1))
    older = event(Registered.REGISTERED, ago=timedelta(days=1))
    assert state(registration=newer, delivery=blocked()) == ("READY", "OK")
    assert state(registration=older, delivery=blocked()) == ("WAITING", "NUMBER_PENDING")


def test_a_delivery_older_than_an_event_proves_nothing_against_it():
    gone = event(Registered.UNREGISTERED, ago=timedelta(hours=1))
    assert state(registration=gone, delivery=Delivery(NOW - timedelta(days=1)))[1] == "NUMBER_UNREGISTERED"


def test_a_sole_proprietor_campaign_carries_one_number_and_only_proof_says_which():
    crowded = {"use_case": "SOLE_PROPRIETOR", "pool": 3}
    assert state(**crowded) == ("UNKNOWN", "SOLE_PROP_AMBIGUOUS")
    ready = verdict(number(**crowded, registration=event(Registered.REGISTERED)), NOW)
    assert (ready.readiness, bool(ready.warnings)) == (Readiness.READY, True)
    second = verdict(number(**crowded, registration=event(Registered.FAILED, reason="30125")), NOW)
    assert (second.state, second.who, second.code) == ("NUMBER_FAILED", Who.YOU, "30125")
    assert state(use_case="SOLE_PROPRIETOR") == ("LIKELY READY", "OK_LIKELY")


def test_the_three_layers_stand_side_by_side():
    layers = verdict(number(registration=event(Registered.PENDING), delivery=blocked("30035")), NOW).layers
    assert "VERIFIED" in layers.configuration
    assert "running" in layers.registration
    assert "30035" in layers.delivery


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("+14155550100", SenderKind.LONG_CODE), ("+14165550100", SenderKind.LONG_CODE),
        ("+17875550100", SenderKind.LONG_CODE), ("+18885550100", SenderKind.TOLL_FREE),
        ("+18765550100", SenderKind.ELSEWHERE), ("+442079460100", SenderKind.ELSEWHERE),
        ("90210", SenderKind.SHORT_CODE), ("+19995550100", SenderKind.LONG_CODE),
    ],
)  # fmt: skip
def test_the_kind_of_a_sender_goes_by_numbering_plan_and_not_by_prefix(sender, kind):
    assert kind_of(sender) is kind


def test_the_territories_are_us_destinations_and_canada_is_not():
    assert is_us_destination("+17875550100")
    assert not is_us_destination("+14165550100")
    assert not is_us_destination("nobody")


WORDS = st.sampled_from(["", "VERIFIED", "FAILED", "PENDING", "IN_PROGRESS", "SUSPENDED", "EXPIRED"]) | st.text(
    max_size=12
)


@settings(max_examples=400)
@given(
    campaign=WORDS, brand=st.sampled_from(["APPROVED", "FAILED", "SUSPENDED", "IN_REVIEW"]) | st.text(max_size=8),
    brand_is_mock=st.booleans(), event=st.none() | st.sampled_from(list(Registered)), mock=st.booleans(),
    account=st.sampled_from(["active", "closed"]),
    toll_free=st.none() | st.sampled_from(["TWILIO_APPROVED", "PENDING_REVIEW"]) | st.text(max_size=10),
    kind=st.sampled_from([SenderKind.LONG_CODE, SenderKind.TOLL_FREE]),
)  # fmt: skip
def test_whatever_twilio_says_only_what_is_approved_may_send(
    *, campaign, brand, brand_is_mock, event, mock, account, toll_free, kind
):
    known = Campaign("QE1", "MG1", "BN1", campaign, "MIXED", mock, False, (), None)
    verification = None
    if toll_free is not None:
        verification = TollFreeVerification("HH1", "PN1", toll_free, "", "", (), None, None, None)
    found = verdict(
        replace(
            number(), kind=kind, campaigns=(known,), account=Account("AC1", account, "Full"), verification=verification,
            brands=(Brand("BN1", brand, "VERIFIED", brand_is_mock, (), None),),
            registration=Registration(event, NOW, event.value) if event else None,
        ),
        NOW,
    )  # fmt: skip
    approved = {
        SenderKind.LONG_CODE: campaign == "VERIFIED" and brand == "APPROVED" and not (mock or brand_is_mock),
        SenderKind.TOLL_FREE: toll_free == "TWILIO_APPROVED",
    }[kind]
    if found.may_send:
        assert approved
        assert account == "active"
    assert found.may_send == (found.readiness in {Readiness.READY, Readiness.LIKELY_READY})
