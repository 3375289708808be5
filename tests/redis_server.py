"""A real redis-server for tests, on its own unix socket and port, that can be killed, stopped and started again."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from time import monotonic, sleep

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from webapp.store.server_program import find_server


def wait_until(condition: object, seconds: float = 10.0) -> None:
    """Poll a condition (a callable) until it holds; fail when it does not in time."""
    assert callable(condition)
    end = monotonic() + seconds
    while not condition():
        assert monotonic() < end, "the condition did not come true in time"
        sleep(0.01)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def commands_on_disk(directory: Path) -> Path:
    """The append-only file that grows: since Redis 7 one part among several, in older ones the only file."""
    [found] = [*directory.glob("appendonlydir/*.incr.aof"), *directory.glob("appendonly.aof")]
    return found


class WouldNotStartError(Exception):
    """This redis-server does not know one of its options."""


class RedisServer:
    """`url` is the unix socket, `tcp_url` the port. Options are those of redis.conf: `maxmemory="2mb"`."""

    def __init__(self, **options: str) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="handoff-redis-"))
        self.socket = self.directory / "redis.sock"
        self.port = free_port()
        self.url = f"unix://{self.socket}"
        self.tcp_url = f"redis://127.0.0.1:{self.port}/0"
        self._options = {"save": "", "appendonly": "no"} | {k.replace("_", "-"): v for k, v in options.items()}
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "unixsocket": str(self.socket),
            "dir": str(self.directory),
            "loglevel": "warning",
        } | self._options
        # A value of two words (`replicaof`) is two arguments.
        arguments = [part for name, value in settings.items() for part in (f"--{name}", *(value.split() or [""]))]
        self.process = subprocess.Popen(
            [find_server(), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.directory
        )
        wait_until(lambda: self.answers() or not self.is_running())
        if not self.is_running():
            raise WouldNotStartError(" ".join(arguments))

    @staticmethod
    def sentinel(configuration: Path) -> subprocess.Popen[bytes]:
        """A sentinel with this configuration file; the caller ends it."""
        return subprocess.Popen([find_server(), str(configuration), "--sentinel"], stdout=subprocess.DEVNULL)

    def answers(self) -> bool:
        with self.client() as client:
            try:
                return bool(client.ping())
            except RedisError:
                return False

    def client(self) -> Redis:
        return Redis(
            unix_socket_path=str(self.socket),
            decode_responses=True,
            password=self._options.get("requirepass"),
            retry=Retry(NoBackoff(), 0),
            socket_timeout=5,
        )

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        """SIGSTOP: connections are accepted by the kernel, and nobody answers."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> RedisServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
