"""kill -9 of the real web server, workers and master, in the middle of saves and promotes over HTTP."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from pydantic import SecretStr

from tests.chaos.experiments import workers_of
from tests.chaos.web_server import WebServer
from tests.configurations.conftest import Server
from tests.configurations.process import Process, configuration
from tests.redis_server import wait_until
from tests.simulator.terminal import Terminal

PROMOTES = 300
PROMOTES_BETWEEN_KILLS = 8
TOKENS = 8
"""One may ask 600 times in a minute."""


class Editor:
    """Saves and promotes over HTTP, one after the other, and remembers what was acknowledged."""

    def __init__(self, web: WebServer, observer: Process, tokens: list[str]) -> None:
        self._web, self._observer, self._tokens = web, observer, tokens
        self.saved: dict[int, str] = {}
        self.promoted = [1]
        self.unanswered = 0
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._edit)

    def _edit(self) -> None:
        turn = 0
        while not self._ends.is_set():
            turn += 1
            try:
                self._save_and_promote(turn, {"Authorization": f"Bearer {self._tokens[turn % len(self._tokens)]}"})
            except requests.RequestException:
                self.unanswered += 1
                wait_until(self._web.answers, 30)

    def _save_and_promote(self, turn: int, token: dict[str, str]) -> None:
        name = f"Hotel {turn}"
        saved = self._ask("PUT", "configuration", configuration(name), {"If-Match": "*"} | token)
        self.saved[saved["version"]] = name
        production = self._observer.versions.pointers().of("production").number
        wanted = {"version": saved["version"], "expected_production": production}
        self.promoted.append(self._ask("POST", "promotions", wanted, token)["version"])

    def _ask(self, method: str, path: str, body: object, headers: dict[str, str]) -> dict[str, int]:
        """An answer is an acknowledgement; a refusal is a fault of this test, because nobody else edits."""
        url = f"http://127.0.0.1:{self._web.port}/api/v1/{path}"
        answer = requests.request(method, url, json=body, headers=headers, timeout=15)
        assert answer.ok, answer.text
        said: dict[str, int] = answer.json()
        return said

    def __enter__(self) -> Editor:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def goes_on_to(self, promotes: int) -> None:
        wait_until(lambda: len(self.promoted) > promotes or not self._thread.is_alive(), 60)
        assert self._thread.is_alive(), "an edit was refused"


def kill_a_worker(web: WebServer, dice: random.Random) -> None:
    wait_until(lambda: len(workers_of(web)) == 2)
    os.kill(dice.choice(workers_of(web)), signal.SIGKILL)


def kill_the_master(web: WebServer, _: random.Random) -> None:
    """Its workers notice within a second and end; then a platform starts the server again."""
    assert web.process is not None
    workers = workers_of(web)
    web.process.kill()
    web.process.wait()
    wait_until(lambda: not any(is_running(pid) for pid in workers), 20)
    web.start()


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


KILLS: tuple[Callable[[WebServer, random.Random], None], ...] = (*[kill_a_worker] * 6, kill_the_master)


@pytest.mark.slow
def test_killing_workers_and_master_during_300_promotes_over_http_loses_nothing_acknowledged(
    server: Server, tmp_path: Path
) -> None:
    dice = random.Random(11)
    with WebServer(server.url, tmp_path, configuration()) as web:
        admin = Terminal(tmp_path, **web.environment)
        tokens = [
            admin.ask("tokens", "create", f"editor {number}", "--role", "releaser", "--environment", "production")[
                "token"
            ]
            for number in range(TOKENS)
        ]
        observer = Process(server.client(), tmp_path / "observer", secrets=(SecretStr(web.environment["SECRET_KEY"]),))
        with Editor(web, observer, tokens) as editor:
            for turn, promotes in enumerate(range(0, PROMOTES, PROMOTES_BETWEEN_KILLS)):
                editor.goes_on_to(promotes)
                time.sleep(dice.uniform(0, 0.05))
                KILLS[turn % len(KILLS)](web, dice)
                observer.live.refresh()
                assert observer.live.reasons().faults == ()
                published = observer.live.environment("production")
                assert published.document == observer.versions.get(published.version.number).document
            editor.goes_on_to(PROMOTES)
    assert editor.unanswered > 5, "some kills must have hit an edit"
    for number, name in editor.saved.items():
        assert observer.versions.get(number).document["name"] == name
    assert editor.promoted == sorted(editor.promoted)
    assert observer.versions.pointers().of("production").number >= editor.promoted[-1]
    assert observer.editor.audit_faults() == []
