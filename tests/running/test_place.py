"""The port, ngrok's tunnel and the note for other commands."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.redis_server import free_port
from webapp.running_place import (
    FIRST_PORT,
    PortTakenError,
    Running,
    choose_port,
    find_tunnel,
    forget_running,
    read_running,
)


class Agent:
    """ngrok's local agent, as far as we ask it."""

    def __init__(self) -> None:
        self.answer: Any = {"tunnels": []}
        agent = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(agent.answer).encode())

            def log_message(self, *_: Any) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/tunnels"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def agent() -> Iterator[Agent]:
    own = Agent()
    yield own
    own.close()


def tunnel(public: str, address: str) -> dict[str, Any]:
    return {"public_url": public, "config": {"addr": address}}


def test_the_tunnel_to_our_port_is_found(agent: Agent) -> None:
    agent.answer = {
        "tunnels": [
            tunnel("https://other.ngrok-free.app", "http://localhost:9999"),
            tunnel("http://plain.ngrok-free.app", "http://localhost:8000"),
            tunnel("https://ours.ngrok-free.app", "http://localhost:8000"),
        ]
    }
    assert find_tunnel(8000, agent.url) == "https://ours.ngrok-free.app"
    assert find_tunnel(8001, agent.url) is None


@pytest.mark.parametrize("answer", [[], {}, {"tunnels": None}, {"tunnels": [None, {}, {"public_url": 5}]}, "x"])
def test_an_odd_agent_is_no_tunnel(agent: Agent, answer: Any) -> None:
    agent.answer = answer
    assert find_tunnel(8000, agent.url) is None


def test_no_agent_is_no_tunnel() -> None:
    assert find_tunnel(8000, f"http://127.0.0.1:{free_port()}/api/tunnels") is None


def test_a_wanted_port_that_is_taken_is_refused_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortTakenError, match="--port"):
        choose_port(taken.getsockname()[1], "127.0.0.1")


@pytest.mark.parametrize("port", [None, 8000])
def test_an_address_that_is_none_of_this_machine_is_named_as_such(port: int | None) -> None:
    with pytest.raises(PortTakenError, match=r"no address 192\.0\.2\.1"):
        choose_port(port, "192.0.2.1")


def test_the_next_free_port_from_8000_is_taken() -> None:
    chosen = choose_port(None, "127.0.0.1")
    assert chosen >= FIRST_PORT
    with socket.create_server(("127.0.0.1", chosen)):
        assert choose_port(None, "127.0.0.1") > chosen


def test_the_note_is_read_while_the_process_lives(tmp_path: Path) -> None:
    running = Running(pid=os.getpid(), port=8000, local_url="http://127.0.0.1:8000", base_url="https://x.example.com")
    running.note(tmp_path)
    assert read_running(tmp_path) == running
    Running(pid=2**22 + 1, port=8000, local_url="http://127.0.0.1:8000", base_url="x").note(tmp_path)
    assert read_running(tmp_path) is None, "a note of a process that died is not believed"
    forget_running(tmp_path)
    assert read_running(tmp_path) is None
