"""Work for the time that Redis takes: after sending, before reading, and never at the cost of the next round trip."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.redis_server import RedisServer, free_port
from tests.store.asking import PING
from webapp.store.redis import VoiceRedis
from webapp.store.unavailable import Reason, StoreUnavailableError

HELLO = b"%0\r\n"


class SlowOfSpeech:
    """Reads one round trip and answers it only when it is told to."""

    def __init__(self) -> None:
        self.has_read, self.may_answer = threading.Event(), threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self._listener.getsockname()[1]}/0"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(HELLO)
            connection.recv(65_536)
            self.has_read.set()
            self.may_answer.wait(5)
            connection.sendall(b":0\r\n")
            connection.recv(1)

    def close(self) -> None:
        self.may_answer.set()
        self._listener.close()


@pytest.fixture
def slow() -> Iterator[SlowOfSpeech]:
    server = SlowOfSpeech()
    yield server
    server.close()


def test_work_is_done_while_redis_has_the_commands_and_has_not_answered(slow: SlowOfSpeech) -> None:
    client = VoiceRedis(slow.url, deadline=5.0, pause=5.0)

    def work() -> None:
        assert slow.has_read.wait(5), "the commands were on their way before"
        slow.may_answer.set()

    assert client.execute(PING, work) == [0]
    client.close()


def test_what_the_work_raises_is_raised_and_the_next_round_trip_is_in_step(client: VoiceRedis) -> None:
    def work() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        client.execute([("ECHO", "first")], work)
    assert client.execute([("ECHO", "second")]) == ["second"]
    assert client.state().available


def test_nothing_is_done_where_nothing_could_be_sent() -> None:
    client = VoiceRedis(f"redis://127.0.0.1:{free_port()}/0")
    done: list[int] = []
    with pytest.raises(StoreUnavailableError):
        client.execute(PING, lambda: done.append(1))
    assert done == []
    client.close()


def test_a_server_that_reads_nothing_costs_no_more_than_the_deadline(server: RedisServer) -> None:
    client = VoiceRedis(server.url)
    client.execute(PING)
    server.pause()
    try:
        with pytest.raises(StoreUnavailableError) as caught:
            client.execute([("SET", "k", b"v" * 32_000_000)])
        assert caught.value.reason is Reason.TIMED_OUT
    finally:
        server.resume()
        client.close()
