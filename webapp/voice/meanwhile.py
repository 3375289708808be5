"""Work for the time that Redis takes to answer: both go on at once, and the caller waits for the longer of the two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Meanwhile(Generic[T]):
    """Called any number of times, or never, it does the work once; `result` does it when nobody has."""

    __slots__ = ("_done", "_work")

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._done: list[T] = []

    def __call__(self) -> None:
        if not self._done:
            self._done.append(self._work())

    def result(self) -> T:
        self()
        return self._done[0]
