"""Writes that can wait: they arrive when Redis is back, in order, within a bound, and at the end of a process."""

from __future__ import annotations

import subprocess
import sys
from time import monotonic

import pytest
from redis import Redis

from tests.redis_server import RedisServer, free_port, wait_until
from webapp.store.deferred import Batch, DeferredWrites
from webapp.store.redis import Reason, VoiceRedis


def rows(server: RedisServer) -> list[str]:
    with server.client() as admin:
        found = admin.lrange("rows", 0, -1)
    assert isinstance(found, list)
    return found


def test_a_write_that_can_wait_arrives_soon_and_in_order(voice_redis: VoiceRedis, redis: Redis) -> None:
    for number in range(500):
        voice_redis.later([("RPUSH", "rows", number)])
    assert voice_redis.flush(10)
    assert redis.lrange("rows", 0, -1) == [str(number) for number in range(500)]
    assert voice_redis.state().waiting == 0


def test_nobody_waits_for_it(server: RedisServer) -> None:
    client = VoiceRedis(server.url)
    server.pause()
    start = monotonic()
    for number in range(1000):
        client.later([("RPUSH", "rows", number)])
    assert monotonic() - start < 1
    server.resume()
    assert client.flush(10)
    client.close()


@pytest.mark.parametrize("outage", ["killed", "stopped", "read-only", "full"])
def test_what_was_written_during_an_outage_arrives_after_it(server: RedisServer, outage: str) -> None:
    client = VoiceRedis(server.url)
    try:
        client.execute([("EXISTS", "rows")])
        begin(server, outage)
        for number in range(100):
            client.later([("HSET", "facts", number, "v")])
        wait_until(lambda: client.state().reason is not None or client.state().writes is not None)
        assert client.state().waiting == 100
        end(server, outage)
        wait_until(lambda: client.state().waiting == 0, 15)
        with server.client() as admin:
            assert admin.hlen("facts") == 100
        state = client.state()
        assert (state.dropped, state.refused) == (0, 0)
        assert state.available
        assert state.writes is None
    finally:
        client.close()


def begin(server: RedisServer, outage: str) -> None:
    if outage == "killed":
        server.kill()
    elif outage == "stopped":
        server.pause()
    else:
        with server.client() as admin:
            if outage == "full":
                admin.config_set("maxmemory", "1")
            else:
                admin.execute_command("REPLICAOF", "127.0.0.1", str(free_port()))


def end(server: RedisServer, outage: str) -> None:
    if outage == "killed":
        server.start()
    elif outage == "stopped":
        server.resume()
    else:
        with server.client() as admin:
            admin.config_set("maxmemory", "0")
            admin.execute_command("REPLICAOF", "NO", "ONE")


def test_the_buffer_is_bounded_and_counts_what_it_drops(server: RedisServer) -> None:
    client = VoiceRedis(server.url, deferred=50)
    try:
        server.kill()
        for number in range(80):
            client.later([("RPUSH", "rows", number)])
        wait_until(lambda: client.state().reason is not None)
        assert client.state().waiting <= 50
        server.start()
        wait_until(lambda: client.state().waiting == 0, 15)
        assert client.state().dropped == 30
        assert rows(server) == [str(number) for number in range(30, 80)], "the oldest are dropped"
    finally:
        client.close()


def test_a_write_that_redis_refuses_for_itself_is_counted_and_stops_no_other(server: RedisServer) -> None:
    client = VoiceRedis(server.url)
    client.later([("SET", "text", "v")])
    client.later([("RPUSH", "text", "not a list")])
    client.later([("SET", "after", "v")])
    assert client.flush(10)
    assert client.state().refused == 1
    assert client.execute([("GET", "after")]) == ["v"]
    client.close()


def test_an_outage_that_only_the_background_sees_is_seen_by_all(server: RedisServer) -> None:
    client = VoiceRedis(server.url)
    client.later([("SET", "k", "v")])
    assert client.flush(10)
    server.kill()
    client.later([("SET", "k", "w")])
    wait_until(lambda: not client.state().available)
    assert client.state().reason in (Reason.CLOSED, Reason.NOT_FOUND, Reason.REFUSED)
    client.close(timeout=0.2)


def test_what_comes_back_into_a_full_buffer_is_dropped_from_its_old_end() -> None:
    writes = DeferredWrites(maximum=3)
    for number in range(3):
        writes.add(Batch(b"%d" % number, 1))
    taken = writes.take()
    assert len(writes) == 3, "what is on the way has not arrived"
    writes.add(Batch(b"3", 1))
    writes.put_back(taken)
    assert [batch.packed for batch in writes.take()] == [b"1", b"2", b"3"]
    assert writes.dropped == 1


def test_the_buffer_is_bounded_in_bytes_too() -> None:
    writes = DeferredWrites(maximum_bytes=100)
    for number in range(5):
        writes.add(Batch(b"%d" % number * 40, 1))
    assert [batch.packed[:1] for batch in writes.take()] == [b"3", b"4"]
    assert writes.dropped == 3


def test_what_cannot_be_sent_fails_where_it_was_written(voice_redis: VoiceRedis, redis: Redis) -> None:
    with pytest.raises(TypeError):
        voice_redis.later([("SET", "k", None)])  # type: ignore[list-item]
    voice_redis.later([("SET", "k", "v")])
    assert voice_redis.flush(10)
    assert redis.get("k") == "v"


WRITE_AND_END = """
import sys
from webapp.store.redis import VoiceRedis
client = VoiceRedis(sys.argv[1])
for number in range(300):
    client.later([("RPUSH", "rows", number)])
"""


def test_a_process_that_ends_writes_what_waits(server: RedisServer) -> None:
    subprocess.run([sys.executable, "-c", WRITE_AND_END, server.url], check=True, timeout=30)
    assert rows(server) == [str(number) for number in range(300)]


def test_a_process_that_ends_does_not_hang_on_a_store_that_does(server: RedisServer) -> None:
    server.pause()
    start = monotonic()
    subprocess.run([sys.executable, "-c", WRITE_AND_END, server.url], check=True, timeout=30)
    assert monotonic() - start < 10
    server.resume()
