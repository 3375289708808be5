"""The two texts of a flow: asked for once, by callers of the phone network alone, and never in the way of a call."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.messaging.full_account import full_account
from tests.messaging.rest_stand_in import ACCOUNT_SID as ACCOUNT
from tests.messaging.rest_stand_in import AUTH_TOKEN, NOW, TwilioAccount, sid
from tests.redis_server import RedisServer, wait_until
from tests.scenario_app import Stage, staged
from tests.stand_in import Answer, Call, Disturbance, Finished
from tests.stand_in.call import Message
from tests.stand_in.scenario import scenarios_of
from webapp.calls.reader import CallReader
from webapp.calls.sentences import sentence
from webapp.calls.text_wish import JOB, Purpose, WishedText, read_wish
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.a2p.report import refresh_report
from webapp.messaging.inbound import Inbound
from webapp.messaging.opt_out import Suppressions
from webapp.messaging.sms import JOB as SEND_TEXT
from webapp.messaging.sms import SendText
from webapp.messaging.texting_board import TextingBoard
from webapp.messaging.wished_texts import ConsiderText
from webapp.store import keys
from webapp.twilio_rest.client import Credentials, TwilioClient
from webapp.worker.loop import Worker

SHIPPED = scenarios_of(Path(__file__).parents[1] / "calls" / "texts.yaml")[0].configuration
OURS, CALLER = "+14155550100", "+12125550123"
"""A number of the full account that may send texts, and somebody in New York."""
FRONT, PORTER, BACK = SHIPPED["destinations"]
CONFIGURATION = dict(SHIPPED) | {
    "destinations": [FRONT | {"route": "+14155550132"}, PORTER | {"route": "+14155550133"}, BACK]
}
CALL = Call(from_=CALLER, to=OURS, at=NOW, allowed_targets=frozenset({"+14155550132", "+14155550133"}))
MISSED = (Answer("no_answer"),)


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        yield stage


class Desk:
    """The worker and the account behind it, with a clock that tests move."""

    def __init__(self, redis: Redis) -> None:
        self.redis, self.now, self.twilio = redis, NOW + timedelta(minutes=2), full_account()
        client = TwilioClient(Credentials(ACCOUNT, ACCOUNT, AUTH_TOKEN), sleep=lambda _: None)
        with self.twilio.playing():
            refresh_report(client, RegistrationMemory(redis, ACCOUNT), NOW)
        send = SendText(redis, ACCOUNT, lambda: client, lambda: "https://handoff.example.com", clock=lambda: self.now)
        consider = ConsiderText(redis, ACCOUNT, clock=lambda: self.now)
        self.worker = Worker(redis, {JOB: consider, SEND_TEXT: send}, clock=lambda: self.now)

    def work(self) -> TwilioAccount:
        with self.twilio.playing():
            for _ in range(6):
                self.worker.step()
        return self.twilio

    @property
    def bodies(self) -> list[str]:
        return [str(message["body"]) for message in self.work().messages]

    def timeline(self, call_sid: str) -> list[str]:
        record = CallReader(self.redis).get(call_sid)
        assert record is not None
        return [sentence(event, {}) for event in record.events]


@pytest.fixture
def desk(redis: Redis) -> Desk:
    return Desk(redis)


def play(stage: Stage, **about: Any) -> Finished:
    finished = stage.play(replace(CALL, **about)).require()
    wait_until(lambda: stage.application.services.voice_store.state().waiting == 0)
    return finished


def wishes(redis: Redis) -> list[WishedText]:
    jobs: list[dict[str, str]] = [redis.hgetall(key) for key in redis.scan_iter(f"{keys.job('x')[:-1]}*")]  # type: ignore[misc]
    return [read_wish(json.loads(job["payload"])) for job in jobs if job["kind"] == JOB]


def test_a_caller_whom_nobody_took_gets_one_text_from_the_number_that_was_called(stage: Stage, desk: Desk) -> None:
    finished = play(stage, far_end=MISSED)
    (message,) = desk.work().messages
    assert (message["to"], message["from"]) == (CALLER, OURS)
    assert str(message["body"]).startswith("Example Hotel: sorry that we missed your call.")
    assert "The text about the missed call: it is sent" in desk.timeline(finished.call_sid)


def told_by_twilio(desk: Desk, status: str, code: str = "") -> None:
    report = {"MessageSid": str(desk.twilio.messages[-1]["sid"]), "MessageStatus": status, "From": OURS, "To": CALLER}
    Inbound(desk.redis, ACCOUNT).status_changed(report | ({"ErrorCode": code} if code else {}), desk.now)


def test_the_calls_timeline_says_that_its_text_arrived(stage: Stage, desk: Desk) -> None:
    finished = play(stage, far_end=MISSED)
    desk.work()
    told_by_twilio(desk, "delivered")
    assert "The text about the missed call was delivered" in desk.timeline(finished.call_sid)


def test_the_calls_timeline_says_why_its_text_did_not_arrive(stage: Stage, desk: Desk) -> None:
    finished = play(stage, far_end=MISSED)
    desk.work()
    told_by_twilio(desk, "undelivered", "30034")
    assert "The text about the missed call was not delivered (error 30034)" in desk.timeline(finished.call_sid)


def test_the_calls_timeline_says_why_the_worker_did_not_send_its_text(stage: Stage, desk: Desk) -> None:
    finished = play(stage, far_end=MISSED)
    with desk.twilio.playing():
        desk.worker.step()
    Suppressions(desk.redis).add(CALLER, why="STOP", number=OURS, at=NOW)
    desk.work()
    told = "The text about the missed call was not sent: the recipient opted out meanwhile"
    assert told in desk.timeline(finished.call_sid)


def test_a_report_that_overtakes_our_own_note_reaches_the_timeline_as_well(stage: Stage, desk: Desk) -> None:
    finished = play(stage, far_end=MISSED)
    report = {"MessageSid": sid("SM", 1), "MessageStatus": "delivered", "From": OURS, "To": CALLER}
    Inbound(desk.redis, ACCOUNT).status_changed(report, desk.now)
    desk.work()
    assert "The text about the missed call was delivered" in desk.timeline(finished.call_sid)


def test_a_caller_who_reached_somebody_gets_no_text(stage: Stage, desk: Desk) -> None:
    play(stage, far_end=(Answer("answered"),))
    assert (wishes(desk.redis), desk.bodies) == ([], [])


def test_a_caller_who_gave_up_while_it_rang_gets_the_text(stage: Stage, desk: Desk) -> None:
    play(stage, disturbance=Disturbance(hang_up="during Dial 1"))
    assert len(desk.bodies) == 1


def test_the_configuration_says_after_which_ends_a_text_follows(redis_url: str, tmp_path: Path, desk: Desk) -> None:
    wanted = CONFIGURATION | {"text_back": {"body": "Sorry.", "on": ["message"]}}
    with staged(wanted, redis_url, tmp_path) as stage:
        play(stage, far_end=MISSED)
    assert wishes(desk.redis) == []


@pytest.mark.parametrize(
    "about", [{"over": "sip", "from_": "sip:+12125550123@pbx.example.com"}, {"from_": "anonymous"}]
)
def test_only_a_number_of_the_phone_network_is_texted(stage: Stage, desk: Desk, about: dict[str, Any]) -> None:
    play(stage, far_end=MISSED, digits=("1",), **about)
    assert (wishes(desk.redis), desk.bodies) == ([], [])


def test_pressing_1_brings_the_details_and_keeps_the_consent(stage: Stage, desk: Desk) -> None:
    finished = play(stage, digits=("1",))
    assert desk.bodies == ["Example Hotel: 1 Example Street. Your call went to front-desk. Reply STOP to opt out."]
    kept = json.loads(str(desk.redis.hget(keys.consents(), finished.call_sid)))
    assert kept["wording"] == "Press 1 to get our address by text. Message and data rates may apply."
    assert (kept["to"], kept["source"], kept["at"]) == (CALLER, "key 1", NOW.isoformat())
    assert kept["version"].startswith("1-")
    told = "The caller pressed 1 and agreed to a text (prompt of version 1-"
    assert any(line.startswith(told) for line in desk.timeline(finished.call_sid))


@pytest.mark.parametrize("digits", [("9",), ("",), ("#",), ()])
def test_anything_but_1_is_no_consent(stage: Stage, desk: Desk, digits: tuple[str, ...]) -> None:
    finished = play(stage, digits=digits)
    assert (wishes(desk.redis), desk.bodies) == ([], [])
    assert "The caller did not ask for a text" in desk.timeline(finished.call_sid)


def test_a_caller_with_consent_whom_nobody_took_gets_one_text_and_not_two(stage: Stage, desk: Desk) -> None:
    play(stage, digits=("1",), far_end=MISSED)
    assert {wish.purpose for wish in wishes(desk.redis)} == {Purpose.MISSED, Purpose.DETAILS}
    assert len(desk.bodies) == 1


@pytest.mark.parametrize("digits", [("1",), ()])
def test_webhooks_that_come_again_in_any_order_ask_for_the_text_once(
    stage: Stage, desk: Desk, digits: tuple[str, ...]
) -> None:
    everything = Disturbance(repeat=1.0, repeat_status=1.0, replays=5)
    play(stage, digits=digits, far_end=() if digits else MISSED, disturbance=everything)
    assert len(wishes(desk.redis)) == 1
    assert len(desk.bodies) == 1


def test_a_hundred_calls_of_one_caller_stay_within_the_daily_cap(stage: Stage, desk: Desk) -> None:
    for seed in range(20):
        play(stage, far_end=MISSED, seed=seed)
    for _ in range(10):
        desk.work()
    assert len(desk.twilio.messages) == 3


def test_a_number_that_may_not_send_says_why_on_the_timeline(stage: Stage, desk: Desk) -> None:
    finished = play(stage, to="+14155550103", far_end=MISSED)
    assert desk.bodies == []
    assert any(line.startswith("No text about the missed call: ") for line in desk.timeline(finished.call_sid))


def test_the_text_waits_while_the_caller_still_leaves_a_message(stage: Stage, desk: Desk) -> None:
    finished = play(stage, far_end=MISSED, message=Message(seconds=9))
    timeline = keys.call_timeline(finished.call_sid)
    for event in [name for name in desk.redis.hkeys(timeline) if name.startswith("record") or name == "ended"]:  # type: ignore[union-attr]
        desk.redis.hdel(timeline, event)
    assert desk.bodies == []
    desk.now += timedelta(minutes=15)
    assert len(desk.bodies) == 1


def test_a_wish_that_waited_for_hours_is_dropped(stage: Stage, desk: Desk) -> None:
    finished = play(stage, far_end=MISSED)
    desk.now += timedelta(hours=3)
    assert desk.bodies == []
    assert "No text about the missed call: it waited for more than an hour" in desk.timeline(finished.call_sid)


def test_a_call_goes_on_without_redis_and_its_text_follows_when_redis_is_back(tmp_path: Path) -> None:
    with RedisServer() as server, staged(CONFIGURATION, server.url, tmp_path) as stage:
        server.pause()
        try:
            finished = stage.play(replace(CALL, digits=("1",))).require()
        finally:
            server.resume()
        assert [attempt.verb for attempt in finished.attempts] == ["Dial"]
        wait_until(lambda: stage.application.services.voice_store.state().waiting == 0)
        with server.client() as redis:
            assert [wish.purpose for wish in wishes(redis)] == [Purpose.DETAILS]


def test_no_caller_is_asked_while_the_number_may_not_text(redis_url: str, desk: Desk) -> None:
    may_look = threading.Event()

    def redis() -> Redis:
        may_look.wait(30)
        return desk.redis

    board = TextingBoard(redis, lambda: ACCOUNT)
    assert not board(OURS), "nothing is known before the first look, and nobody waits for it"
    may_look.set()
    wait_until(lambda: board(OURS))
    assert (board(OURS), board("+14155550103"), board("+14155550199")) == (True, False, False)


def test_a_board_that_cannot_look_for_an_hour_offers_nothing(desk: Desk) -> None:
    now, is_there = [0.0], [True]

    def redis() -> Redis:
        if not is_there[0]:
            raise ConnectionError("refused")
        return desk.redis

    board = TextingBoard(redis, lambda: ACCOUNT, clock=lambda: now[0])
    wait_until(lambda: board(OURS))
    is_there[0] = False
    now[0] = 3500.0
    assert board(OURS)
    now[0] = 3601.0
    assert not board(OURS)


def test_a_wish_survives_its_way_through_the_outbox() -> None:
    wish = WishedText("CA" + "1" * 32, Purpose.DETAILS, "Hello", datetime.fromisoformat("2026-11-20T12:00:00+00:00"),
                      "3-aaaaaaaa", "Press 1.")  # fmt: skip
    assert read_wish(json.loads(json.dumps(wish.to_payload()))) == wish
