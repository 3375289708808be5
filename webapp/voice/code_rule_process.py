"""The process that asks code rules, seen from the one that answers calls: any number of threads ask it at once."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from itertools import count
from queue import SimpleQueue
from time import monotonic
from typing import Any

from webapp.voice.code_rule_threads import CodeRuleEndedError

Told = list[dict[str, Any]]
"""What the rules said, as plain values: the fields of a `Vote`."""


class CodeRuleProcess:
    """From its start to its end. What is asked goes through a queue: a process that reads no more holds up nobody."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._began = monotonic()
        self._numbers = count(1)
        self._asked: SimpleQueue[bytes | None] = SimpleQueue()
        self._waiting: dict[int, Future[Told]] = {}
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._ended = False
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._start(command, environment)
        except (OSError, RuntimeError):  # the system gives no more processes or threads
            self.end()
            self._has_ended()

    @property
    def age(self) -> float:
        """In seconds."""
        return monotonic() - self._began

    def is_ready(self, seconds: float) -> bool:
        """Whether its rules are loaded, within so many seconds. One that has ended is: to ask it raises."""
        return self._ready.wait(seconds)

    def ask(self, variables: Mapping[str, str]) -> Future[Told]:
        """The future holds CodeRuleEndedError when the process ends before it has answered. Raises it when it has."""
        future: Future[Told] = Future()
        number = next(self._numbers)
        with self._lock:
            if self._ended:
                raise CodeRuleEndedError
            self._waiting[number] = future
        self._asked.put(json.dumps([number, dict(variables)]).encode() + b"\n")
        return future

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()

    def _start(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._process = process = subprocess.Popen(  # noqa: S603 (our own program with our own arguments)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(environment), start_new_session=True
        )
        for work in (self._write, self._read):
            threading.Thread(target=work, args=(process,), name="code-rules", daemon=True).start()

    def _write(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        with suppress(OSError), process.stdin as stream:
            while (line := self._asked.get()) is not None:
                stream.write(line)
                stream.flush()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with suppress(ValueError), process.stdout as stream:
            for line in stream:
                number, told = json.loads(line)
                self._ready.set()
                with self._lock:
                    future = self._waiting.pop(number, None)
                if future is not None:
                    future.set_result(told)
        process.kill()
        process.wait()
        self._asked.put(None)
        self._has_ended()

    def _has_ended(self) -> None:
        with self._lock:
            self._ended, left = True, [*self._waiting.values()]
        for future in left:
            future.set_exception(CodeRuleEndedError())
        self._ready.set()
