"""A start beside a store that takes connections and never answers: it is not waited for where that cannot help."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.redis_server import free_port
from webapp.running_console import console_address
from webapp.running_file import FaultyFileError, refuse_faulty_file
from webapp.settings import Settings, load_settings

EXAMPLE = Path(__file__).resolve().parents[2] / "handoff.example.yaml"
REFUSED = {"configuration": {"edits_refused": "Redis does not answer in time."}}


class Hanging:
    """A server whose connections nobody takes."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.url = f"redis://127.0.0.1:{self.listener.getsockname()[1]}/0"

    def was_asked(self) -> bool:
        try:
            self.listener.accept()[0].close()
        except BlockingIOError:
            return False
        return True


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    server = Hanging()
    yield server
    server.listener.close()


def settings_at(url: str, directory: Path, file: Path = EXAMPLE) -> Settings:
    return load_settings({"REDIS_URL": url, "HANDOFF_DATA_DIR": str(directory), "HANDOFF_CONFIG": str(file)})


def test_the_store_is_not_asked_whether_it_is_empty_while_the_file_is_sound(hanging: Hanging, tmp_path: Path) -> None:
    refuse_faulty_file(settings_at(hanging.url, tmp_path))
    assert not hanging.was_asked()


def test_a_faulty_file_stops_the_start_only_beside_an_empty_store(
    hanging: Hanging, redis_url: str, tmp_path: Path
) -> None:
    faulty = tmp_path / "mine.yaml"
    faulty.write_text("schema: 1\nnam: typo\n", encoding="utf-8")
    refuse_faulty_file(settings_at(hanging.url, tmp_path, faulty))
    assert hanging.was_asked()
    with pytest.raises(FaultyFileError):
        refuse_faulty_file(settings_at(redis_url, tmp_path, faulty))


@contextmanager
def web_server(readiness: object) -> Iterator[str]:
    """Ours as far as `/readyz` goes."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(readiness).encode())

        def log_message(self, *_: object) -> None:
            """Nothing: the test's output is its own."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_no_link_is_asked_of_a_store_that_the_web_server_has_found_hanging(hanging: Hanging, tmp_path: Path) -> None:
    with web_server(REFUSED) as url:
        assert console_address(settings_at(hanging.url, tmp_path), url) == f"{url}/"
    assert not hanging.was_asked()


@pytest.mark.parametrize("readiness", [{"configuration": {"edits_refused": None}}, [], "odd"])
def test_the_link_is_made_as_long_as_nothing_speaks_against_it(
    redis_url: str, tmp_path: Path, readiness: object
) -> None:
    with web_server(readiness) as url:
        assert console_address(settings_at(redis_url, tmp_path), url).startswith(f"{url}/setup?token=")


def test_a_web_server_that_does_not_say_it_is_no_reason_against_the_link(redis_url: str, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert console_address(settings_at(redis_url, tmp_path), url).startswith(f"{url}/setup?token=")
