"""Writes that no caller waits for: kept in order, in a bounded buffer, until Redis takes them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

MAXIMUM_BATCHES: Final = 10_000
MAXIMUM_BYTES: Final = 32 * 1024 * 1024
MAXIMUM_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Batch:
    """The commands of one moment as they go over the wire, and how many answers they get."""

    packed: bytes
    count: int


class DeferredWrites:
    """A batch is handed on whole, and again when its answer was lost: only writes that may be repeated belong here."""

    def __init__(self, maximum: int = MAXIMUM_BATCHES, maximum_bytes: int = MAXIMUM_BYTES) -> None:
        self._lock = threading.Lock()
        self._batches: deque[Batch] = deque()
        self._gathering: deque[Callable[[], Batch]] = deque()
        self._maximum = maximum
        self._maximum_bytes = maximum_bytes
        self._bytes = 0
        self._on_the_way = 0
        self.dropped = 0
        self.refused = 0

    def __len__(self) -> int:
        """All that has not arrived for certain, what is on the way included."""
        return len(self._batches) + self._on_the_way + len(self._gathering)

    def add(self, batch: Batch) -> None:
        with self._lock:
            self._batches.append(batch)
            self._bytes += len(batch.packed)
            self._drop_the_oldest()

    def ask(self, gathered: Callable[[], Batch]) -> None:
        """Have this batch made at the moment when it goes out: what many moments gather is then one command."""
        self._gathering.append(gathered)

    def _drop_the_oldest(self) -> None:
        while len(self._batches) > self._maximum or self._bytes > self._maximum_bytes:
            self._bytes -= len(self._batches.popleft().packed)
            self.dropped += 1

    def take(self) -> list[Batch]:
        """The next batches; `done` or `put_back` must follow."""
        for _ in range(len(self._gathering)):
            try:
                self.add(self._gathering[0]())
            finally:
                self._gathering.popleft()
        with self._lock:
            taken = [self._batches.popleft() for _ in range(min(MAXIMUM_AT_ONCE, len(self._batches)))]
            self._bytes -= sum(len(batch.packed) for batch in taken)
            self._on_the_way = len(taken)
            return taken

    def done(self) -> None:
        with self._lock:
            self._on_the_way = 0

    def put_back(self, batches: Sequence[Batch]) -> None:
        """To the front, in their old order; what exceeds the bounds is the oldest and is dropped."""
        with self._lock:
            self._on_the_way = 0
            self._batches.extendleft(reversed(batches))
            self._bytes += sum(len(batch.packed) for batch in batches)
            self._drop_the_oldest()
