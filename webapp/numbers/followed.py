"""A value that is looked up in the background: whoever asks gets the latest one at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog

Value = TypeVar("Value")
log = structlog.get_logger(__name__)


class Followed(Generic[Value]):
    """`first` counts until the first look, which begins when somebody asks; `seconds` later the next may.

    `is_fresh`: `first` was looked up just now. A look that fails keeps the value from before.
    """

    def __init__(
        self,
        name: str,
        look: Callable[[], Value],
        first: Value,
        *,
        seconds: float,
        is_fresh: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name, self._look, self._value = name, look, first
        self._seconds, self._clock = seconds, clock
        self._looked_at = clock() if is_fresh else None
        self._lock = threading.Lock()

    def __call__(self) -> Value:
        if self._looked_at is None or self._clock() - self._looked_at >= self._seconds:
            self._look_again()
        return self._value

    def _look_again(self) -> None:
        """One look at a time, on a thread of its own."""
        if self._lock.acquire(blocking=False):
            threading.Thread(target=self._renew, name=self._name, daemon=True).start()

    def _renew(self) -> None:
        try:
            self._value = self._look()
        except Exception as error:
            log.warning("a look in the background failed", look=self._name, error=type(error).__name__)
        finally:
            self._looked_at = self._clock()
            self._lock.release()
