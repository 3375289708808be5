"""The two ways to Redis: `VoiceRedis` for webhooks, which never waits long, and `open_redis` for patient work."""

from __future__ import annotations

import atexit
import os
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Final

from webapp.store.address import read_address
from webapp.store.attendant import WRITES_ONLY, Attendant
from webapp.store.breaker import Breaker
from webapp.store.connection import Command, Connection, pack
from webapp.store.deferred import MAXIMUM_BATCHES, Batch, DeferredWrites
from webapp.store.patient import open_redis
from webapp.store.unavailable import CommandError, Reason, StoreUnavailableError

__all__ = ["CommandError", "Reason", "StoreState", "StoreUnavailableError", "VoiceRedis", "open_redis"]

PAUSE_SECONDS: Final = 0.15
DEADLINE_SECONDS: Final = 0.25
MAXIMUM_CONNECTIONS: Final = 4
"""Per process: two web workers, the worker and a console stay well under the 20 clients of the smallest plans."""

_alive: weakref.WeakSet[VoiceRedis] = weakref.WeakSet()


@dataclass(frozen=True, slots=True)
class StoreState:
    """`available`: commands are tried. `reason`: the latest trouble, None after a success. `writes`: why changes are
    refused although reads work, else None. The rest counts deferred writes."""

    available: bool
    reason: Reason | None
    writes: Reason | None
    waiting: int
    dropped: int
    refused: int


