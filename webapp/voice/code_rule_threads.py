"""Threads that ask one code rule: few, of its own, and none that the end of the process would wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any

CodeRule = Callable[[Mapping[str, str]], Any]

MOST_AT_ONCE = 4
"""Calls that may ask one rule at the same time; what hangs holds no more threads than this, ever."""


class CodeRuleEndedError(Exception):
    """The function tried to end the thread or the process (SystemExit and its like)."""


class RuleThreads:
    """`concurrent.futures` joins its threads at exit, so one function that hangs would keep the process from ending."""

    def __init__(self, name: str, function: CodeRule) -> None:
        self._name = name
        self._function = function
        self._asked: SimpleQueue[tuple[Future[Any], Mapping[str, str]]] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._busy = 0

    def ask(self, variables: Mapping[str, str]) -> Future[Any]:
        """The answer comes in the future; one that was canceled before its turn is never asked.

        Where the system gives no more threads, the future holds that error, unless a thread of before is there to ask.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._busy >= self._threads and self._threads < MOST_AT_ONCE:
                try:
                    threading.Thread(target=self._serve, name=f"code-rule-{self._name}", daemon=True).start()
                    self._threads += 1
                except RuntimeError as error:
                    if not self._threads:
                        future.set_exception(error)
                        return future
            self._busy += 1
        self._asked.put((future, variables))
        return future

    def _serve(self) -> None:
        while True:
            future, variables = self._asked.get()
            try:
                if future.set_running_or_notify_cancel():
                    self._answer(future, variables)
            finally:
                with self._lock:
                    self._busy -= 1

    def _answer(self, future: Future[Any], variables: Mapping[str, str]) -> None:
        try:
            future.set_result(self._function(variables))
        except Exception as error:
            future.set_exception(error)
        except BaseException as error:
            future.set_exception(CodeRuleEndedError(type(error).__name__))
