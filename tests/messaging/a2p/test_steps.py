"""The four steps of a registration: which one is done, which one waits, and what each needs next."""

import pytest

from tests.messaging.a2p.reading import verdicts_of
from tests.messaging.full_account import EXPECTED, full_account
from tests.messaging.rest_stand_in import TwilioAccount, always, campaign, problem

OURS = "+14155550100"
NAMES = ["Customer profile", "Brand", "Campaign", "Number in the messaging service"]


def steps_of(twilio, sender=OURS):
    found, _ = verdicts_of(twilio)
    return {step.name: step for step in found[sender].steps}


def readiness(steps):
    return [steps[name].readiness.value for name in NAMES]


def account(profile=None, brand=None, campaigns=(), **about_brand):
    """One number in one service."""
    twilio = TwilioAccount()
    if profile:
        twilio.add_profile(profile)
    if brand:
        twilio.add_brand(brand, **about_brand)
    twilio.add_number(OURS, service=twilio.add_service("Care", *campaigns))
    return twilio


@pytest.mark.parametrize(
    ("twilio", "expected"),
    [
        (account(), ["BLOCKED", "BLOCKED", "BLOCKED", "WAITING"]),
        (account("draft"), ["BLOCKED", "BLOCKED", "BLOCKED", "WAITING"]),
        (account("in-review"), ["WAITING", "BLOCKED", "BLOCKED", "WAITING"]),
        (account("twilio-rejected"), ["BLOCKED", "BLOCKED", "BLOCKED", "WAITING"]),
        (account("astonished"), ["UNKNOWN", "BLOCKED", "BLOCKED", "WAITING"]),
        (account("twilio-approved", "IN_REVIEW"), ["READY", "WAITING", "WAITING", "WAITING"]),
        (account("twilio-approved", "FAILED"), ["READY", "BLOCKED", "BLOCKED", "WAITING"]),
        (account(brand="APPROVED"), ["READY", "READY", "BLOCKED", "WAITING"]),
        (account(brand="APPROVED", campaigns=[campaign("IN_PROGRESS")]), ["READY", "READY", "WAITING", "WAITING"]),
        (account(brand="APPROVED", campaigns=[campaign("FAILED")]), ["READY", "READY", "BLOCKED", "WAITING"]),
        (account(brand="APPROVED", campaigns=[campaign()]), ["READY", "READY", "READY", "LIKELY READY"]),
        (account("twilio-approved", "ASTONISHED", [campaign()]), ["READY", "UNKNOWN", "READY", "WAITING"]),
    ],
)
def test_each_step_has_its_own_state(twilio, expected):
    assert readiness(steps_of(twilio)) == expected


@pytest.mark.parametrize("status", ["draft", "pending-review", "twilio-rejected", "astonished"])
def test_a_profile_is_shown_in_twilios_own_word_too(status):
    assert steps_of(account(status))["Customer profile"].twilio_value == status


def test_a_brand_is_shown_with_its_identity_in_twilios_own_words():
    assert steps_of(account(brand="APPROVED"))["Brand"].twilio_value == "APPROVED, VERIFIED"


def test_a_step_says_since_when_it_waits():
    assert steps_of(account("in-review"))["Customer profile"].since is not None


def test_a_step_that_needs_somebody_leads_to_its_place_at_twilio():
    for twilio in (account(), account("draft"), account(brand="APPROVED", campaigns=[campaign("FAILED")])):
        for step in steps_of(twilio).values():
            assert step.readiness.value != "BLOCKED" or (step.next_step and step.link.startswith("https://"))


def test_an_identity_that_is_not_confirmed_is_the_next_step_of_the_brand():
    brand = steps_of(account(brand="APPROVED", identity_status="UNVERIFIED"))["Brand"]
    assert "YES" in brand.next_step


def test_a_profile_that_twilio_does_not_show_is_not_said_to_be_missing():
    twilio = account("twilio-approved")
    twilio.weather = [always(403, problem(20403, 403, "Forbidden"), on="profiles")]
    assert steps_of(twilio)["Customer profile"].readiness.value == "UNKNOWN"


def test_profiles_are_asked_for_only_while_no_brand_is_approved():
    twilio = full_account()
    verdicts_of(twilio)
    assert twilio.counted["profiles"] == 0


def test_only_long_codes_that_can_text_have_steps():
    found, _ = verdicts_of(full_account())
    without = {"NO_SMS", "NOT_US", "SHORT_CODE"}
    for sender, (_, state) in EXPECTED.items():
        assert bool(found[sender].steps) == (state not in without and not state.startswith("TOLL_FREE"))
