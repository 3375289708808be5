"""What `handoff run` starts and watches: the private Redis, the web server, the worker; and how it ends them."""

from __future__ import annotations

import os
import signal
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final

import click

from webapp.cli import command_names
from webapp.running_children import Child, Restarts
from webapp.running_console import console_address
from webapp.running_file import has_begun, how_to_bring_in, refuse_faulty_file
from webapp.running_place import Running, find_tunnel, forget_running
from webapp.settings import Settings
from webapp.store.embedded import EmbeddedRedis

APPLICATION: Final = "webapp.wsgi:app"
READY_SECONDS: Final = 30.0
GRACE_SECONDS: Final = 4
"""For answers that are under way. With Redis's own time everything has ended within 8 s of a signal."""
WATCH_SECONDS: Final = 0.25
TUNNEL_SECONDS: Final = 2.0
PROJECT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Plan:
    settings: Settings
    host: str
    port: int
    application: str = APPLICATION
    look_for_tunnel: Callable[[int], str | None] = find_tunnel
    remark: str = ""
    """Said once it is certain that something starts."""

    @property
    def local_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def run(plan: Plan) -> int:
    """Start everything, serve until SIGINT or SIGTERM, stop everything. Returns the exit code."""
    house = House(plan)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, house.ask_to_stop)
    try:
        house.open()
        return house.watch()
    finally:
        house.close()


class House:
    """The processes that live and end together."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._stop = threading.Event()
        self._data = plan.settings.handoff_data_dir.resolve()
        self._redis = EmbeddedRedis(self._data) if plan.settings.has_own_store else None
        environment = dict(os.environ) | {
            "PYTHONUNBUFFERED": "1",
            "PORT": str(plan.port),
            "HANDOFF_DATA_DIR": str(self._data),
        }
        self._web = Child("web server", _web_command(plan), environment)
        self._worker = Child("worker", [sys.executable, "-m", "webapp.cli", "worker"], environment)
        self._restarts = Restarts()
        self._has_worker = "worker" in command_names()
        self._base_url = plan.settings.base_url
        self._looked_at = 0.0
        self._begun_before = False

    def ask_to_stop(self, *_: Any) -> None:
        """Only a flag: the signal may come in the middle of a start."""
        self._stop.set()

    def open(self) -> None:
        if self._redis is not None:
            self._redis.start()
        self._begun_before = has_begun(self._data)
        if not self._plan.settings.is_production and not self._begun_before:
            refuse_faulty_file(self._plan.settings)
        if self._plan.remark:
            click.echo(self._plan.remark, err=True)
        self._base_url = self._current_base_url()
        self._begin_to_serve()

    def _begin_to_serve(self) -> None:
        """The web server first: it seeds an empty store, and whoever waits for the first page waits for it alone."""
        self._web.start(PUBLIC_BASE_URL=self._base_url)
        if self._wait_until_ready():
            if self._has_worker:
                self._worker.start(PUBLIC_BASE_URL=self._base_url)
            self._note()
            self._say_where()
            self._say_what_is_new()

    def _current_base_url(self) -> str:
        """What the settings say; in development else ngrok's tunnel to us, else our own port."""
        self._looked_at = monotonic()
        if self._plan.settings.public_base_url:
            return self._plan.settings.public_base_url
        return self._plan.look_for_tunnel(self._plan.port) or self._plan.local_url

    def _wait_until_ready(self) -> bool:
        end = monotonic() + READY_SECONDS
        while not self._stop.is_set() and self._web.is_running() and monotonic() < end:
            if _answers(f"{self._plan.local_url}/healthz"):
                return True
            self._stop.wait(0.02)
        return False

    def _note(self) -> None:
        Running(os.getpid(), self._plan.port, self._plan.local_url, self._base_url).note(self._data)

    def _say_where(self) -> None:
        settings = self._plan.settings
        store = f"private Redis in {self._data}" if self._redis else "REDIS_URL"
        twilio = settings.twilio_account_sid or "not connected; `handoff demo` and the simulator work without"
        for name, value in (
            ("Console", console_address(settings, self._plan.local_url)),
            ("Voice webhook", f"{self._base_url}/voice/call"),
            ("Store", store),
            ("Twilio", twilio),
        ):
            click.echo(f"  {name:<15}{value}")
        click.echo("  Stop with Ctrl-C.")
        sys.stdout.flush()

    def _say_what_is_new(self) -> None:
        if self._begun_before and (words := how_to_bring_in(self._plan.settings)):
            click.echo(f"  {words}", err=True)

    def watch(self) -> int:
        """Until somebody says stop (0) or the web server is gone (1). All others are started again."""
        while not self._stop.wait(WATCH_SECONDS):
            if not self._web.is_running():
                click.echo("The web server has ended by itself; see its lines above.", err=True)
                return 1
            self._mend()
            if monotonic() - self._looked_at > TUNNEL_SECONDS:
                self._follow_tunnel()
        return 0

    def _mend(self) -> None:
        if self._redis is not None and not self._redis.is_running():
            click.echo("The private Redis has ended; it is started again. Calls go on meanwhile.", err=True)
            self._redis.restart()
        gone = self._has_worker and not self._worker.is_running()
        if gone and self._restarts.is_due(monotonic() - self._worker.started_at):
            click.echo("The worker has ended; it is started again.", err=True)
            self._worker.start()

    def _follow_tunnel(self) -> None:
        """People start ngrok after us: Twilio signs the tunnel's address, so the web server has to know it."""
        found = self._current_base_url()
        if found == self._base_url:
            return
        self._base_url = found
        click.echo(f"Twilio reaches this app at {found} now; the web server starts again with it.", err=True)
        self._worker.ask_to_stop()
        self._web.stop(GRACE_SECONDS)
        self._worker.stop(GRACE_SECONDS)
        self._begin_to_serve()

    def close(self) -> None:
        """The web server and the worker first, together; the store last, so that they can still write."""
        end = monotonic() + GRACE_SECONDS + 1
        with suppress(OSError):
            forget_running(self._data)
        self._web.ask_to_stop()
        self._worker.ask_to_stop()
        self._web.stop(end - monotonic())
        self._worker.stop(end - monotonic())
        if self._redis is not None:
            self._redis.stop()


def _web_command(plan: Plan) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn"),
        *("--config", str(PROJECT / "gunicorn.conf.py")),
        *("--bind", f"{plan.host}:{plan.port}"),
        *("--graceful-timeout", str(GRACE_SECONDS)),
        plan.application,
    ]


def _answers(url: str) -> bool:
    """Does an HTTP server answer there, with whatever status?"""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(url, timeout=1).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
