"""What Redis refuses by its own word: read-only, full, without disk, password, room or time."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from redis import Redis

from tests.redis_server import RedisServer, free_port, wait_until
from tests.store.asking import PING, failure, works
from webapp.store.redis import Reason, StoreUnavailableError, VoiceRedis
from webapp.store.unavailable import error_from_answer


def test_a_read_only_server_still_answers_reads(server: RedisServer, client: VoiceRedis) -> None:
    client.execute([("SET", "k", "v")])
    with server.client() as admin:
        admin.execute_command("REPLICAOF", "127.0.0.1", str(free_port()))
        admin.config_set("replica-serve-stale-data", "yes")
        read, write = client.execute([("GET", "k"), ("SET", "k", "w")])
        assert read == "v"
        assert isinstance(write, StoreUnavailableError)
        assert write.reason is Reason.READ_ONLY
        assert client.state().available
        wait_until(lambda: client.state().writes is Reason.READ_ONLY)
        with pytest.raises(StoreUnavailableError):
            client.execute([("SET", "k", "w")])
        admin.execute_command("REPLICAOF", "NO", "ONE")
    wait_until(lambda: client.state().writes is None)
    assert client.execute([("SET", "k", "w")]) == ["OK"]


def test_a_full_server_refuses_writes_with_its_reason(server: RedisServer, client: VoiceRedis) -> None:
    client.execute([("SET", "k", "v")])
    with server.client() as admin:
        admin.config_set("maxmemory", "1")
        read, write = client.execute([("GET", "k"), ("SET", "k", "x" * 100)])
        assert read == "v"
        assert isinstance(write, StoreUnavailableError)
        assert write.reason is Reason.OUT_OF_MEMORY
        assert client.state().available


def test_a_full_disk_leaves_reads_and_the_breaker_closed(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    with RedisServer(save="3600 1", dir=str(gone)) as server:
        client = VoiceRedis(server.url)
        try:
            client.execute([("SET", "k", "v")])
            with server.client() as admin:
                gone.rmdir()
                admin.bgsave()
                wait_until(lambda: admin.info("persistence")["rdb_last_bgsave_status"] == "err")
            read, write = client.execute([("GET", "k"), ("SET", "k", "w")])
            assert read == "v"
            assert isinstance(write, StoreUnavailableError)
            assert write.reason is Reason.DISK
            assert client.state().available
        finally:
            client.close()


@pytest.mark.parametrize(
    "before_7", ["", "ERR Error running script (call to f_75): @user_script:1: @user_script: 1: -"]
)
def test_what_a_script_was_refused_has_the_same_reason_before_redis_7(before_7: str) -> None:
    error = error_from_answer(f"{before_7}OOM command not allowed when used memory > 'maxmemory'.")
    assert isinstance(error, StoreUnavailableError)
    assert error.reason is Reason.OUT_OF_MEMORY


def test_a_wrong_password_is_named_and_not_repeated() -> None:
    with RedisServer(requirepass="right-password") as server:
        wrong = VoiceRedis(f"redis://:wrong-password@127.0.0.1:{server.port}/0")
        none = VoiceRedis(server.tcp_url)
        right = VoiceRedis(f"redis://:right-password@127.0.0.1:{server.port}/2")
        try:
            with pytest.raises(StoreUnavailableError) as caught:
                wrong.execute(PING)
            assert caught.value.reason is Reason.DENIED
            assert "wrong-password" not in str(caught.value)
            assert failure(none) is Reason.DENIED
            assert right.execute([("SET", "in-db-2", "v")]) == ["OK"]
            with server.client() as admin:
                assert admin.get("in-db-2") is None, "the database of the URL is used"
        finally:
            for client in (wrong, none, right):
                client.close()


def test_a_server_with_too_many_clients_is_named() -> None:
    with RedisServer(maxclients="1") as server, server.client() as only:
        assert only.ping()
        client = VoiceRedis(server.url)
        assert failure(client) in (Reason.CROWDED, Reason.CLOSED)
        client.close()


def test_a_script_that_never_ends_is_named(server: RedisServer, client: VoiceRedis) -> None:
    client.execute(PING)
    with server.client() as admin:
        admin.config_set("lua-time-limit", "1")
    endless = threading.Thread(target=_run_endless_script, args=(server,))
    endless.start()
    try:
        wait_until(lambda: not works(client))
        reasons = {failure(client) for _ in range(3)}
        assert reasons <= {Reason.BUSY, Reason.TIMED_OUT}
    finally:
        with server.client() as admin:
            wait_until(lambda: _script_was_killed(admin))
        endless.join()
    wait_until(lambda: works(client))


def _run_endless_script(server: RedisServer) -> None:
    with server.client() as admin:
        try:
            admin.eval("while true do end", 0)
        except Exception:
            return


def _script_was_killed(admin: Redis) -> bool:
    try:
        return bool(admin.script_kill())
    except Exception:
        return False
