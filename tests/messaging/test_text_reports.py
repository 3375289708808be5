"""What became of a text: reports in any order, lost and repeated, and what they mean for its number."""

import threading
from datetime import timedelta

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.messaging.rest_stand_in import ACCOUNT_SID, NOW, sid
from tests.messaging.texting_desk import CALLER, FIRST, OURS, status
from webapp.messaging.a2p.report import read_report
from webapp.messaging.inbound import Inbound, MalformedWebhookError
from webapp.messaging.sightings import Sightings
from webapp.messaging.sms_log import TextLog
from webapp.worker.outbox import Outbox


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


def test_a_report_about_a_message_with_a_picture_counts_for_its_number_as_well(desk):
    desk.inbound.status_changed(status("undelivered", code="30034") | {"MessageSid": sid("MM", 1)}, NOW)
    assert desk.memory.delivery(OURS).blocked_by == "30034"