class VoiceRedis:
    """One pipelined round trip, an absolute deadline, a breaker, and writes that can wait.

    Thread-safe. Connections and the background thread begin with the first use, and again after a fork.
    """

    def __init__(
        self,
        url: str,
        *,
        pause: float = PAUSE_SECONDS,
        deadline: float = DEADLINE_SECONDS,
        connections: int = MAXIMUM_CONNECTIONS,
        deferred: int = MAXIMUM_BATCHES,
    ) -> None:
        self._address = read_address(url)
        self._pause = pause
        self._deadline = deadline
        self._size = connections
        self._deferred_maximum = deferred
        self._begin()
        _alive.add(self)

    def _begin(self) -> None:
        self._breaker = Breaker()
        self._deferred = DeferredWrites(self._deferred_maximum)
        self._attendant = Attendant(self._address, self._breaker, self._deferred, probe_seconds=self._deadline)
        self._slots: SimpleQueue[None] = SimpleQueue()
        self._warm: list[Connection] = []
        """The one that was used last is taken first: no more are opened than are needed at one time."""
        self._is_closed = False
        for _ in range(self._size):
            self._slots.put(None)

    def execute(self, commands: Sequence[Command], meanwhile: Callable[[], None] | None = None) -> list[Any]:
        """One answer for each command, in order, after one round trip that is not a transaction.

        Text comes back as str, maps (HGETALL) as dict. A command that Redis refused has an exception in its place:
        `StoreUnavailableError` (read-only, full, loading …) or `CommandError`. When no command was carried out,
        StoreUnavailableError is raised. A write may have happened although its answer was lost, and it is sent twice
        when the server had closed the connection meanwhile: use writes that may be repeated.

        `meanwhile` is work for the time that Redis takes: called after sending and before reading, not at all when
        nothing could be sent, twice when it was sent twice. What it raises is raised here.
        """
        if self._breaker.is_open:
            raise StoreUnavailableError(self._breaker.reason or Reason.CLOSED, "not tried: the breaker is open")
        deadline = monotonic() + self._deadline
        packed = pack(commands)
        connection = None
        self._take_slot(deadline)
        try:
            connection = self._still_warm()
            connection, answers = self._exchange(connection, packed, len(commands), deadline, meanwhile)
        except StoreUnavailableError as error:
            self._slots.put(None)
            self._note_failure(error.reason)
            raise
        except BaseException:
            self._slots.put(None)
            if connection is not None:
                connection.close()
            raise
        errors = tuple(connection.errors) if connection.errors else ()
        if self._is_closed:
            connection.close()  # it was on the way when the others were closed
        else:
            self._warm.append(connection)
        self._slots.put(None)
        if errors:
            self._judge_errors(errors, len(commands))
        else:
            self._breaker.succeeded()
        return answers

    def _take_slot(self, deadline: float) -> None:
        """Not more than so many are on the way at one time."""
        try:
            self._slots.get_nowait()
        except Empty:
            try:
                self._slots.get(timeout=max(0.0, deadline - monotonic()))
            except Empty:
                self._note_failure(Reason.CROWDED)
                raise StoreUnavailableError(Reason.CROWDED) from None

    def _still_warm(self) -> Connection | None:
        """A connection that was used before, or None where one has to be opened."""
        try:
            connection = self._warm.pop()
        except IndexError:
            return None
        if connection.generation != self._attendant.generation:
            connection.close()
            return None
        return connection

    def _exchange(
        self,
        connection: Connection | None,
        packed: bytes,
        count: int,
        deadline: float,
        meanwhile: Callable[[], None] | None,
    ) -> tuple[Connection, list[Any]]:
        if connection is not None:
            try:
                return connection, connection.exchange(packed, count, deadline, meanwhile)
            except StoreUnavailableError as error:
                if error.reason is not Reason.CLOSED:
                    raise
                # The server closed a pooled connection while it was idle (its timeout, or a restart): sent once more.
        connection = self._connect(deadline)
        try:
            return connection, connection.exchange(packed, count, deadline, meanwhile)
        except BaseException:
            connection.close()
            raise

    def _connect(self, deadline: float) -> Connection:
        endpoint, generation = self._attendant.endpoint(deadline)
        return Connection(self._address, endpoint, pause=self._pause, deadline=deadline, generation=generation)

    def _note_failure(self, reason: Reason) -> None:
        self._breaker.failed(reason)
        self._attendant.wake()

    def _judge_errors(self, errors: Sequence[StoreUnavailableError | CommandError], count: int) -> None:
        """Some commands were refused. Where all were, for a reason outside of them, the round trip itself failed."""
        outside = [error for error in errors if isinstance(error, StoreUnavailableError)]
        if len(outside) < count:
            self._breaker.succeeded()
        if outside and outside[0].reason in WRITES_ONLY:
            self._attendant.writes_refused(outside[0].reason)
        elif len(outside) >= count:
            self._note_failure(outside[0].reason)
        if len(outside) >= count:
            raise outside[0]

    def later(self, commands: Sequence[Command]) -> None:
        """Write these without waiting, in order, as soon as Redis takes them; the oldest are dropped when full.

        Only writes that may be repeated belong here. What could not be written is counted in `state()`.
        """
        self._deferred.add(Batch(pack(commands), len(commands)))
        self._attendant.wake()

    def later_together(self, gathered: Callable[[], Sequence[Command]]) -> None:
        """The same without haste, for what has been gathered by then: `gathered` is asked when it is written."""

        def batch() -> Batch:
            commands = gathered()
            return Batch(pack(commands), len(commands))

        self._deferred.ask(batch)
        self._attendant.attend()

    @property
    def is_well(self) -> bool:
        """No trouble is known, neither with answers nor with writes; nothing is asked."""
        return self._breaker.reason is None and self._attendant.writes is None

    def state(self) -> StoreState:
        return StoreState(
            available=not self._breaker.is_open,
            reason=self._breaker.reason,
            writes=self._attendant.writes,
            waiting=len(self._deferred),
            dropped=self._deferred.dropped,
            refused=self._deferred.refused,
        )

    def flush(self, timeout: float = 2.0) -> bool:
        """Wait until all deferred writes have arrived; False when they did not in time."""
        return self._attendant.flush(timeout)

    def close(self, timeout: float = 2.0) -> None:
        """Write what can wait, end the background thread, close all connections."""
        self._is_closed = True
        self._attendant.close(timeout)
        while self._warm:
            self._warm.pop().close()


def _begin_again_in_the_child() -> None:
    """Threads do not survive a fork, and a connection that two processes use mixes up their answers."""
    for voice_redis in list(_alive):
        voice_redis._begin()


def _flush_at_exit() -> None:
    for voice_redis in list(_alive):
        voice_redis.close(timeout=1.0)


os.register_at_fork(after_in_child=_begin_again_in_the_child)
atexit.register(_flush_at_exit)
