"""A process asks Twilio a few things at a time: while Twilio is slow, those who ask it must not hold every thread of
the web server, because calls are answered by the same threads and need none of this."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from webapp.twilio_rest.errors import TwilioRequestError

COUNT: Final = 4
"""Of the eight threads of a web process (gunicorn.conf.py)."""
SLOW_SECONDS: Final = 2.0
"""Twilio answers within a few tenths of a second; what takes longer than this will go on doing so."""
WAIT_SECONDS: Final = 1.0


class Lines:
    """Thread-safe. While Twilio answers quickly, one waits for a line; while it is slow, one is refused at once."""

    def __init__(self, count: int = COUNT, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._free = threading.Semaphore(count)
        self._lock = threading.Lock()
        self._clock = clock
        self._began: dict[int, float] = {}
        self._took_long = False

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Raises TwilioRequestError when nothing can be asked now; then nothing was."""
        if not self._free.acquire(blocking=False) and (self._is_slow() or not self._free.acquire(timeout=WAIT_SECONDS)):
            raise TwilioRequestError("Twilio is slow, and enough of our requests wait for it.", permanent=False)
        mine = threading.get_ident()
        with self._lock:
            self._began[mine] = self._clock()
        try:
            yield
        finally:
            with self._lock:
                self._took_long = self._clock() - self._began.pop(mine) > SLOW_SECONDS
            self._free.release()

    def _is_slow(self) -> bool:
        with self._lock:
            eldest = min(self._began.values(), default=self._clock())
            return self._took_long or self._clock() - eldest > SLOW_SECONDS


SHARED: Final = Lines()
"""Of this process."""
