"""A redis-server of one's own on a unix socket, and the parts that a process of the app would hold."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from webapp.store.server_program import find_server


class Server:
    """A real redis-server that a test may kill and start again; the directory, and so its files, stay."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory = directory
        self.options = options
        self.socket = directory / "s"
        self._process: subprocess.Popen[bytes] | None = None
        self._clients: list[redis.Redis] = []

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        arguments = [
            find_server(),
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
            "--dir",
            str(self.directory),
            "--save",
            "",
        ]
        self._process = subprocess.Popen([*arguments, *self.options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < deadline, "redis-server did not start"
            time.sleep(0.005)

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=2) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def client(self) -> redis.Redis:
        """A client as the app opens it: answers are text. It is closed with the test."""
        client = redis.Redis.from_url(self.url, decode_responses=True, socket_timeout=2)
        self._clients.append(client)
        return client

    def close_clients(self) -> None:
        while self._clients:
            self._clients.pop().close()


@pytest.fixture(scope="package")
def shared_server() -> Iterator[Server]:
    directory = Path(tempfile.mkdtemp(prefix="h-", dir="/tmp"))
    server = Server(directory, "--appendonly", "yes", "--appendfsync", "always")
    server.start()
    yield server
    server.close_clients()
    server.kill()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def server(shared_server: Server) -> Iterator[Server]:
    shared_server.client().flushall()
    yield shared_server
    shared_server.close_clients()


@pytest.fixture
def killable_server() -> Iterator[Server]:
    directory = Path(tempfile.mkdtemp(prefix="h-", dir="/tmp"))
    server = Server(directory, "--appendonly", "yes", "--appendfsync", "always")
    server.start()
    yield server
    server.close_clients()
    server.kill()
    shutil.rmtree(directory, ignore_errors=True)
