"""Twilio's events: at least once, in any order, in odd spellings, and none of it moves a state backwards."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.messaging.a2p.reading import gathered
from tests.messaging.rest_stand_in import ACCOUNT_SID, NOW, TwilioAccount, campaign, sid
from webapp.messaging.a2p.events import read_events
from webapp.messaging.a2p.facts import Registered
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.inbound import Inbound, MalformedWebhookError
from webapp.messaging.sightings import Sightings
from webapp.worker.outbox import Outbox

PN = sid("PN", 1)
PREFIX = "com.twilio.messaging.compliance."


def event(kind, status=None, *, minutes=0, identity=None, account=ACCOUNT_SID, **data):
    told = {"accountsid": account, "phonenumbersid": PN, "updateddate": _millis(minutes)} | data
    if status:
        told["externalstatus"] = status
    return {
        "specversion": "1.0", "type": f"{PREFIX}{kind}", "id": identity or f"EZ{kind}{minutes}", "data": told,
        "time": "2026-11-20T18:00:00.000Z", "source": "/v1/x", "datacontenttype": "application/json",
    }  # fmt: skip


def _millis(minutes):
    return int((NOW + timedelta(minutes=minutes)).timestamp() * 1000)


STORY = [
    event("number-registration.pending", "pending_registration", minutes=1),
    event("number-registration.failed", "failure", minutes=2, failureReason="https://www.twilio.com/docs/errors/30126"),
    event("number-registration.successful", "registered", minutes=3),
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whatever_the_order_and_however_often_the_last_word_counts(redis, order):
    inbound = Inbound(redis, ACCOUNT_SID)
    inbound.events([STORY[index] for index in order], NOW)
    inbound.events(STORY[::-1], NOW)
    assert RegistrationMemory(redis, ACCOUNT_SID).registrations()[PN].state is Registered.REGISTERED


def test_an_event_that_comes_twice_counts_once(redis):
    inbound = Inbound(redis, ACCOUNT_SID)
    assert inbound.events(STORY, NOW) == 3
    assert inbound.events(STORY, NOW) == 0


def test_a_failure_keeps_its_code_in_both_spellings():
    (failed,) = read_events([STORY[1]])
    assert (failed.registration.state, failed.registration.reason) == (Registered.FAILED, "30126")


def test_a_state_that_twilio_invents_tomorrow_is_kept_raw():
    (odd,) = read_events([event("number-registration.successful", "teleported")])
    assert (odd.registration.state, odd.registration.raw) == (Registered.OTHER, "teleported")


def test_a_missing_state_is_taken_from_the_type_and_leaving_is_told_apart():
    (left,) = read_events([event("number-deregistration.successful")])
    assert left.registration.state is Registered.UNREGISTERED


def test_a_failure_to_take_a_number_off_its_campaign_is_told_apart_from_a_failed_registration():
    (stuck,) = read_events([event("number-deregistration.failed", "failure")])
    assert (stuck.registration.state, stuck.registration.raw) == (Registered.STUCK, "failure")


def test_events_of_another_account_have_no_effect(redis):
    inbound = Inbound(redis, ACCOUNT_SID)
    assert inbound.events([event("number-registration.failed", "failure", account=sid("AC", 9))], NOW) == 0
    assert RegistrationMemory(redis, ACCOUNT_SID).registrations() == {}


def test_news_of_campaign_or_brand_asks_twilio_again_once_for_a_burst(redis):
    inbound = Inbound(redis, ACCOUNT_SID)
    inbound.events([event("campaign-registration.campaign-approved", identity=f"E{n}") for n in range(10)], NOW)
    assert Outbox(redis).waiting() == 1


def test_a_logged_error_is_counted_on_its_call(redis):
    logged = {
        "id": "EZ1", "type": "com.twilio.error-logs.error.logged",
        "data": {"account_sid": ACCOUNT_SID, "error_code": 13801, "resource_sid": sid("CA", 7)},
    }  # fmt: skip
    Inbound(redis, ACCOUNT_SID).events([logged], NOW)
    assert Sightings(redis).of("13801").on == (sid("CA", 7),)


def test_a_debugger_alert_is_counted_and_garbage_in_it_is_refused(redis):
    inbound = Inbound(redis, ACCOUNT_SID)
    payload = '{"resource_sid": "' + sid("CA", 7) + '", "error_code": "11200"}'
    for _ in range(3):
        inbound.alert({"Sid": "NO1", "Level": "Error", "Payload": payload}, NOW)
    assert Sightings(redis).of("11200").count == 1
    with pytest.raises(MalformedWebhookError):
        inbound.alert({"Payload": "{"}, NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "data", "time", "updateddate", "errorcode"]), inner, max_size=5
        )
    ),
)


@given(JSON)
def test_no_body_at_all_is_a_crash(document):
    assert list(read_events(document)) is not None


def test_an_alert_without_a_code_is_no_sighting_of_a_code(redis):
    for payload in ('{"error_code": null}', '{"error_code": ["11200"]}', "{}", "[]"):
        Inbound(redis, ACCOUNT_SID).alert({"Sid": "NO1", "Payload": payload}, NOW)
    assert Sightings(redis).all() == {}


@pytest.mark.parametrize(
    ("in_pool", "kind", "asked"),
    [
        (False, "number-registration.pending", 1), (False, "number-registration.successful", 1),
        (True, "number-registration.successful", 0), (True, "number-deregistration.successful", 1),
        (False, "number-deregistration.successful", 0),
    ],
)  # fmt: skip
def test_an_event_that_the_picture_of_the_pools_does_not_explain_asks_twilio_again(redis, in_pool, kind, asked):
    twilio = TwilioAccount()
    service = twilio.add_service("Care", campaign(brand=twilio.add_brand()))
    assert twilio.add_number("+14155550100", service=service if in_pool else "") == PN
    RegistrationMemory(redis, ACCOUNT_SID).keep_snapshot(gathered(twilio, NOW))
    Inbound(redis, ACCOUNT_SID).events([event(kind)], NOW)
    assert Outbox(redis).waiting() == asked


@pytest.mark.parametrize("told", ["The carrier refused +14155550100.", "PN0000012345 failed"])
def test_the_digits_of_a_number_in_a_reason_are_no_code(told):
    (failed,) = read_events([event("number-registration.failed", "failure", failurereason=told)])
    assert failed.registration.reason == ""
