"""Calls under fault: each experiment hurts one thing again and again while calls run through real gunicorn."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL
from tests.chaos.calls import DOCUMENT, call
from tests.chaos.web_server import WebServer
from tests.redis_server import RedisServer
from tests.stand_in import Finished, Twilio
from tests.stand_in.finished import Ended
from tests.stand_in.transport import ConnectFailedError, Request, Response
from tests.stand_in.twilio import Number
from webapp import urls

CALLERS = 8
TRIES_AGAIN = Number(
    voice_url=f"{urls.CALL}#{urls.FRAGMENT}",
    fallback_url=f"{urls.FALLBACK}#{urls.FRAGMENT}",
    status_callback=f"{urls.STATUS}#{urls.FRAGMENT}",
)
"""A number as `handoff numbers connect` sets it up: what is broken off is tried again."""


@dataclass(frozen=True, slots=True)
class Score:
    """What callers noticed. Times are seconds of one webhook."""

    name: str
    hurt: int
    calls: int
    application_errors: int
    broken: tuple[str, ...]
    webhooks: int
    p99: float
    slowest: float
    ends: frozenset[Ended]


@dataclass(frozen=True, slots=True)
class House:
    """What an experiment may hurt."""

    redis: RedisServer
    servers: tuple[WebServer, ...]


Hurt = Callable[[House, random.Random], None]


@dataclass(frozen=True, slots=True)
class Router:
    """A balancer before the servers: one that refuses the connection is passed over, a broken answer stays broken."""

    servers: tuple[WebServer, ...]

    def send(self, request: Request) -> Response:
        *others, last = random.sample(self.servers, len(self.servers))
        for server in others:
            try:
                return server.transport.send(request)
            except ConnectFailedError:
                continue
        return last.transport.send(request)


def kill_or_start_redis(house: House, chance: random.Random) -> None:
    """In turn, so that calls meet a Redis that is away for as long as one that is there."""
    if house.redis.is_running():
        house.redis.kill()
    else:
        house.redis.start()


def stop_redis(house: House, chance: random.Random) -> None:
    house.redis.pause()


def kill_a_worker(house: House, chance: random.Random) -> None:
    workers = [pid for server in house.servers for pid in workers_of(server)]
    if workers:
        os.kill(chance.choice(workers), signal.SIGKILL)


def restart_a_server(house: House, chance: random.Random) -> None:
    """SIGTERM, as at a deploy: what is being served is finished, what waits in the queue is reset."""
    server = chance.choice(house.servers)
    server.stop()
    server.start()


def workers_of(server: WebServer) -> list[int]:
    assert server.process is not None
    pid = server.process.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def run(
    name: str, hurt: Hurt, folder: Path, *, calls: int, times: int, servers: int = 1, number: Number = TRIES_AGAIN
) -> Score:
    """Play `calls` calls and hurt the house `times` times, evenly spread over them."""
    folder.mkdir(parents=True, exist_ok=True)
    places = [folder / str(number) for number in range(servers)]
    for place in places:
        place.mkdir()
    started: list[WebServer] = []
    with RedisServer(appendonly="yes", appendfsync="always") as redis:
        try:
            for place in places:
                started.append(WebServer(redis.url, place, DOCUMENT))
            return _played(name, hurt, House(redis, tuple(started)), number, calls=calls, times=times)
        finally:
            redis.resume()
            for server in started:
                server.stop()


def _played(name: str, hurt: Hurt, house: House, number: Number, *, calls: int, times: int) -> Score:
    twilio = Twilio(Router(house.servers), ACCOUNT_SID, AUTH_TOKEN, BASE_URL, seed=1, number=number)
    done, chance = threading.Semaphore(0), random.Random(times)

    def play(seed: int) -> Finished:
        try:
            return twilio.place_call(call(seed))
        finally:
            done.release()

    with ThreadPoolExecutor(CALLERS) as callers:
        running = [callers.submit(play, seed) for seed in range(calls)]
        for _ in range(times):
            for _ in range(calls // (times + 1)):
                done.acquire()
            hurt(house, chance)
        finished = [future.result() for future in running]
    return _scored(name, times, finished)


def _scored(name: str, times: int, finished: list[Finished]) -> Score:
    answers = [exchange.received.response for each in finished for exchange in each.documents]
    seconds = sorted(answer.seconds for answer in answers if answer)
    return Score(
        name, times, len(finished),
        sum(each.ended is Ended.APPLICATION_ERROR for each in finished),
        tuple(each.report() for each in finished if not each.ok),
        len(seconds), seconds[int(len(seconds) * 0.99)], seconds[-1], frozenset(each.ended for each in finished),
    )  # fmt: skip
