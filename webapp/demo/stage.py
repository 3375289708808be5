"""Everything that the demo needs and nothing of the user's: a store, a server and a data directory of its own."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from webapp.calls.reader import CallReader
from webapp.configurations.assembly import open_history
from webapp.demo.calls import MENU, MENU_LINE, RECEPTION
from webapp.running import PROJECT
from webapp.running_children import Child
from webapp.settings import Settings, load_settings
from webapp.store.embedded import EmbeddedRedis
from webapp.store.redis import open_redis
from webapp.webhook_sender import NothingListensError, WebhookSender

APPLICATION = "webapp.demo.application:app"
EXAMPLE = PROJECT / "handoff.example.yaml"
START_SECONDS = 30.0
STOP_SECONDS = 3.0
AUTHOR = "handoff demo"


class DemoNotStartedError(Exception):
    """The server did not answer in time."""


@dataclass(frozen=True, slots=True)
class Stage:
    sender: WebhookSender
    calls: CallReader
    data: Path
    names: Mapping[str, str]


@contextmanager
def stage() -> Iterator[Stage]:
    """Open for as long as the block runs; afterwards no process and no file is left."""
    data = Path(tempfile.mkdtemp(prefix="handoff-demo-"))
    try:
        with EmbeddedRedis(data):
            port = _free_port()
            environment = _environment(data, port)
            settings = load_settings(environment)
            names = _seeded(settings)
            server = Child("demo server", _command(port), environment)
            server.start()
            try:
                with open_redis(settings.store_url) as client:
                    sender = WebhookSender(
                        settings.base_url, settings.base_url, settings.signing_tokens[0].get_secret_value()
                    )
                    _wait_until_it_answers(server, sender)
                    yield Stage(sender, CallReader(client), data, names)
            finally:
                server.stop(STOP_SECONDS)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _environment(data: Path, port: int) -> dict[str, str]:
    """Ours with none of the user's settings: the demo must not touch a real store or a real account."""
    known = {name.upper() for name in Settings.model_fields}
    known |= {f"{name}_FILE" for name in known}
    kept = {name: text for name, text in os.environ.items() if name not in known}
    return kept | {
        "APP_ENV": "development",
        "HANDOFF_DATA_DIR": str(data),
        "HANDOFF_CONFIG": str(EXAMPLE),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
        "WEB_CONCURRENCY": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH", "")))),
    }


def _seeded(settings: Settings) -> Mapping[str, str]:
    """Version 1 is production; version 2, with a menu, the sandbox that the second number meets."""
    history = open_history(settings)
    try:
        history.adoption.seed_from_file()
        first = history.versions.get("production").document
        history.versions.save({**first, "intake": MENU}, expected=1, author=AUTHOR, note="A menu before the rules")
        numbers = {RECEPTION: {"environment": "production"}, MENU_LINE: {"environment": "sandbox"}}
        history.deployments.save({"numbers": numbers, "default_caller_id": RECEPTION}, expected=None, author=AUTHOR)
        return {one["id"]: one["name"] for one in first["destinations"]}
    finally:
        history.store.client.close()


def _command(port: int) -> list[str]:
    config = str(PROJECT / "gunicorn.conf.py")
    return [sys.executable, "-m", "gunicorn", "--config", config, "--bind", f"127.0.0.1:{port}",
            "--graceful-timeout", "1", APPLICATION]  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(server: Child, sender: WebhookSender) -> None:
    end = monotonic() + START_SECONDS
    while monotonic() < end and server.is_running():
        try:
            sender.post("/voice/status", {})
        except NothingListensError:
            sleep(0.02)
        else:
            return
    raise DemoNotStartedError("The demo's server did not start; its lines above say why.")
