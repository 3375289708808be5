"""Over HTTP the stand-in meets a real server: many callers at once, and servers that refuse, stall or cut off."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.stand_in import Answer, Call, Twilio
from tests.stand_in.transport import ConnectFailedError, HttpTransport, NoAnswerError, Request
from tests.stand_in_tests.toy import ACCOUNT, BASE, DIAL_DESK, SORRY, TOKEN, Toy


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the name is werkzeug's
        return


@contextmanager
def running(toy: Toy) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, toy, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def test_many_callers_at_once_play_whole_calls_over_http() -> None:
    toy = Toy({"/voice/call": DIAL_DESK, "/ended": SORRY})
    with running(toy) as server, ThreadPoolExecutor(8) as pool:
        twilio = Twilio(HttpTransport(server), ACCOUNT, TOKEN, BASE)
        finished = list(pool.map(lambda _: twilio.place_call(Call(far_end=(Answer("busy"),))), range(60)))
    assert all(each.require().heard == ["Sorry, nobody is here."] for each in finished)
    assert len({each.call_sid for each in finished}) == 60


def request(**changes: float) -> Request:
    return Request("POST", "/voice/call", {"Host": "voice.example.test"}, b"A=1", **changes)


def test_a_refused_connection_is_a_connect_failure() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening
        with pytest.raises(ConnectFailedError):
            HttpTransport(f"http://127.0.0.1:{taken.getsockname()[1]}").send(request())


def test_a_missing_unix_socket_is_a_connect_failure(tmp_path: Path) -> None:
    with pytest.raises(ConnectFailedError):
        HttpTransport(f"unix:{tmp_path / 'none.sock'}").send(request())


@contextmanager
def answering(data: bytes | None) -> Iterator[str]:
    """A server for one connection that sends `data` and closes, or stays silent when there is none."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        released = threading.Event()

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                if data is None:
                    released.wait(10)
                else:
                    connection.sendall(data)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            released.set()
            thread.join(10)


def test_a_server_that_stays_silent_is_given_up_after_the_read_timeout() -> None:
    with answering(None) as server, pytest.raises(NoAnswerError, match="timed out"):
        HttpTransport(server).send(request(read_seconds=0.2))


def test_half_an_answer_is_told_from_none() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<Response>"
    for data, partial in ((half, True), (b"", False)):
        with answering(data) as server, pytest.raises(NoAnswerError) as caught:
            HttpTransport(server).send(request(read_seconds=5))
        assert caught.value.partial is partial
