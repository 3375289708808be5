"""The private Redis of `handoff run`: a redis-server child on a unix socket that ends together with its parent."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from webapp.running_children import die_with_parent
from webapp.store.server_program import EmbeddedRedisError, find_server

START_SECONDS: Final = 20.0
STOP_SECONDS: Final = 2.0
_OWNER: Final = "redis.owner"
_LONGEST_SOCKET_PATH: Final = 100
"""A unix socket's path has room for 108 bytes on Linux and 104 on macOS (`sun_path` in unix(7))."""


def socket_path(data_directory: Path) -> Path:
    """The same for every process that uses this data directory, so that commands find the running server."""
    directory = data_directory.resolve()
    path = directory / "redis.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"handoff-{os.getuid()}-{name}" / "redis.sock"


def embedded_url(data_directory: Path) -> str:
    return f"unix://{socket_path(data_directory)}"


class EmbeddedRedis:
    """Append-only with a sync on each write, so that an acknowledged edit survives a crash of everything."""

    def __init__(self, data_directory: Path, *, server: str | None = None) -> None:
        self._server = server
        self.directory = data_directory.resolve()
        self.socket = socket_path(data_directory)
        self.url = embedded_url(data_directory)
        self._owner = self.directory / _OWNER
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Returns when the server answers. Raises EmbeddedRedisError."""
        self._prepare_directories()
        if answers(self.socket) and not self._end_orphan():
            raise EmbeddedRedisError(
                f"Another process already serves the store in {self.directory}. Stop it, or set HANDOFF_DATA_DIR."
            )
        with suppress(FileNotFoundError):
            self.socket.unlink()  # What a killed server left behind.
        command = [self._server or find_server(self.directory), *self._arguments()]
        log_file = self.directory / "redis.log"
        log_file.touch(mode=0o600)
        with log_file.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 (our own server, our own arguments)
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                # Its own group: Ctrl-C reaches the parent alone, which ends the server last, when nobody writes.
                process_group=0,
                umask=0o077,  # Callers' numbers are in the append-only file.
                preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            )
        self._wait_until_it_answers()
        self._owner.touch(mode=0o600)
        self._owner.write_text(f"{os.getpid()}\n", encoding="ascii")

    def _end_orphan(self) -> bool:
        """Where the system cannot end a child together with its parent (macOS), a killed run leaves its server."""
        try:
            os.kill(int(self._owner.read_text(encoding="ascii")), 0)
        except ProcessLookupError:
            with Redis(unix_socket_path=str(self.socket), retry=Retry(NoBackoff(), 0)) as client:
                client.shutdown(nosave=True)  # Every write is in the append-only file already.
            return True
        except (OSError, ValueError):
            return False
        return False

    def _prepare_directories(self) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            (self.directory / "appendonlydir").chmod(0o700)  # Made by an earlier release, for everybody to read.
        if self.socket.parent != self.directory:
            self.socket.parent.mkdir(mode=0o700, exist_ok=True)
            if self.socket.parent.stat().st_uid != os.getuid():
                raise EmbeddedRedisError(
                    f"{self.socket.parent} belongs to somebody else. Set a shorter HANDOFF_DATA_DIR."
                )

    def _arguments(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.directory),
            "appendonly": "yes",
            "appendfsync": "always",
            "aof-load-truncated": "yes",
            "save": "",
            "daemonize": "no",
            "maxmemory-policy": "noeviction",
            "pidfile": str(self.directory / "redis.pid"),
            "loglevel": "notice",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def _wait_until_it_answers(self) -> None:
        end = monotonic() + START_SECONDS
        while not answers(self.socket):
            if not self.is_running() or monotonic() > end:
                self.stop()
                raise EmbeddedRedisError(f"redis-server did not start; see {self.directory / 'redis.log'}.")
            sleep(0.01)

    def restart(self) -> None:
        self.stop()
        self.start()

    def stop(self) -> None:
        """SIGTERM, so that everything is synced, then SIGKILL when it does not end."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)  # A stopped server would not notice the next signal.
            process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._process = None
        for leftover in (self.socket, self.directory / "redis.pid", self._owner):
            with suppress(FileNotFoundError):
                leftover.unlink()

    def __enter__(self) -> EmbeddedRedis:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def answers(socket: Path) -> bool:
    """Does a Redis that has loaded its data answer on this socket?"""
    client = Redis(unix_socket_path=str(socket), socket_timeout=1.0, retry=Retry(NoBackoff(), 0))
    try:
        return bool(client.ping())
    except (RedisError, OSError):
        return False
    finally:
        client.close()
