"""Work that no page waits for: a page begins it, a thread of its own does it, and later pages see how far it is."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import structlog

log = structlog.get_logger(__name__)
KEPT = 8
AT_FIRST_SECONDS = 0.06
"""Short work is over before the page is drawn; a page waits no longer than this."""


class Job:
    """`found` grows while the work goes on. Nothing is taken back, so a page may read it at any moment."""

    def __init__(self, work: Callable[[], Iterator[Any]]) -> None:
        self.found: list[Any] = []
        self.has_failed = False
        self._over = threading.Event()
        self._work = work

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def wait(self, seconds: float) -> bool:
        return self._over.wait(seconds)

    def run(self) -> None:
        """After each piece as long a pause as it took: a worker that answers calls gives half of one core at most."""
        try:
            began = time.monotonic()
            for piece in self._work():
                self.found.append(piece)
                time.sleep(min(time.monotonic() - began, 0.05))
                began = time.monotonic()
        except Exception as error:
            self.has_failed = True
            log.warning("work in the background failed", error=type(error).__name__)
        finally:
            self._over.set()


class Jobs:
    """One job for each key, the latest ones kept. Their keys hold version identities, so no result grows wrong."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, key: Hashable, work: Callable[[], Iterator[Any]]) -> Job:
        """The job of this key, begun when it is not there yet or has failed."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and not job.has_failed:
                return job
            job = self._jobs[key] = Job(work)
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
        threading.Thread(target=job.run, daemon=True).start()
        job.wait(AT_FIRST_SECONDS)
        return job

    def known(self, key: Hashable) -> Job | None:
        return self._jobs.get(key)
