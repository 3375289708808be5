"""What a process answers calls with: both environments compiled in memory, followed from Redis in the background."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from handoff_rules.configuration import Configuration
from webapp import jitter
from webapp.configurations.adoption import Adoption
from webapp.configurations.conflicts import EditRefusedError
from webapp.configurations.deployment import Deployment
from webapp.configurations.held import Held
from webapp.configurations.published import ENVIRONMENTS, Environment, Published
from webapp.configurations.records import Pointers, Promoted, promoted
from webapp.configurations.version_id import VersionId

POLL_SECONDS = (0.2, 0.4)
"""Drawn anew each time, so that workers do not poll in step; with the read itself under half a second."""

log = structlog.get_logger(__name__)
_running: weakref.WeakSet[LiveConfigurations] = weakref.WeakSet()


def _spread() -> float:
    return jitter.between(*POLL_SECONDS)


@dataclass(frozen=True, slots=True)
class Reasons:
    """For /readyz: where each environment came from, how old the last look at the store is, what is wrong."""

    environments: Mapping[str, Mapping[str, str]]
    seconds_since_seen: float | None
    faults: tuple[str, ...]
    edits_refused: str | None


class LiveConfigurations:
    """Never raises and never blocks on the way of a call: a fault keeps what is held and is told in `reasons()`."""

    def __init__(self, adoption: Adoption, *, pause: Callable[[], float] = _spread) -> None:
        self._adoption = adoption
        self._pause = pause
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._held: Held = adoption.start()

    def environment(self, environment: Environment) -> Published:
        return self._held.sandbox if environment == "sandbox" else self._held.production

    def configurations(self) -> dict[Environment, Configuration]:
        return {one: self.environment(one).compiled.configuration for one in ENVIRONMENTS}

    def version(self, version: VersionId) -> Published | None:
        """The version that a call began with: from memory, disk, or Redis with a short time-out; else None."""
        return self._adoption.library.get(version)

    @property
    def promoted(self) -> Promoted | None:
        """Since when, and by whom, the version answers calls that production holds here; None when nothing says so."""
        pointers, version = self._held.pointers, self._held.production.version
        if pointers is None or not pointers.production_at or pointers.of("production") != version:
            return None
        return promoted(pointers)

    @property
    def deployment(self) -> Deployment:
        return self._held.deployment

    def environment_of(self, called: str, caller: str) -> Environment:
        return self._held.deployment.environment_of(called, caller)

    def refresh(self) -> None:
        """Follow the store once, now: what the background thread does, and what an edit does in its own process."""
        with self._lock:
            before = self._held
            after = self._adoption.follow(before)
            self._held = after
        if after.all_faults != before.all_faults:
            told = log.warning if after.all_faults else log.info
            told("configuration.faults", faults=list(after.all_faults))
        if after.pointers != before.pointers:
            log.info(
                "configuration.followed", sandbox=str(after.sandbox.version), production=str(after.production.version)
            )

    def put_back(self, author: str) -> None:
        """Make what this process holds the truth again, after the store lost edits or was tampered with."""
        with self._lock:
            if self._held.pointers is None:
                raise EditRefusedError("This process holds nothing that once stood in a store.")
            self._held = self._adoption.put_back(self._held, author)

    @property
    def pointers(self) -> Pointers | None:
        """The state of the store that this process holds; None when what it holds never stood in a store."""
        return self._held.pointers

    def reasons(self) -> Reasons:
        held = self._held
        environments = {
            "sandbox": {"version": str(held.sandbox.version), "source": held.sources["sandbox"]},
            "production": {"version": str(held.production.version), "source": held.sources["production"]},
        }
        age = None if held.seen_at is None else round(time.monotonic() - held.seen_at, 3)
        return Reasons(environments, age, held.all_faults, held.edits_refused)

    def start(self) -> None:
        """Follow the store in the background. Repeating it is harmless; after a fork the child starts its own."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(self._stopped,), name="configuration", daemon=True)
        _running.add(self)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        _running.discard(self)
        if self._thread is not None:
            self._thread.join(timeout=5)
            self._thread = None

    def _run(self, stopped: threading.Event) -> None:
        while not stopped.wait(self._pause()):
            try:
                self.refresh()
            except Exception:
                # The thread must outlive any fault of ours: without it this process would never see an edit again.
                log.exception("configuration.refresh_failed")

    def _again_in_the_child(self) -> None:
        self._lock = threading.Lock()
        self._adoption.library.begin_after_fork()
        self._thread = None
        self.start()


def _again_in_the_child() -> None:
    """A thread does not survive a fork, and a preloading server forks after the start."""
    for live in list(_running):
        live._again_in_the_child()


os.register_at_fork(after_in_child=_again_in_the_child)


def plain_reasons(reasons: Reasons) -> dict[str, Any]:
    return {
        "environments": {name: dict(facts) for name, facts in reasons.environments.items()},
        "seconds_since_seen": reasons.seconds_since_seen,
        "faults": list(reasons.faults),
        "edits_refused": reasons.edits_refused,
    }
