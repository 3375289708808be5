"""The whole account: the right verdict for every number, within the promised requests."""

import pytest

from tests.messaging.a2p.reading import client_of, verdicts_of
from tests.messaging.full_account import EXPECTED, full_account
from tests.messaging.rest_stand_in import (
    API_KEY_SECRET,
    API_KEY_SID,
    TwilioAccount,
    campaign,
)
from webapp.messaging.a2p.assess import account_warnings
from webapp.messaging.a2p.verdict import count
from webapp.messaging.a2p.verdicts import Readiness, Who


def test_every_number_of_a_full_account_gets_its_verdict():
    found, facts = verdicts_of(full_account())
    assert {sender: (v.readiness.value, v.state) for sender, v in found.items()} == EXPECTED
    assert facts.unreadable == ()


def test_every_verdict_says_why_and_what_to_do_next():
    found, _ = verdicts_of(full_account())
    for verdict in found.values():
        assert verdict.reason.endswith((".", ")"))
        assert verdict.next_step
        assert verdict.link.startswith("https://")
        assert verdict.layers.configuration
        assert (verdict.who is Who.NOBODY) == (verdict.readiness.value in {"READY", "LIKELY READY", "NOT NEEDED"})


def test_a_rejected_field_is_explained_and_twilios_own_word_is_kept():
    found, _ = verdicts_of(full_account())
    failed = found["+14155550103"]
    assert failed.twilio_value == "FAILED"
    assert failed.rejected_fields[0].fields == ("MESSAGE_FLOW",)
    assert "opt-in" in failed.rejected_fields[0].description
    assert "fee" in failed.next_step
    assert found["+14155550105"].twilio_value == "HIBERNATING"


def test_a_review_that_takes_too_long_sends_the_operator_to_support():
    found, _ = verdicts_of(full_account())
    assert found["+14155550101"].who is Who.TWILIO
    assert found["+14155550102"].who is Who.SUPPORT
    assert found["+14155550102"].since.isoformat() == "2026-09-01T10:00:00+00:00"


def test_a_number_in_no_service_is_told_which_service_would_do():
    found, _ = verdicts_of(full_account())
    assert "Care" in found["+14155550109"].next_step


def test_a_number_in_no_service_is_not_sent_to_one_that_is_full_or_whose_brand_is_out():
    found, _ = verdicts_of(full_account())
    step = found["+14155550109"].next_step
    assert not [name for name in ("Solo", "Brand out", "Brand rejected", "Brand strange", "Brand mock") if name in step]


def test_a_sole_proprietors_campaign_without_a_number_is_offered():
    twilio = TwilioAccount()
    twilio.add_service("Solo", campaign(us_app_to_person_usecase="SOLE_PROPRIETOR", brand=twilio.add_brand()))
    twilio.add_number("+14155550109")
    assert "Solo" in verdicts_of(twilio)[0]["+14155550109"].next_step


def test_a_number_in_no_service_is_told_what_the_brand_waits_for():
    twilio = TwilioAccount()
    twilio.add_brand("IN_REVIEW")
    twilio.add_number("+14155550109")
    assert "in manual review" in verdicts_of(twilio)[0]["+14155550109"].next_step


def test_where_the_only_brand_is_a_mock_the_verdict_says_so():
    twilio = TwilioAccount()
    twilio.add_brand(mock=True)
    twilio.add_number("+14155550106", service=twilio.add_service("Empty"))
    found = verdicts_of(twilio)[0]["+14155550106"]
    assert ("mock" in found.reason, found.twilio_value) == (True, "")


def test_only_ready_numbers_may_send():
    found, _ = verdicts_of(full_account())
    assert {v.sender for v in found.values() if v.may_send} == {
        "+14155550100", "+14165550114", "+442079460115", "+18765550116", "+18445550119", "90210",
    }  # fmt: skip


def test_the_counts_and_the_exit_code_say_whether_anything_needs_attention():
    found, _ = verdicts_of(full_account())
    counted = count(tuple(found.values()))
    assert counted.by_readiness[Readiness.READY] == 1
    assert counted.exit_code == 1


def test_the_account_is_read_within_six_requests_and_two_per_service():
    twilio = full_account()
    verdicts_of(twilio)
    assert len(twilio.asked) <= 6 + 2 * len(twilio.services)


@pytest.mark.parametrize("services", [0, 1, 3])
@pytest.mark.parametrize("brand", [None, "IN_REVIEW", "APPROVED"])
def test_the_bound_holds_with_the_customer_profiles_as_well(services, brand):
    twilio = TwilioAccount()
    twilio.add_profile("draft")
    if brand:
        twilio.add_brand(brand)
    for index in range(services):
        twilio.add_number(f"+1415555010{index}", service=twilio.add_service(f"S{index}", campaign()))
    twilio.add_number("+18005550117")
    verdicts_of(twilio)
    assert len(twilio.asked) <= 6 + 2 * services


def test_two_thousand_numbers_in_forty_services_stay_within_the_bound_and_one_further_page():
    twilio = TwilioAccount()
    brand = twilio.add_brand()
    services = [twilio.add_service(f"Service {index}", campaign(brand=brand)) for index in range(40)]
    area_codes = [212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234, 239, 240, 248, 251, 252, 253]
    for index in range(2000):
        twilio.add_number(f"+1{area_codes[index // 100]}55501{index % 100:02d}", service=services[index % 40])
    found, _ = verdicts_of(twilio)
    assert len(found) == 2000
    assert {v.readiness for v in found.values()} == {Readiness.LIKELY_READY}
    assert len(twilio.asked) <= 6 + 2 * 40 + 1


def test_a_standard_api_key_reads_everything_but_the_account():
    found, facts = verdicts_of(full_account(), client=client_of(API_KEY_SID, API_KEY_SECRET))
    assert facts.account is None
    assert facts.unreadable == ()
    assert found["+14155550100"].readiness is Readiness.LIKELY_READY


def test_a_standard_api_key_costs_no_request_more():
    twilio = full_account()
    verdicts_of(twilio, client=client_of(API_KEY_SID, API_KEY_SECRET))
    assert len(twilio.asked) <= 6 + 2 * len(twilio.services)


def test_an_api_key_that_was_revoked_does_not_forget_what_the_account_was():
    _, older = verdicts_of(full_account())
    _, facts = verdicts_of(full_account(), previous=older, client=client_of(API_KEY_SID, "revoked"))
    assert facts.account == older.account


def test_a_suspended_account_and_a_trial_block_every_number():
    twilio = full_account()
    twilio.status = "suspended"
    assert {v.state for v in verdicts_of(twilio)[0].values()} == {"ACCOUNT_SUSPENDED"}
    twilio.status, twilio.type = "active", "Trial"
    assert {v.state for v in verdicts_of(twilio)[0].values()} == {"TRIAL"}


def test_an_approved_campaign_without_numbers_is_warned_about():
    twilio = TwilioAccount()
    twilio.add_service("Idle", campaign(brand=twilio.add_brand()))
    _, facts = verdicts_of(twilio)
    assert "Idle" in account_warnings(facts)[0]
