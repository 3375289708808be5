"""Child processes that never outlive their parent: started in their own group, ended politely, then by force."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import Final

_PARENT_DEATH_SIGNAL: Final = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def die_with_parent() -> None:
    """Linux ends the child when the parent's thread dies in a way that leaves it no chance to (SIGKILL, a crash)."""
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)


class Restarts:
    """When a child that has ended is started again: 2 s after its start, and each time later while it keeps ending."""

    FIRST: Final = 2.0
    LONGEST: Final = 16.0

    def __init__(self) -> None:
        self._pause = self.FIRST

    def is_due(self, seconds_since_start: float) -> bool:
        """Asked while the child is not there; True is an order that is carried out."""
        if seconds_since_start <= self._pause:
            return False
        has_lived = seconds_since_start > 2 * self.LONGEST
        self._pause = self.FIRST if has_lived else min(2 * self._pause, self.LONGEST)
        return True


class Child:
    """One process and all that it starts. Its group is its own, so that Ctrl-C reaches the parent alone."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self._command = tuple(command)
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self, **environment: str) -> None:
        self._environment |= environment
        self.started_at = monotonic()
        self._process = subprocess.Popen(  # noqa: S603 (our own program with our own arguments)
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ask_to_stop(self) -> None:
        if self.is_running() and self._process is not None:
            self._process.terminate()

    def stop(self, seconds: float) -> None:
        """End it within this time, and whatever of its group is still there."""
        if self._process is None:
            return
        self.ask_to_stop()
        try:
            self._process.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            self._kill_group(self._process.pid)
            self._process.wait()
        self._kill_group(self._process.pid)
        self._process = None

    @staticmethod
    def _kill_group(group: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
