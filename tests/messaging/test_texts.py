"""Texts: every condition holds before one leaves, it leaves once, and what becomes of it is known."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests
from redis import Redis
from redis.exceptions import RedisError

from handoff_rules.facts import Facts
from tests.messaging.full_account import full_account
from tests.messaging.rest_stand_in import ACCOUNT_SID, AUTH_TOKEN, NOW, always, once, problem, sid
from webapp.calls.record import CallRecord
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.a2p.report import read_report, refresh_report
from webapp.messaging.callers import verified_call
from webapp.messaging.inbound import Inbound, MalformedWebhookError
from webapp.messaging.opt_out import Suppressions, Wish, wish_in
from webapp.messaging.quiet_hours import earliest, is_quiet, zones_of
from webapp.messaging.sightings import Sightings
from webapp.messaging.sms import SendText, TakenOn, Texts
from webapp.messaging.sms_conditions import Consent, Limits, Purpose, Refusal, VerifiedCall
from webapp.messaging.sms_log import TextLog
from webapp.twilio_rest.client import Credentials, TwilioClient
from webapp.worker.loop import Worker
from webapp.worker.outbox import Outbox

OURS, CALLER = "+14155550100", "+14155550123"
BODY = "Example Hotel: sorry that we missed your call. We call back today."


def call(index=1, *, caller=CALLER, called=OURS, at=NOW, verstat="", over="phone"):
    return VerifiedCall(sid("CA", index), caller, called, at, over, verstat)


class Desk:
    """One deployment with a full account behind it, and a clock that tests move."""

    def __init__(self, redis, limits=None):
        self.redis, self.now, self.twilio = redis, NOW, full_account()
        client = TwilioClient(Credentials(ACCOUNT_SID, ACCOUNT_SID, AUTH_TOKEN), sleep=lambda _: None)
        self.client = client
        self.memory = RegistrationMemory(redis, ACCOUNT_SID)
        self.texts = Texts(redis, ACCOUNT_SID, limits=limits)
        self.inbound = Inbound(redis, ACCOUNT_SID)
        send = SendText(
            redis, ACCOUNT_SID, lambda: client, lambda: "https://handoff.example.com", clock=lambda: self.now
        )
        self.worker = Worker(redis, {"send-text": send}, clock=lambda: self.now)
        with self.twilio.playing():
            refresh_report(client, self.memory, NOW)

    def take_on(self, body=BODY, purpose=Purpose.MISSED, consent=None, **about):
        return self.texts.take_on(call(**about), body, purpose, self.now, consent=consent)

    def work(self, steps=5):
        with self.twilio.playing():
            for _ in range(steps):
                self.worker.step()


@pytest.fixture
def desk(redis):
    return Desk(redis)


def test_a_text_goes_to_the_caller_from_the_number_that_was_called_with_a_way_out(desk):
    assert isinstance(desk.take_on(), TakenOn)
    desk.work()
    (message,) = desk.twilio.messages
    assert (message["to"], message["from"]) == (CALLER, OURS)
    assert message["body"].endswith("Reply STOP to opt out.")
    assert message["status_callback"] == "https://handoff.example.com/sms/status"
    assert TextLog(desk.redis).of(message["sid"]).status == "queued"


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


FIRST = sid("SM", 1)


def status(text_status, *, code="", to=CALLER):
    form = {"MessageSid": FIRST, "MessageStatus": text_status, "From": OURS, "To": to}
    return form | ({"ErrorCode": code} if code else {})


def test_delivery_reports_count_in_any_order_and_once(desk):
    desk.take_on()
    desk.work()
    log = TextLog(desk.redis)
    for told in ("delivered", "sent", "queued", "delivered"):
        desk.inbound.status_changed(status(told), NOW)
    assert log.of(sid("SM", 1)).status == "delivered"
    assert read_report(desk.memory, NOW).of(OURS).readiness.value == "READY"


def test_the_list_of_texts_is_paged_from_the_newest_to_the_oldest(desk):
    log = TextLog(desk.redis)
    for index in range(5):
        payload = {"to": CALLER, "from": OURS, "call_sid": sid("CA", index), "purpose": "missed"}
        log.sent(sid("SM", index), payload, NOW + timedelta(minutes=index))
    pages = [log.page(count=2)]
    while pages[-1].next_cursor:
        pages.append(log.page(pages[-1].next_cursor, 2))
    assert [text.sid for page in pages for text in page.texts] == [sid("SM", index) for index in (4, 3, 2, 1, 0)]


def test_a_report_that_overtakes_our_own_note_is_not_lost(desk):
    desk.inbound.status_changed(status("delivered"), NOW)
    desk.take_on()
    desk.work()
    assert TextLog(desk.redis).of(sid("SM", 1)).status == "delivered"


@pytest.mark.parametrize("code", ["30032", "30033", "30034", "30035"])
def test_a_registration_error_trips_the_breaker_of_that_number_and_asks_twilio_again(desk, code):
    desk.inbound.status_changed(status("undelivered", code=code), NOW)
    assert not read_report(desk.memory, NOW).of(OURS).may_send
    assert desk.take_on().reason.startswith("sender_")
    assert Outbox(desk.redis).waiting() == 1
    assert Sightings(desk.redis).of(code).count == 1


def test_the_breaker_lets_one_try_after_its_time_and_waits_longer_the_second_time(desk):
    first = desk.memory.note_blocked(OURS, "30035", NOW)
    assert first.blocked_until - NOW == timedelta(minutes=10)
    later = NOW + timedelta(minutes=11)
    assert read_report(desk.memory, later).of(OURS).may_send
    assert desk.memory.note_blocked(OURS, "30035", later).blocked_until - later == timedelta(hours=1)


class BreaksOnce(Redis):
    """A store that fails at the first change of a sender's delivery, which is one transaction."""

    broken = False

    def transaction(self, *arguments, **named):
        if not self.broken:
            self.broken = True
            raise RedisError("the store went away")
        return super().transaction(*arguments, **named)


