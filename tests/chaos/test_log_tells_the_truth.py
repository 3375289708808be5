"""The call log tells of each call what Twilio played, whatever became of its callbacks and of Redis (S-13)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from redis import Redis

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL
from tests.chaos.experiments import TRIES_AGAIN
from tests.chaos.many_ways import DOCUMENT, RUNG, call
from tests.chaos.web_server import WebServer
from tests.redis_server import RedisServer
from tests.stand_in import Finished, Twilio
from webapp.calls.reader import CallReader
from webapp.calls.reading import CallReader as Lists
from webapp.calls.record import CallRecord
from webapp.calls.summary import Summary
from webapp.calls.wanted import Wanted

CALLS, TIMES, CALLERS = 240, 10, 6
Hurt = Callable[[RedisServer, bool], None]


def client_of(server: RedisServer) -> Redis:
    return Redis(unix_socket_path=str(server.socket), decode_responses=True)


def leave_alone(server: RedisServer, is_hurt: bool) -> None:
    pass


def fill(server: RedisServer, is_hurt: bool) -> None:
    client_of(server).config_set("maxmemory", "1" if is_hurt else "0")


def refuse_writes(server: RedisServer, is_hurt: bool) -> None:
    client_of(server).replicaof(*(("127.0.0.1", "1") if is_hurt else ("NO", "ONE")))


def kill(server: RedisServer, is_hurt: bool) -> None:
    server.kill() if is_hurt else server.start()


def played(redis: RedisServer, folder: Path, hurt: Hurt) -> list[Finished]:
    """Two web workers and `CALLS` calls, while Redis is hurt and healed in turn; all is written when this is back."""
    with WebServer(redis.url, folder, DOCUMENT) as server, ThreadPoolExecutor(CALLERS) as callers:
        twilio = Twilio(server.transport, ACCOUNT_SID, AUTH_TOKEN, BASE_URL, number=TRIES_AGAIN)
        finished: list[Finished] = []
        for time in range(TIMES):
            numbers = range(time * CALLS // TIMES, (time + 1) * CALLS // TIMES)
            finished += callers.map(lambda number: twilio.place_call(call(number)).require(), numbers)
            hurt(redis, time % 2 == 0)
    return finished


def untruths(finished: Finished, record: CallRecord | None, listed: Summary | None) -> Iterator[str]:
    if record is None or listed is None:
        yield "is missing"
        return
    rung = tuple(RUNG[attempt.targets[0]] for attempt in finished.attempts)
    path = tuple(destination for destination in record.path if destination != "back")
    if path != rung:
        yield f"rang {rung}, and the log says {path}"
    if record.ends is None or record.ends.value not in finished.words:
        yield f"ended {finished.words}, and the log says {record.ends}"
    if listed.ends != record.ends:
        yield f"ended {record.ends}, and lists say {listed.ends}"
    if rung and listed.destination != record.path[-1]:
        yield f"rang {rung}, and lists say {listed.destination}"


@pytest.mark.slow
@pytest.mark.parametrize("hurt", [leave_alone, fill, refuse_writes, kill])
def test_the_log_and_its_lists_tell_what_happened_to_every_call(tmp_path: Path, hurt: Hurt) -> None:
    with RedisServer(appendonly="yes", appendfsync="always") as redis:
        calls = played(redis, tmp_path, hurt)
        records, lists = CallReader(client_of(redis)), Lists(client_of(redis))
        listed = {one.call_sid: one for one in lists.every(Wanted())}
        found = {
            each.call.seed: list(untruths(each, records.get(each.call_sid), listed.get(each.call_sid)))
            for each in calls
        }
    assert {seed: told for seed, told in found.items() if told} == {}
