"""Texts: every condition holds before one leaves, and it leaves once."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.messaging.rest_stand_in import ACCOUNT_SID, NOW, always, once, problem, sid
from tests.messaging.texting_desk import BODY, CALLER, OURS, Desk, call
from webapp.calls.sentences import sentence
from webapp.calls.timeline import read_event
from webapp.messaging.opt_out import Suppressions
from webapp.messaging.sms import TakenOn, Texts
from webapp.messaging.sms_conditions import Consent, Limits, Purpose, Refusal
from webapp.messaging.sms_log import TextLog
from webapp.store import keys
from webapp.worker.outbox import Outbox


def test_a_text_goes_to_the_caller_from_the_number_that_was_called_with_a_way_out(desk):
    assert isinstance(desk.take_on(), TakenOn)
    desk.work()
    (message,) = desk.twilio.messages
    assert (message["to"], message["from"]) == (CALLER, OURS)
    assert message["body"].endswith("Reply STOP to opt out.")
    assert message["status_callback"] == "https://handoff.example.com/sms/status"
    assert TextLog(desk.redis).of(message["sid"]).status == "queued"


@pytest.mark.parametrize(
    "body", ["Sorry! We are at the Main St bus stop.", "Stop by any time.", "Answer non-stop", "Send word, next stop."]
)
def test_a_stop_that_is_no_way_out_does_not_stand_in_for_one(desk, body):
    desk.take_on(body)
    desk.work()
    assert desk.twilio.messages[0]["body"] == f"{body} Reply STOP to opt out."


@pytest.mark.parametrize("body", ["Sorry. STOP ends it.", "Sorry, text us “stop” to end this.", "STOP = fin"])
def test_a_text_that_names_its_own_way_out_gets_no_second_one(desk, body):
    desk.take_on(body)
    desk.work()
    assert desk.twilio.messages[0]["body"] == body


def test_the_list_of_texts_ends_with_the_last_of_them(desk):
    desk.take_on()
    desk.work()
    assert 0 < desk.redis.ttl(keys.messages()) <= keys.MESSAGE_SECONDS


def test_one_call_gets_one_text_whatever_is_asked(desk):
    for _ in range(20):
        desk.take_on()
    desk.work(20)
    assert desk.take_on().reason == "already"
    assert len(desk.twilio.messages) == 1


def test_the_daily_caps_bound_what_one_recipient_and_everybody_gets(redis):
    desk = Desk(redis, Limits(per_recipient_and_day=2, per_day=3))
    same = [desk.take_on(index=index) for index in range(1, 6)]
    assert [type(answer) for answer in same] == [TakenOn, TakenOn, Refusal, Refusal, Refusal]
    others = [desk.take_on(index=index, caller=f"+141555501{index}") for index in range(31, 34)]
    assert [getattr(answer, "reason", "") for answer in others] == ["", "daily_cap", "daily_cap"]
    desk.work(20)
    assert len(desk.twilio.messages) == 3


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"caller": "anonymous"}, "anonymous_caller"),
        ({"caller": ""}, "anonymous_caller"),
        ({"caller": "+14155550101"}, "own_number"),
        ({"caller": "+18005550150"}, "toll_free_caller"),
        ({"caller": "+442079460150"}, "region"),
        ({"caller": "+18765550150"}, "region"),
        ({"verstat": "TN-Validation-Failed-C"}, "unverified_caller"),
        ({"over": "sip"}, "not_by_phone"),
        ({"at": NOW - timedelta(days=2)}, "old_call"),
        ({"called": "+14155550103"}, "sender_blocked"),
        ({"called": "+14155550101"}, "sender_waiting"),
        ({"called": "+14155550105"}, "sender_unknown"),
        ({"called": "+442079460115"}, "sender_abroad"),
        ({"called": "+14155550190"}, "sender_unknown"),
        ({"body": " "}, "empty_text"),
        ({"body": "x" * 400}, "long_text"),
        ({"body": "a\x00b"}, "control_characters"),
        ({"purpose": Purpose.DETAILS}, "no_consent"),
    ],
)
def test_each_condition_refuses_by_itself_and_says_what_to_do(desk, about, reason):
    refused = desk.take_on(**about)
    assert isinstance(refused, Refusal)
    assert refused.reason == reason
    assert refused.fix
    desk.work()
    assert desk.twilio.messages == []


def test_a_call_that_nobody_knows_gets_no_text(desk):
    assert desk.texts.take_on(None, BODY, Purpose.MISSED, NOW).reason == "unknown_call"


def test_details_go_out_after_consent_and_the_consent_is_kept(desk):
    consent = Consent("dtmf", "Press 1 to get the details by text.", NOW)
    assert isinstance(desk.take_on(purpose=Purpose.DETAILS, consent=consent), TakenOn)
    (kept,) = desk.redis.hvals("handoff:1:consents")
    assert CALLER in kept
    assert "Press 1" in kept


def test_with_nothing_known_about_the_registration_nothing_is_sent(redis):
    texts = Texts(redis, ACCOUNT_SID)
    assert texts.take_on(call(), BODY, Purpose.MISSED, NOW).reason == "sender_unknown"


def test_quiet_hours_of_the_recipient_hold_the_text_back_until_the_morning(desk):
    desk.now = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # 22:00 in San Francisco
    taken = desk.take_on(at=desk.now)
    assert taken.waits
    assert taken.due == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    desk.work()
    assert desk.twilio.messages == []
    desk.now = taken.due
    desk.work()
    assert len(desk.twilio.messages) == 1


def test_who_says_stop_while_a_text_waits_gets_none(desk):
    desk.take_on()
    desk.inbound.text_came_in({"From": CALLER, "To": OURS, "Body": "Stop texting me please"}, NOW)
    desk.work()
    assert desk.twilio.messages == []
    assert desk.take_on(index=2).reason == "opted_out"


def test_start_lifts_what_stop_did(desk):
    desk.inbound.text_came_in({"From": CALLER, "To": OURS, "Body": "STOP"}, NOW)
    desk.inbound.text_came_in({"From": CALLER, "To": OURS, "Body": "start"}, NOW)
    assert isinstance(desk.take_on(), TakenOn)


def test_a_number_that_lost_its_registration_meanwhile_sends_nothing(desk):
    desk.take_on()
    desk.memory.note_blocked(OURS, "30034", NOW)
    desk.work()
    assert desk.twilio.messages == []


@pytest.mark.parametrize("bad", [(500, b""), (requests.ReadTimeout(),), (200, b"garbage")])
def test_an_unclear_answer_is_looked_up_and_the_text_is_never_sent_twice(desk, bad):
    desk.take_on()
    sent_all_the_same = desk.twilio._send
    desk.twilio.weather = [
        lambda name, *_: (sent_all_the_same({}, "", PARAMETERS), None)[1] if name == "send" else None
    ]
    desk.twilio.weather.append(once(*bad, on="send"))
    desk.work()
    desk.now += timedelta(minutes=5)
    desk.twilio.weather = []
    desk.work()
    assert len(desk.twilio.messages) == 1
    assert Outbox(desk.redis).state_of("send-text", sid("CA", 1))["state"] == "done"


PARAMETERS = {"To": CALLER, "From": OURS, "Body": f"{BODY} Reply STOP to opt out."}


def test_an_unclear_answer_for_a_text_that_was_not_sent_ends_in_exactly_one(desk):
    desk.take_on()
    desk.twilio.weather = [once(500, b"", on="send")]
    desk.work()
    desk.now += timedelta(minutes=5)
    desk.work()
    desk.now += timedelta(minutes=5)
    desk.work()
    assert len(desk.twilio.messages) == 1


def test_a_recipient_that_twilio_refuses_as_opted_out_is_never_tried_again(desk):
    desk.take_on()
    desk.twilio.weather = [always(400, problem(21610, 400, "unsubscribed"), on="send")]
    desk.work()
    assert Suppressions(desk.redis).of(CALLER).why == "21610"
    assert desk.take_on(index=2).reason == "opted_out"


@pytest.mark.parametrize(
    ("bad", "words"),
    [((429, problem(20429, 429, "Too many")), "not sent"), ((503, b""), "not known whether")],
)
def test_the_call_is_told_of_a_text_for_which_twilio_had_no_time_until_the_last_attempt(desk, bad, words):
    timeline = keys.call_timeline(sid("CA", 1))
    desk.redis.hset(timeline, "began", "{}")
    desk.take_on()
    desk.twilio.weather = [always(*bad)]
    for _ in range(20):
        desk.work(1)
        desk.now += timedelta(minutes=20)
    assert Outbox(desk.redis).state_of("send-text", sid("CA", 1))["state"] == "failed"
    told = json.loads(desk.redis.hget(timeline, "text:missed:delivery") or "{}")
    assert words in sentence(read_event("text:missed:delivery", told), {})
