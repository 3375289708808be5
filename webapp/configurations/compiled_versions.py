"""The compiled versions that a process holds: bounded, the least recently used one leaves first."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from webapp.configurations.published import Published
from webapp.configurations.version_id import VersionId

LIMIT = 32
MISS_SECONDS = 5.0


class CompiledVersions:
    """Found by digest, because equal digests are equal documents: a re-seeded version 1 is the same version 1."""

    def __init__(self, find: Callable[[VersionId], Published | None], *, limit: int = LIMIT) -> None:
        self._find = find
        self._limit = limit
        self._held: OrderedDict[str, Published] = OrderedDict()
        self._missed: dict[str, float] = {}
        self._lock = threading.Lock()

    def get(self, version: VersionId) -> Published | None:
        """The version under the asked number, looked up elsewhere when it is not held; None when nobody has it."""
        held = self.held(version)
        if held is None and time.monotonic() >= self._missed.get(version.digest, 0.0):
            held = self._find(version)
            self._remember(version, held)
        return held

    def held(self, version: VersionId) -> Published | None:
        with self._lock:
            found = self._held.get(version.digest)
            if found is not None:
                self._held.move_to_end(version.digest)
        return found if found is None or found.version == version else replace(found, version=version)

    def add(self, published: Published) -> None:
        with self._lock:
            self._held[published.version.digest] = published
            self._held.move_to_end(published.version.digest)
            while len(self._held) > self._limit:
                self._held.popitem(last=False)

    def begin_after_fork(self) -> None:
        """A lock that another thread held at the fork would stay locked in the child for ever."""
        self._lock = threading.Lock()

    def _remember(self, version: VersionId, found: Published | None) -> None:
        if found is not None:
            self.add(found)
            return
        with self._lock:
            if len(self._missed) > self._limit:
                self._missed.clear()
            self._missed[version.digest] = time.monotonic() + MISS_SECONDS
