"""Calls go on while Redis is killed and started again: promise 2, and the last line of the first issue."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from tests.redis_server import RedisServer
from tests.scenario_app import Stage, staged
from tests.stand_in import Answer, Call, Disturbance, Finished
from tests.stand_in.finished import Ended

DOCUMENT = {
    "schema": 1,
    "name": "Through trouble",
    "default_destination": "front-desk",
    "sip_host": "pbx.example.com",
    "ending": {"say": "Nobody could take your call."},
    "destinations": [
        {
            "id": "billing", "name": "Billing", "method": "REFER", "route": "sip:billing@pbx.example.com",
            "headers": [{"name": "X-Customer", "value": "$sip_x_customer"}],
            "fallback": [{"destination": "night", "on": ["busy", "failed", "unconfirmed"]}, {"voicemail": {}}],
        },
        {"id": "night", "name": "Night", "method": "INVITE", "route": ["+14155550101", "+14155550102"]},
        {"id": "front-desk", "name": "Front desk", "method": "INVITE", "route": "+14155550100"},
    ],
    "rules": [{"id": "billing", "name": "Billing", "destination": "billing", "when": {"any": [
        {"variable": "caller_id", "ends_with": ["1", "3", "5", "7", "9"]},
        {"variable": "arrived_over", "is": "sip"}]}}],
}  # fmt: skip
WORDS = ("answered", "answered", "busy", "no_answer", "failed", "declined", "unconfirmed", "caller_hung_up", "sip:503")


def call_number(number: int) -> Call:
    """One of an endless row of calls, each from its own seed."""
    random = Random(number)
    caller = f"+1212555{random.randrange(10_000):04d}"
    over_sip = random.random() < 0.4
    return Call(
        from_=f"sip:{caller}@pbx.example.com" if over_sip else caller,
        to="sip:help@example.sip.twilio.com" if over_sip else "+14155550199",
        over="sip" if over_sip else "phone",
        sip_headers={"X-Customer": f"C-{number}"} if over_sip else {},
        far_end=tuple(Answer(random.choice(WORDS)) for _ in range(random.randrange(4))),
        disturbance=Disturbance(repeat=0.1, repeat_status=0.2, delay_status=300, lose_status=0.1),
        allowed_targets=frozenset({"sip:billing@pbx.example.com", "+14155550100", "+14155550101", "+14155550102"}),
        seed=number,
    )


def kill_and_start(server: RedisServer, times: int, answered: Counter[str]) -> None:
    """Each round waits for calls while Redis is away and for calls while it is there, never for a time."""
    for _ in range(times):
        server.kill()
        wait_for_more(answered, 60)
        server.start()
        wait_for_more(answered, 60)


def wait_for_more(answered: Counter[str], calls: int) -> None:
    target, deadline, pause = answered["calls"] + calls, monotonic() + 60, threading.Event()
    while answered["calls"] < target:
        assert monotonic() < deadline, "calls stand still"
        pause.wait(0.01)


@pytest.mark.slow
def test_two_thousand_calls_while_redis_is_killed_ten_times_all_end_well(tmp_path: Path) -> None:
    answered: Counter[str] = Counter()
    enough, numbers = threading.Event(), count()

    def player(stage: Stage) -> list[Finished]:
        mine = []
        while not enough.is_set() or answered["calls"] < 2_000:
            mine.append(stage.twilio.place_call(call_number(next(numbers))).require())
            answered["calls"] += 1
        return mine

    with RedisServer() as server, staged(DOCUMENT, server.url, tmp_path) as stage, ThreadPoolExecutor(3) as pool:
        players = [pool.submit(player, stage) for _ in range(3)]
        try:
            kill_and_start(server, 10, answered)
        finally:
            enough.set()
        finished = [call for each in players for call in each.result(120)]
    assert len(finished) >= 2_000
    ends = Counter(call.ended for call in finished)
    assert ends[Ended.APPLICATION_ERROR] == 0
    assert ends.keys() >= {Ended.ANSWERED, Ended.REFERRED, Ended.VOICEMAIL, Ended.HUNG_UP, Ended.CALLER_HUNG_UP}


def test_calls_of_a_stopped_redis_go_the_same_way_as_ever(tmp_path: Path) -> None:
    calls = [call_number(number) for number in range(60)]
    with RedisServer() as server, staged(DOCUMENT, server.url, tmp_path) as stage:
        expected = [stage.twilio.place_call(call).require().path for call in calls]
        server.pause()
        try:
            found = [stage.twilio.place_call(call).require().path for call in calls]
        finally:
            server.resume()
    assert found == expected
