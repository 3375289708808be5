"""The whole account in any weather: an older picture stays, says how old it is, and makes no number ready."""

from datetime import timedelta

import pytest
import requests

from tests.messaging.a2p.reading import gathered, verdicts_of
from tests.messaging.full_account import EXPECTED, full_account
from tests.messaging.rest_stand_in import (
    NOW,
    TwilioAccount,
    always,
    campaign,
    problem,
)
from webapp.messaging.a2p.assess import assess

BAD = [
    (401, problem(20003, 401, "Authenticate")),
    (429, problem(20429, 429, "Too many")),
    (500, b"<html>"),
    (200, b"garbage"),
    (requests.ReadTimeout(),),
    (requests.ConnectionError(),),
]


@pytest.mark.parametrize("bad", BAD)
def test_when_twilio_is_down_the_older_picture_stays_and_says_how_old_it_is(bad):
    before, facts = verdicts_of(full_account())
    twilio = full_account()
    twilio.weather = [always(*bad)]
    after, kept = verdicts_of(twilio, previous=facts)
    assert {s: v.state for s, v in after.items()} == {s: v.state for s, v in before.items()}
    assert all("as of 2026-11-20 18:00" in v.warnings[-1] for v in after.values())
    assert all(missing.fix for missing in kept.unreadable)


@pytest.mark.parametrize("bad", BAD)
def test_when_twilio_was_never_read_nothing_may_be_sent_and_nothing_breaks(bad):
    twilio = full_account()
    twilio.weather = [always(*bad)]
    found, facts = verdicts_of(twilio)
    assert not [v for v in found.values() if v.may_send]
    assert facts.unreadable


def test_when_twilio_is_down_the_asking_stops_after_the_first_failure():
    twilio = full_account()
    twilio.weather = [always(requests.ReadTimeout())]
    _, facts = verdicts_of(full_account())
    verdicts_of(twilio, previous=facts)
    assert len(twilio.asked) == 3  # one operation with its three attempts


@pytest.mark.parametrize("status", [500, 429, 403])
def test_one_service_that_always_fails_hides_no_other(status):
    sick = next(iter(full_account().services))
    twilio = full_account()
    twilio.weather = [lambda _, url, __: (status, b"<html>") if sick in url else None]
    before, _ = verdicts_of(full_account())
    found, facts = verdicts_of(twilio)
    assert [missing.part for missing in facts.unreadable] == ["pools"]
    of_others = {sender for sender, verdict in before.items() if verdict.service_sid not in ("", sick)}
    assert {s: found[s].state for s in of_others} == {s: before[s].state for s in of_others}


def test_when_twilio_answers_with_nothing_but_faults_the_asking_stops_soon():
    twilio = full_account()
    twilio.weather = [always(503, b"")]
    verdicts_of(twilio)
    assert len(twilio.asked) == 9  # three operations with their three attempts


def test_a_number_of_a_new_service_whose_pool_never_was_read_is_not_said_to_be_in_no_service():
    _, older = verdicts_of(full_account())
    twilio = full_account()
    new = twilio.add_service("New", campaign())
    twilio.add_number("+14155550160", service=new)
    twilio.weather = [lambda _, url, __: (403, problem(20403, 403, "Forbidden")) if new in url else None]
    found, _ = verdicts_of(twilio, previous=older)
    assert found["+14155550160"].state == "UNREADABLE"


@pytest.mark.parametrize("part", ["numbers", "services", "pool", "campaigns", "brands", "verifications", "short_codes"])
def test_one_part_that_fails_hides_no_other_and_never_makes_a_number_ready(part):
    twilio = full_account()
    twilio.weather = [always(403, problem(20403, 403, "Forbidden"), on=part)]
    found, facts = verdicts_of(twilio)
    assert facts.unreadable
    ready = {sender for sender, (readiness, _) in EXPECTED.items() if readiness in {"READY", "LIKELY READY"}}
    assert {s for s, v in found.items() if v.readiness.value in {"READY", "LIKELY READY"}} <= ready
    if part != "numbers":
        assert set(found) >= {"+14155550100", "+18445550119"}


