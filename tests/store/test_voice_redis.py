"""VoiceRedis against a real server that works, hangs, dies, comes back, is slow, or is not Redis."""

from __future__ import annotations

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from redis import Redis

from tests.fault_proxy import Fault, FaultProxy
from tests.redis_server import RedisServer, free_port, wait_until
from tests.store.asking import A_HANG, PING, failure, works
from webapp.store.redis import CommandError, Reason, StoreUnavailableError, VoiceRedis


def test_all_commands_of_a_webhook_share_one_round_trip(voice_redis: VoiceRedis, redis: Redis) -> None:
    answers = voice_redis.execute(
        [("HSET", "h", "name", "Zoë", "n", 1), ("HGETALL", "h"), ("GET", "absent"), ("MGET", "a", "b"), ("ECHO", b"x")]
    )
    assert answers == [2, {"name": "Zoë", "n": "1"}, None, [None, None], "x"]
    assert redis.hget("h", "name") == "Zoë"


def test_a_refused_command_leaves_its_error_in_its_place(voice_redis: VoiceRedis) -> None:
    set_, wrong, get = voice_redis.execute([("SET", "k", "v"), ("HGETALL", "k"), ("GET", "k")])
    assert (set_, get) == ("OK", "v")
    assert isinstance(wrong, CommandError)
    assert wrong.code == "WRONGTYPE"
    assert voice_redis.execute([("GET", "k")]) == ["v"], "the next answers are in step"


def test_an_error_does_not_repeat_the_arguments_of_a_command(voice_redis: VoiceRedis) -> None:
    (error,) = voice_redis.execute([("NOSUCH", "+14155550100")])
    assert "4155550100" not in str(error)


def test_text_that_has_no_utf8_form_does_not_stop_a_call(voice_redis: VoiceRedis) -> None:
    assert voice_redis.execute([("SET", "k", "a\ud800b"), ("GET", "k")]) == ["OK", "a?b"]


def test_bytes_that_are_not_text_come_back_marked(voice_redis: VoiceRedis) -> None:
    assert voice_redis.execute([("SET", "k", b"\xff"), ("GET", "k")]) == ["OK", "\ufffd"]


def test_large_answers_arrive_whole(voice_redis: VoiceRedis) -> None:
    large = "x" * 1_000_000
    assert voice_redis.execute([("SET", "k", large), ("GET", "k"), ("GET", "k")]) == ["OK", large, large]


def test_threads_get_their_own_answers_over_few_connections(voice_redis: VoiceRedis, redis: Redis) -> None:
    def ask(number: int) -> bool:
        return all(voice_redis.execute([("ECHO", f"{number}-{i}")]) == [f"{number}-{i}"] for i in range(200))

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(16)))
    ours = [entry for entry in redis.client_list() if entry["name"] == "handoff" and entry["cmd"] == "echo"]
    assert len(ours) <= 4


def test_calls_one_after_another_share_one_connection(voice_redis: VoiceRedis, redis: Redis) -> None:
    for number in range(8):
        voice_redis.execute([("ECHO", str(number))])
    ours = [entry for entry in redis.client_list() if entry["name"] == "handoff" and entry["cmd"] == "echo"]
    assert len(ours) == 1


def test_what_comes_back_after_the_end_is_closed(voice_redis: VoiceRedis, redis: Redis) -> None:
    assert voice_redis.execute([("ECHO", "x")], meanwhile=voice_redis.close) == ["x"]
    wait_until(lambda: not [entry for entry in redis.client_list() if entry["cmd"] == "echo"])


def test_a_refused_connection_fails_at_once_and_opens_the_breaker() -> None:
    client = VoiceRedis(f"redis://127.0.0.1:{free_port()}/0")
    try:
        assert [failure(client) for _ in range(3)] == [Reason.REFUSED] * 3
        assert not client.state().available
        start = monotonic()
        for _ in range(200):
            failure(client)
        assert monotonic() - start < 1, "nobody waits behind an open breaker"
    finally:
        client.close()


def test_a_missing_socket_is_named(tmp_path: object) -> None:
    client = VoiceRedis(f"unix://{tmp_path}/none.sock")
    assert failure(client) is Reason.NOT_FOUND
    client.close()


def test_a_stopped_server_costs_no_more_than_the_deadline(server: RedisServer, client: VoiceRedis) -> None:
    client.execute(PING)
    server.pause()
    try:
        assert [failure(client) for _ in range(3)] == [Reason.TIMED_OUT] * 3
        assert not client.state().available
    finally:
        server.resume()
    wait_until(lambda: client.state().available)
    assert works(client)


