"""What a server refuses, or a server that is none, becomes a sentence and an exit code that a script can tell apart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.chaos.web_server import WebServer
from tests.installation.conftest import Sides, elsewhere
from tests.redis_server import RedisServer, free_port
from tests.simulator.terminal import Terminal

TOKEN = "hf_production_" + "x" * 43


@contextmanager
def answering(status: int, body: bytes = b"", **headers: str) -> Iterator[tuple[str, list[str]]]:
    """A server that is no Handoff: its address, and the Authorization of each request."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}", seen
    finally:
        listening.shutdown()
        listening.server_close()


def test_without_a_token_a_server_is_exit_code_5(sides: Sides) -> None:
    answer = Terminal(sides.folder, HANDOFF_SERVER=sides.url).run("versions")
    assert (answer.exit_code, answer.stdout) == (5, "")
    assert "HANDOFF_TOKEN" in answer.stderr


def test_a_token_that_nobody_knows_is_exit_code_5(sides: Sides) -> None:
    answer = elsewhere(sides.folder, sides.url, TOKEN).run("versions")
    assert (answer.exit_code, answer.stdout) == (5, "")
    assert f"{sides.url} does not know this token" in answer.stderr


@pytest.mark.parametrize(("role", "environment"), [("operator", "production"), ("admin", "sandbox")])
def test_a_token_that_may_not_promote_is_exit_code_5(sides: Sides, role: str, environment: str) -> None:
    answer = sides.with_token(role, environment).run("promote")
    assert answer.exit_code == 5
    assert answer.stderr.strip()


def test_a_server_that_does_not_answer_is_exit_code_6(tmp_path: Path) -> None:
    answer = elsewhere(tmp_path, f"http://127.0.0.1:{free_port()}", TOKEN).run("versions")
    assert (answer.exit_code, answer.stdout) == (6, "")
    assert "does not answer: nothing listens there." in answer.stderr


def test_a_server_whose_store_is_away_is_exit_code_6(tmp_path: Path) -> None:
    with RedisServer() as redis, WebServer(redis.url, tmp_path, WEB_CONCURRENCY="1") as server:
        local = Terminal(tmp_path, **server.environment)
        made = local.ask("tokens", "create", "t", "--role", "admin", "--environment", "production")
        remote = elsewhere(tmp_path, f"http://127.0.0.1:{server.port}", made["token"])
        assert remote.run("versions").exit_code == 0
        redis.kill()
        answer = remote.run("versions")
    assert (answer.exit_code, answer.stdout) == (6, "")
    assert "Calls go on" in answer.stderr


def test_a_page_that_is_no_answer_of_ours_is_said(tmp_path: Path) -> None:
    for status, body in ((200, b"<h1>Welcome</h1>"), (200, b"[]"), (502, b"Bad gateway")):
        with answering(status, body) as (server, _):
            answer = elsewhere(tmp_path, server, TOKEN).run("versions")
        assert (answer.exit_code, answer.stdout) == (6, "")
        assert server in answer.stderr


def test_a_token_follows_no_redirect(tmp_path: Path) -> None:
    with answering(200, b"{}") as (stranger, seen), answering(308, Location=stranger) as (server, _):
        answer = elsewhere(tmp_path, server, TOKEN).run("versions")
    assert (answer.exit_code, seen) == (6, [])
    assert stranger in answer.stderr


def test_a_password_in_netrc_does_not_take_the_tokens_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with answering(404) as (server, seen):
        elsewhere(tmp_path, server, TOKEN).run("versions")
    assert seen == [f"Bearer {TOKEN}"]


@pytest.mark.parametrize("address", ["handoff.example.com", "https://handoff.example.com/api/v1", "ftp://example.com"])
def test_an_address_that_is_no_origin_is_a_usage_error(tmp_path: Path, address: str) -> None:
    answer = elsewhere(tmp_path, address, TOKEN).run("versions")
    assert answer.exit_code == 2
    assert "https://" in answer.stderr


def test_a_token_on_an_open_way_is_warned_of(tmp_path: Path) -> None:
    answer = elsewhere(tmp_path, f"http://127.0.0.2:{free_port()}", TOKEN).run("versions")
    assert "unencrypted" in answer.stderr
    quiet = elsewhere(tmp_path, f"http://127.0.0.1:{free_port()}", TOKEN).run("versions")
    assert "unencrypted" not in quiet.stderr


def test_an_empty_server_option_means_this_machine(sides: Sides) -> None:
    away = Terminal(sides.folder, **sides.server.environment, HANDOFF_SERVER=f"http://127.0.0.1:{free_port()}")
    assert away.run("versions").exit_code == 5
    assert away.run("versions", "--server", "").exit_code == 0


def test_the_options_win_over_the_environment(sides: Sides) -> None:
    made = sides.local.ask("tokens", "create", "by option")
    away = elsewhere(sides.folder, f"http://127.0.0.1:{free_port()}", TOKEN)
    assert away.run("versions", "--server", sides.url, "--token", made["token"]).exit_code == 0


def test_a_token_of_the_sandbox_says_why_it_sees_no_calls(sides: Sides) -> None:
    sides.play("answered")
    assert "answered" in sides.with_token("viewer").run("calls", "list").stdout
    found = sides.with_token("viewer", "sandbox").run("calls", "list")
    assert (found.stdout, found.exit_code) == ("", 0)
    assert "it takes one for production to see production's calls" in found.stderr