def test_a_report_that_the_store_lost_half_way_trips_the_breaker_when_it_comes_again(desk):
    breaking = BreaksOnce(connection_pool=desk.redis.connection_pool)
    inbound = Inbound(breaking, ACCOUNT_SID)
    with pytest.raises(RedisError):
        inbound.status_changed(status("undelivered", code="30034"), NOW)
    inbound.status_changed(status("undelivered", code="30034"), NOW)
    assert desk.memory.delivery(OURS).blocked_by == "30034"


def test_a_report_that_comes_again_makes_the_pause_no_longer(desk):
    first = desk.memory.note_blocked(OURS, "30035", NOW, text=FIRST)
    assert desk.memory.note_blocked(OURS, "30035", NOW + timedelta(minutes=1), text=FIRST) == first


def test_reports_about_one_sender_at_once_lose_nothing_of_each_other(desk):
    def deliveries():
        for minute in range(100):
            desk.memory.note_delivered(OURS, NOW + timedelta(minutes=minute))

    beside = threading.Thread(target=deliveries)
    beside.start()
    for minute in range(100):
        desk.memory.note_blocked(OURS, "30034", NOW + timedelta(minutes=minute), text=sid("SM", minute))
    beside.join()
    last = NOW + timedelta(minutes=99)
    known = desk.memory.delivery(OURS)
    assert (known.delivered_at, known.blocked_at) == (last, last)


def test_other_errors_block_the_text_and_not_the_number(desk):
    desk.inbound.status_changed(status("undelivered", code="30003"), NOW)
    assert read_report(desk.memory, NOW).of(OURS).may_send


@pytest.mark.parametrize("form", [{}, {"MessageSid": "SM1", "MessageStatus": "sent"}, {"MessageSid": sid("SM", 1)}])
def test_a_malformed_report_is_refused(desk, form):
    with pytest.raises(MalformedWebhookError):
        desk.inbound.status_changed(form, NOW)


@pytest.mark.parametrize(
    ("body", "opt_out_type", "wish"),
    [
        ("STOP", "", Wish.STOP),
        (" Stop. ", "", Wish.STOP), ("anything", "STOP", Wish.STOP), ("hi", "START", Wish.START),
        ("hi", "HELP", Wish.HELP), ("unstop", "", Wish.START), ("INFO", "", Wish.HELP), ("cancel", "", Wish.STOP),
        ("please don’t text me again", "", Wish.STOP), ("wrong number!", "", Wish.STOP), ("opt me out", "", Wish.STOP),
        ("I will stop by at noon", "", Wish.NONE), ("Thanks!", "", Wish.NONE), ("", "", Wish.NONE),
        ("Please stop", "", Wish.STOP), ("STOP NOW", "", Wish.STOP), ("stop it", "", Wish.STOP),
        ("stop sending me these", "", Wish.STOP), ("I revoke my consent", "", Wish.STOP),
        ("Can you please STOP this!!", "", Wish.STOP), ("I no longer want your messages", "", Wish.STOP),
        ("please", "", Wish.NONE), ("Is this the bus stop?", "", Wish.NONE), ("Cancel my room", "", Wish.NONE),
        ("yes", "", Wish.START), ("x" * 100_000, "", Wish.NONE),
    ],
)  # fmt: skip
def test_what_a_text_asks_for(body, opt_out_type, wish):
    assert wish_in(body, opt_out_type) is wish


def test_quiet_hours_follow_the_area_code_and_a_number_without_a_place_waits_for_both_coasts():
    assert zones_of("+14155550123") == ("America/Los_Angeles",)
    assert len(zones_of("+18005550123")) == 2
    evening = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)  # 21:30 in New York, 18:30 in Los Angeles
    assert is_quiet("+12125550123", evening)
    assert not is_quiet("+14155550123", evening)
    assert earliest("+12125550123", evening) == datetime(2026, 11, 21, 13, 0, tzinfo=UTC)
    assert earliest("nobody", evening) > evening


def test_only_the_signed_webhooks_word_names_whom_to_text():
    facts = Facts({"caller_id": CALLER, "called_number": OURS, "arrived_over": "phone", "stir_verstat": ""}, NOW)
    written_by_an_agent = {"caller_id": "+14155550199"}
    record = CallRecord(sid("CA", 1), "1-a", "production", "phone", facts, written_by_an_agent, (), {})
    assert verified_call(record) == call()
    assert verified_call(None) is None
    assert verified_call(replace(record, facts=None)) is None
