"""The circuit breaker before Redis: after a few failures in a row nobody waits for it until a probe succeeds."""

from __future__ import annotations

import threading
from typing import Final

from webapp.store.unavailable import Reason

FAILURES_TO_OPEN: Final = 3


class Breaker:
    """`is_open` is read on every webhook without a lock; only trouble takes the lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self.is_open = False
        self.reason: Reason | None = None

    def succeeded(self) -> None:
        if self._failures:
            with self._lock:
                if not self.is_open:  # An answer that was under way when the breaker opened does not close it.
                    self._failures = 0
                    self.reason = None

    def failed(self, reason: Reason) -> None:
        with self._lock:
            self.reason = reason
            self._failures += 1
            self.is_open = self.is_open or self._failures >= FAILURES_TO_OPEN

    def close(self) -> None:
        with self._lock:
            self._failures = 0
            self.is_open = False
            self.reason = None
