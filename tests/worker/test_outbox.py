"""The outbox and its worker: nothing is lost, nothing is done twice, whoever dies when."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.redis_server import wait_until
from webapp.worker.loop import Done, GiveUp, Later, Worker, pause_after
from webapp.worker.outbox import LEASE, LeaseLostError, Outbox, identity_of

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
CALL = "CA" + "a" * 32


class Time:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def pass_by(self, **span):
        self.now += timedelta(**span)


def worker_of(redis, handlers, time, planners=()):
    return Worker(redis, handlers, planners=planners, clock=time)


def test_a_job_is_done_once_it_is_due_and_not_before(redis):
    seen, time = [], Time()
    Outbox(redis).add("note", "one", {"text": "hello"}, due=NOW + timedelta(hours=1))
    worker = worker_of(redis, {"note": lambda job: seen.append(job.payload) or Done()}, time)
    assert not worker.step()
    time.pass_by(hours=2)
    assert worker.step()
    assert seen == [{"text": "hello"}]
    assert Outbox(redis).waiting() == 0


def test_the_same_job_is_added_once_while_it_waits_and_a_week_after_it_was_done(redis):
    outbox, time = Outbox(redis), Time()
    assert outbox.add("note", CALL, {}, due=NOW)
    assert not outbox.add("note", CALL, {}, due=NOW)
    worker_of(redis, {"note": lambda job: Done("sent")}, time).step()
    assert not outbox.add("note", CALL, {}, due=NOW)
    assert outbox.state_of("note", CALL)["state"] == "done"


def test_a_worker_that_dies_loses_its_lease_and_the_next_one_takes_the_job_over(redis):
    outbox = Outbox(redis)
    outbox.add("note", "one", {}, due=NOW)
    died = outbox.take(NOW)
    outbox.note(died, {"sending": True}, NOW)
    assert outbox.take(NOW + timedelta(seconds=30)) is None
    second = outbox.take(NOW + LEASE + timedelta(seconds=1))
    assert second.notes == {"sending": True}
    assert second.attempts == 2


def test_a_worker_that_was_only_slow_cannot_act_or_settle_any_more(redis):
    outbox = Outbox(redis)
    outbox.add("note", "one", {}, due=NOW)
    slow = outbox.take(NOW)
    quick = outbox.take(NOW + LEASE + timedelta(seconds=1))
    with pytest.raises(LeaseLostError):
        outbox.note(slow, {}, NOW)
    assert not outbox.finish(slow)
    assert not outbox.put_back(slow, due=NOW, why="")
    assert outbox.finish(quick)


def test_a_handler_that_takes_long_keeps_its_job_and_finishes_it(redis):
    outbox, time, taken_over, minutes = Outbox(redis), Time(), [], 10

    def slow(job):
        for _ in range(minutes):
            time.pass_by(seconds=59)
            until = time.now + LEASE
            wait_until(lambda until=until: (outbox.oldest_due() or NOW) >= until - timedelta(seconds=1))
            taken_over.append(outbox.take(time.now))
        return Done("read")

    outbox.add("refresh", "one", {}, due=NOW)
    Worker(redis, {"refresh": slow}, clock=time, renew_seconds=0.01).step()
    assert taken_over == [None] * minutes
    assert outbox.state_of("refresh", "one")["state"] == "done"


def test_a_worker_in_the_middle_of_a_long_job_is_seen_to_be_alive(redis):
    time, seen = Time(), []

    def slow(job):
        time.pass_by(seconds=59)
        wait_until(lambda: redis.get("handoff:1:heartbeat:worker") == time.now.isoformat())
        seen.append(True)
        return Done()

    Outbox(redis).add("refresh", "one", {}, due=NOW)
    Worker(redis, {"refresh": slow}, clock=time, renew_seconds=0.01).step()
    assert seen == [True]


def test_a_handler_that_fails_is_tried_again_with_growing_pauses_and_then_kept_as_failed(redis):
    time = Time()
    tries = []

    def handler(job):
        tries.append(time.now)
        raise ValueError("no")

    Outbox(redis).add("note", "one", {}, due=NOW)
    worker = worker_of(redis, {"note": handler}, time)
    for _ in range(20):
        worker.step()
        time.pass_by(hours=2)
    assert len(tries) == 8
    assert Outbox(redis).state_of("note", "one")["state"] == "failed"
    assert [pause_after(n).total_seconds() for n in (1, 2, 3, 20)] == [10, 20, 40, 3600]


def test_planned_waiting_is_no_failed_attempt(redis):
    time = Time()
    Outbox(redis).add("note", "one", {}, due=NOW)
    worker = worker_of(redis, {"note": lambda job: Later(time.now + timedelta(hours=1), "quiet hours", False)}, time)
    for _ in range(20):
        worker.step()
        time.pass_by(hours=2)
    assert Outbox(redis).state_of("note", "one")["state"] == "waiting"


def test_a_job_that_nobody_handles_is_kept_as_failed(redis):
    Outbox(redis).add("unheard-of", "one", {}, due=NOW)
    worker_of(redis, {}, Time()).step()
    assert "nobody handles" in Outbox(redis).state_of("unheard-of", "one")["why"]


def test_giving_up_is_final(redis):
    outbox, time = Outbox(redis), Time()
    outbox.add("note", "one", {}, due=NOW)
    worker = worker_of(redis, {"note": lambda job: GiveUp("opted out")}, time)
    worker.step()
    time.pass_by(days=1)
    assert not worker.step()
    assert outbox.state_of("note", "one")["why"] == "opted out"


def test_planners_run_once_a_minute_and_a_failing_one_stops_nobody(redis):
    time, planned = Time(), []

    def failing(now):
        raise ValueError("no")

    worker = worker_of(redis, {}, time, planners=(failing, planned.append))
    worker.step()
    worker.step()
    time.pass_by(seconds=61)
    worker.step()
    assert len(planned) == 2


def test_strange_keys_become_safe_identities():
    assert identity_of("send-text", CALL) == f"send-text-{CALL.lower()}"
    hashed = identity_of("send-text", "\r\nDEL *" * 100)
    assert len(hashed) < 63
    assert hashed.startswith("send-text-")
