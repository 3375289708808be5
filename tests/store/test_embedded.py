"""The private redis-server: durable, found by others, and never left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.redis_server import commands_on_disk, wait_until
from webapp.store.embedded import EmbeddedRedis, answers, embedded_url, socket_path
from webapp.store.redis import VoiceRedis, open_redis
from webapp.store.server_program import EmbeddedRedisError


@pytest.fixture
def data() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="handoff-embedded-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


def test_it_serves_on_its_socket_and_keeps_every_acknowledged_write(data: Path) -> None:
    with EmbeddedRedis(data) as store, open_redis(store.url) as client:
        assert client.config_get("appendfsync") == {"appendfsync": "always"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("port") == {"port": "0"}, "nobody else on the machine or the network reaches it"
        client.set("kept", "yes")
        assert store.pid is not None
        assert (data / "redis.pid").read_text().strip() == str(store.pid)
        os.kill(store.pid, signal.SIGKILL)
        wait_until(lambda: not store.is_running())
        store.restart()
        assert client.get("kept") == "yes"
    assert not answers(socket_path(data))
    assert not (data / "redis.pid").exists()


def open_to_others(directory: Path) -> list[str]:
    return [str(path) for path in (directory, *directory.rglob("*")) if path.lstat().st_mode & 0o077]


def test_what_callers_leave_on_disk_is_readable_by_the_owner_alone(data: Path) -> None:
    private = data / "var"
    with EmbeddedRedis(private) as store, open_redis(store.url) as client:
        client.set("caller", "+12125550123")
        assert open_to_others(private) == []


def test_a_store_that_an_earlier_release_left_open_to_others_is_closed(data: Path) -> None:
    (data / "appendonlydir").mkdir(mode=0o755)
    with EmbeddedRedis(data):
        assert open_to_others(data / "appendonlydir") == []


def test_both_clients_find_it_by_its_data_directory(data: Path) -> None:
    with EmbeddedRedis(data):
        voice = VoiceRedis(embedded_url(data))
        assert voice.execute([("SET", "k", "v")]) == ["OK"]
        voice.close()


def test_a_long_path_gets_a_short_socket_that_all_processes_agree_on(data: Path) -> None:
    long = data / ("d" * 100) / "var"
    assert len(os.fsencode(socket_path(long))) <= 100
    assert socket_path(long) == socket_path(long / ".." / "var")
    assert socket_path(long) != socket_path(long / "other")
    with EmbeddedRedis(long) as store:
        assert answers(store.socket)
        assert store.socket.parent.stat().st_mode & 0o077 == 0
    shutil.rmtree(store.socket.parent)


def test_two_servers_never_share_a_directory(data: Path) -> None:
    with EmbeddedRedis(data), pytest.raises(EmbeddedRedisError, match="Another process"):
        EmbeddedRedis(data).start()


def test_a_damaged_file_is_reported_and_not_thrown_away(data: Path) -> None:
    with EmbeddedRedis(data) as store, open_redis(store.url) as client:
        for number in range(100):
            client.set(f"k{number}", "v" * 100)
    log = commands_on_disk(data)
    content = bytearray(log.read_bytes())
    content[content.index(b"*3\r\n", 2000)] ^= 0xFF
    log.write_bytes(content)
    with pytest.raises(EmbeddedRedisError, match=r"redis\.log"):
        EmbeddedRedis(data).start()
    assert log.read_bytes() == content
    assert not (data / "redis.pid").exists()


def test_a_stopped_server_is_ended_all_the_same(data: Path) -> None:
    store = EmbeddedRedis(data)
    store.start()
    assert store.pid is not None
    pid = store.pid
    os.kill(pid, signal.SIGSTOP)
    store.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


START_AND_WAIT = """
import sys, time
from pathlib import Path
from webapp.store.embedded import EmbeddedRedis
store = EmbeddedRedis(Path(sys.argv[1]))
store.start()
print(store.pid, flush=True)
time.sleep(60)
"""


def test_it_ends_when_its_parent_is_killed(data: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", START_AND_WAIT, str(data)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    wait_until(lambda: not _is_alive(pid))
    assert not answers(socket_path(data))


def test_a_server_whose_owner_is_gone_makes_room(data: Path) -> None:
    orphan = EmbeddedRedis(data)
    orphan.start()
    with open_redis(orphan.url) as client:
        client.set("kept", "yes")
    (data / "redis.owner").write_text(f"{2**22 + 1}\n")
    with EmbeddedRedis(data) as store, open_redis(store.url) as client:
        assert store.pid != orphan.pid
        assert client.get("kept") == "yes"
        wait_until(lambda: not orphan.is_running())


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
