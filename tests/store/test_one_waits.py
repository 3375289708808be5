"""While Redis hangs, nobody but one waits for it: a caller must not stand behind people at the console."""

from __future__ import annotations

import threading
from time import monotonic

import pytest
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from tests.redis_server import RedisServer, wait_until
from webapp.store.one_waits import LONGEST_TRY_SECONDS, PAUSE_SECONDS, OneWaits
from webapp.store.patient import TIMEOUT_SECONDS, open_redis


def test_after_a_time_out_the_next_ones_are_told_at_once_and_a_server_that_is_back_is_found() -> None:
    with RedisServer() as server, open_redis(server.url) as redis:
        redis.ping()
        server.pause()
        try:
            with pytest.raises(RedisTimeoutError):
                redis.ping()
            began = monotonic()
            for _ in range(20):
                assert not answers(redis)
            assert monotonic() - began < PAUSE_SECONDS
        finally:
            server.resume()
        wait_until(lambda: answers(redis))
        assert all(redis.ping() for _ in range(20))


def answers(redis: object) -> bool:
    try:
        return bool(redis.ping())  # type: ignore[attr-defined]
    except RedisTimeoutError:
        return False


def test_one_at_a_time_waits_for_a_server_that_hangs() -> None:
    with RedisServer() as server, open_redis(server.url) as redis:
        redis.ping()
        server.pause()
        waited: list[float] = []

        def asks_for(seconds: float) -> None:
            end = monotonic() + seconds
            while monotonic() < end:
                began = monotonic()
                answers(redis)
                waited.append(monotonic() - began)
                threading.Event().wait(0.01)

        try:
            answers(redis)
            people = [threading.Thread(target=asks_for, args=(1.0,)) for _ in range(6)]
            for person in people:
                person.start()
            for person in people:
                person.join()
        finally:
            server.resume()
    assert len([seconds for seconds in waited if seconds > TIMEOUT_SECONDS / 2]) == 1


def test_a_server_that_refuses_a_command_does_not_hang() -> None:
    with RedisServer() as server, open_redis(server.url) as redis:
        pool = redis.connection_pool
        pool._one_waits.hung()
        threading.Event().wait(PAUSE_SECONDS)
        with pytest.raises(ResponseError):
            redis.execute_command("NO-SUCH-COMMAND")
        assert redis.ping()


def test_a_try_of_which_nothing_is_heard_keeps_nobody_from_trying_for_ever() -> None:
    now = [0.0]
    one_waits = OneWaits(lambda: now[0])
    one_waits.hung()
    now[0] += PAUSE_SECONDS
    one_waits.ask()
    with pytest.raises(RedisTimeoutError):
        one_waits.ask()
    now[0] += LONGEST_TRY_SECONDS
    one_waits.ask()