def test_failures_one_after_another_do_not_make_an_old_picture_younger():
    facts = gathered(full_account(), NOW)
    for hour in (1, 2, 3):
        down = full_account()
        down.weather = [always(503, b"")]
        facts = gathered(down, NOW + timedelta(hours=hour), previous=facts)
    assert {missing.kept_from for missing in facts.unreadable} == {NOW}


def test_the_age_of_a_picture_is_that_of_its_oldest_part():
    facts = gathered(full_account(), NOW)
    later = full_account()
    later.weather = [always(403, problem(20403, 403, "Forbidden"), on="brands")]
    facts = gathered(later, NOW + timedelta(hours=3), previous=facts)
    assert (facts.as_of, facts.asked_at) == (NOW, NOW + timedelta(hours=3))


def test_a_picture_of_which_nothing_was_read_has_no_age():
    down = full_account()
    down.weather = [always(requests.ReadTimeout())]
    assert gathered(down, NOW).as_of is None


def test_an_older_copy_is_used_for_a_week_and_no_longer():
    facts = gathered(full_account(), NOW)
    for days, numbers in ((6, len(EXPECTED) - 1), (8, 0)):
        down = full_account()
        down.weather = [always(503, b"")]
        facts = gathered(down, NOW + timedelta(days=days), previous=facts)
        assert len(facts.numbers) == numbers


def test_what_was_never_read_stays_unknown_however_often_it_fails():
    facts = None
    for hour in (1, 2, 3):
        twilio = full_account()
        twilio.weather = [always(403, problem(20403, 403, "Forbidden"), on="brands")]
        facts = gathered(twilio, NOW + timedelta(hours=hour), previous=facts)
    found = {verdict.sender: verdict for verdict in assess(facts, {}, {}, NOW)}
    assert found["+14155550113"].state == "UNREADABLE"
    assert not found["+14155550113"].may_send


def two_services():
    """The first holds a toll-free number and a campaign that only Twilio's hint tells of; the second our number."""
    twilio = TwilioAccount()
    brand = twilio.add_brand()
    first = twilio.add_service("First", campaign(brand=brand))
    second = twilio.add_service("Second", campaign(brand=brand))
    twilio.add_number("+18005550117", service=first)
    twilio.add_number("+14155550100", service=second)
    return twilio, first


@pytest.mark.parametrize("part", ["PhoneNumbers", "Usa2p"])
def test_a_service_that_was_never_read_takes_no_older_copy_from_another(part):
    twilio, first = two_services()
    twilio.weather = [lambda _, url, __: (503, b"") if first in url and part in url else None]
    facts = gathered(twilio, NOW)
    assert len(facts.unreadable) == 1
    down, _ = two_services()
    down.weather = [lambda _, url, __: (503, b"") if part in url else None]
    later = NOW + timedelta(minutes=15)
    facts = gathered(down, later, previous=facts)
    found = {verdict.sender: verdict for verdict in assess(facts, {}, {}, later)}
    assert found["+14155550100"].may_send
    assert {missing.kept_from for missing in facts.unreadable} == {None, NOW}


def test_campaigns_that_were_kept_with_their_pool_are_no_younger_than_they_are():
    _, facts = verdicts_of(full_account())
    for hour, on in ((1, "pool"), (2, "campaigns")):
        down = full_account()
        down.weather = [always(403, problem(20403, 403, "Forbidden"), on=on)]
        facts = gathered(down, NOW + timedelta(hours=hour), previous=facts)
    assert {missing.kept_from for missing in facts.unreadable} == {NOW}


def test_campaigns_that_were_not_looked_at_are_not_remembered_as_none():
    twilio = TwilioAccount()
    twilio.add_number("+18005550117", service=twilio.add_service("Care"))
    facts = gathered(twilio, NOW)
    twilio.add_number("+14155550100", service=next(iter(twilio.services)))
    twilio.weather = [always(503, b"", on="campaigns")]
    assert verdicts_of(twilio, previous=facts)[0]["+14155550100"].state == "UNREADABLE"
