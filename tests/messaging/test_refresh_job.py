"""The worker keeps the registration's picture young, asks Twilio no more than needed, and waits without an account."""

from datetime import timedelta

import pytest

from tests.messaging.full_account import EXPECTED, full_account
from tests.messaging.rest_stand_in import ACCOUNT_SID, NOW, TwilioAccount, always, problem
from tests.numbers.test_numbers import ACCESS, Shell
from webapp.commands.worker import TwilioWork
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.a2p.report import RefreshRunningError, read_report, refresh_report
from webapp.messaging.inbound import REFRESH_JOB
from webapp.messaging.refresh_job import RefreshRegistration
from webapp.twilio_rest.client import TwilioClient
from webapp.worker.loop import Done, Later, Worker
from webapp.worker.outbox import Outbox


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


def set_up(redis):
    clock = Clock()
    client = TwilioClient(ACCESS.credentials, sleep=lambda _: None)
    job = RefreshRegistration(redis, ACCOUNT_SID, lambda: client, clock=clock)
    return clock, job, Worker(redis, {REFRESH_JOB: job}, planners=[job.plan], clock=clock)


def work(worker, twilio, clock, *, minutes):
    """A worker's day, minute by minute."""
    with twilio.playing():
        for _ in range(minutes):
            worker.step()
            clock.now += timedelta(minutes=1)


def test_while_something_waits_the_account_is_read_every_quarter_of_an_hour(redis):
    clock, _, worker = set_up(redis)
    twilio = full_account()
    work(worker, twilio, clock, minutes=60)
    assert 4 <= twilio.counted["account"] <= 5


def test_when_all_is_well_the_account_is_read_every_six_hours(redis):
    clock, _, worker = set_up(redis)
    twilio = TwilioAccount()
    work(worker, twilio, clock, minutes=13 * 60)
    assert twilio.counted["account"] == 3


def test_when_twilio_is_down_it_is_asked_again_with_pauses_and_the_picture_stays(redis):
    clock, _, worker = set_up(redis)
    work(worker, full_account(), clock, minutes=2)
    twilio = full_account()
    twilio.weather = [always(503, b"")]
    clock.now += timedelta(minutes=20)
    work(worker, twilio, clock, minutes=10)
    assert len(twilio.asked) <= 30
    assert len(read_report(RegistrationMemory(redis, ACCOUNT_SID), clock.now).verdicts) == len(EXPECTED)


def test_what_a_restricted_key_may_not_read_is_asked_for_no_oftener_than_what_waits(redis):
    clock, _, worker = set_up(redis)
    twilio = full_account()
    twilio.weather = [always(403, problem(20403, 403, "Forbidden"), on="verifications")]
    work(worker, twilio, clock, minutes=120)
    assert twilio.counted["account"] <= 9


def test_after_a_passing_fault_the_account_is_read_again_within_minutes(redis):
    clock, _, worker = set_up(redis)
    twilio = TwilioAccount()
    twilio.weather = [always(503, b"", on="brands")]
    work(worker, twilio, clock, minutes=2)
    twilio.weather = []
    work(worker, twilio, clock, minutes=6)
    assert read_report(RegistrationMemory(redis, ACCOUNT_SID), clock.now).unreadable == ()


def test_two_readers_never_read_at_once_and_a_dead_one_blocks_nobody_for_long(redis):
    _, job, _ = set_up(redis)
    memory = RegistrationMemory(redis, ACCOUNT_SID)
    assert memory.begin_refresh("another", 180)
    with pytest.raises(RefreshRunningError):
        refresh_report(ACCESS.client(), memory, NOW)
    Outbox(redis).add(REFRESH_JOB, "now", {}, due=NOW)
    assert isinstance(job(Outbox(redis).take(NOW)), Later)
    memory.end_refresh("somebody else's turn is not ended by us")
    assert not memory.begin_refresh("third", 180)
    assert 0 < redis.ttl(f"handoff:1:a2p-refresh:{ACCOUNT_SID}") <= 180


def test_a_wrong_token_is_no_crash_of_the_worker(redis):
    clock, _, worker = set_up(redis)
    twilio = full_account()
    twilio.weather = [always(401, problem(20003, 401, "no"))]
    work(worker, twilio, clock, minutes=3)
    assert read_report(RegistrationMemory(redis, ACCOUNT_SID), clock.now).unreadable


def test_without_an_account_jobs_wait_and_begin_when_it_is_connected(redis, tmp_path):
    connected = []
    bench = Shell(redis, tmp_path, TwilioAccount(), access=None).bench
    job_of = TwilioWork(bench, lambda: connected[0] if connected else None)
    Outbox(redis).add(REFRESH_JOB, "now", {}, due=NOW)
    job = Outbox(redis).take(NOW)
    assert isinstance(job_of.refresh(job), Later)
    assert isinstance(job_of.send(job), Later)
    connected.append(ACCESS)
    with full_account().playing():
        assert isinstance(job_of.refresh(job), Done)