def test_sixteen_threads_behind_a_stopped_server_all_get_away(server: RedisServer, client: VoiceRedis) -> None:
    client.execute(PING)
    server.pause()
    try:
        start = monotonic()
        with ThreadPoolExecutor(16) as pool:
            assert not any(pool.map(lambda _: works(client), range(64)))
        assert monotonic() - start < A_HANG
    finally:
        server.resume()


def test_a_killed_server_that_came_back_is_not_noticed(server: RedisServer, client: VoiceRedis) -> None:
    client.execute([("SET", "k", "v")])
    for _ in range(3):
        server.kill()
        server.start()
        assert client.execute(PING) == [0], "the closed connection was replaced, and the commands sent once more"
    assert client.state().available


def test_the_breaker_closes_by_itself_when_the_server_is_back(server: RedisServer, client: VoiceRedis) -> None:
    client.execute(PING)
    server.kill()
    wait_until(lambda: not works(client) and not client.state().available)
    server.start()
    wait_until(lambda: client.state().available)
    assert works(client)


def test_a_proxy_whose_server_is_gone_closes_the_connection_as_the_server_would() -> None:
    with FaultProxy(free_port()) as proxy, socket.create_connection(("127.0.0.1", proxy.port), 5) as client:
        assert client.recv(1) == b""


@pytest.mark.parametrize("fault", [Fault.BLACK_HOLE, Fault.TRICKLE, Fault.GARBAGE, Fault.RESET, Fault.FLOOD])
def test_no_fault_of_the_far_end_outlasts_the_deadline(proxy: FaultProxy, fault: Fault) -> None:
    client = VoiceRedis(proxy.url)
    try:
        assert client.execute([("SET", "k", "v" * 100)]) == ["OK"]
        proxy.fault = fault
        for _ in range(5):
            start = monotonic()
            with pytest.raises(StoreUnavailableError):
                client.execute([("GET", "k"), ("GET", "k")])
            assert monotonic() - start < A_HANG
        assert not client.state().available
        proxy.fault = Fault.NONE
        wait_until(lambda: client.state().available)
        assert client.execute([("STRLEN", "k")]) == [100]
    finally:
        client.close()


def test_a_trickle_is_cut_off_by_the_deadline_and_not_by_the_pause_between_its_bytes(proxy: FaultProxy) -> None:
    client = VoiceRedis(proxy.url, deadline=1.0, pause=5.0)
    try:
        client.execute([("SET", "k", "v" * 200)])
        proxy.fault = Fault.TRICKLE
        start = monotonic()
        with pytest.raises(StoreUnavailableError) as caught:
            client.execute([("GET", "k")])
        assert caught.value.reason is Reason.TIMED_OUT
        assert 0.9 < monotonic() - start < 1.0 + A_HANG, "a bound on each read alone would take 16 s"
    finally:
        client.close()


def test_a_host_name_is_resolved_away_from_the_voice_path(server: RedisServer) -> None:
    client = VoiceRedis(f"redis://localhost:{server.port}/0")
    assert client.execute(PING) == [0], "also when localhost is ::1 first, and Redis listens on 127.0.0.1"
    client.close()


def test_a_forked_process_gets_connections_of_its_own(voice_redis: VoiceRedis) -> None:
    voice_redis.execute([("SET", "k", "parent")])
    child = os.fork()
    if child == 0:
        correct = all(voice_redis.execute([("ECHO", f"child-{i}")]) == [f"child-{i}"] for i in range(300))
        os._exit(0 if correct else 1)
    assert all(voice_redis.execute([("ECHO", f"parent-{i}")]) == [f"parent-{i}"] for i in range(300))
    assert os.waitpid(child, 0)[1] == 0


def test_nothing_is_left_after_close(server: RedisServer) -> None:
    before = threading.active_count()
    open_files = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        client = VoiceRedis(server.url)
        client.execute(PING)
        client.later([("SET", "k", "v")])
        client.close()
    assert threading.active_count() == before
    assert len(os.listdir("/proc/self/fd")) <= open_files


def test_an_outage_leaves_no_connections_behind(server: RedisServer, client: VoiceRedis) -> None:
    client.execute(PING)
    for _ in range(3):
        server.pause()
        for _ in range(4):
            failure(client)
        server.resume()
        wait_until(lambda: works(client))
    with server.client() as admin:
        assert len(admin.client_list()) <= 7, "four of the pool, one of the attendant, this one, one that is closing"
