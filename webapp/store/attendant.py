"""The background thread beside VoiceRedis: finds Redis, probes it while it is away, writes what could wait."""

from __future__ import annotations

import threading
from time import monotonic, sleep
from typing import Final

import structlog

from webapp import jitter
from webapp.store import keys
from webapp.store.address import RedisAddress
from webapp.store.breaker import Breaker
from webapp.store.connection import Command, Connection, Endpoint, pack
from webapp.store.deferred import Batch, DeferredWrites
from webapp.store.locate import fixed_endpoint, locate
from webapp.store.unavailable import Reason, StoreUnavailableError

PAUSE_SECONDS: Final = 1.0
DEADLINE_SECONDS: Final = 2.0
FIRST_BACK_OFF_SECONDS: Final = 0.05
LONGEST_BACK_OFF_SECONDS: Final = 1.0
GATHER_SECONDS: Final = 0.01
"""Writes of the same moment go together: one round trip and one switch of threads instead of one for each webhook."""
UNHURRIED_SECONDS: Final = 0.25
"""The longest that what nobody woke the thread for waits."""

WRITES_ONLY: Final = frozenset({Reason.READ_ONLY, Reason.OUT_OF_MEMORY, Reason.DISK})
"""With these Redis refuses changes and still answers questions, so the breaker stays closed."""

# A read first: PING is refused while the disk is full, and reads are what the voice path wants most.
_PROBE: Final[tuple[Command, ...]] = (
    ("EXISTS", keys.probe()),
    ("SET", keys.probe(), "1", "EX", keys.PROBE_SECONDS),
)

log = structlog.get_logger()


class Attendant:
    """Starts with the first need. `generation` rises when Redis has moved: older connections are then of no use."""

    def __init__(
        self, address: RedisAddress, breaker: Breaker, deferred: DeferredWrites, *, probe_seconds: float
    ) -> None:
        self._address = address
        self._probe_seconds = probe_seconds
        self._breaker = breaker
        self._deferred = deferred
        self._endpoint = fixed_endpoint(address)
        self._must_locate = self._endpoint is None
        self._why_not_located: Reason | None = None
        self._located = threading.Event()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._hurry = threading.Event()
        """Somebody waits for the writes, so nothing is gathered."""
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None
        self.generation = 0
        self.writes: Reason | None = None

    def endpoint(self, deadline: float) -> tuple[Endpoint, int]:
        """Where to connect. Only the first callers ever wait, until the name is resolved or the deadline has come."""
        if self._endpoint is None:
            self.wake()
            self._located.wait(max(0.0, deadline - monotonic()))
        if self._endpoint is None:
            raise StoreUnavailableError(self._why_not_located or Reason.NOT_FOUND)
        return self._endpoint, self.generation

    def wake(self) -> None:
        if not self._wake.is_set():
            self._wake.set()
        self.attend()

    def attend(self) -> None:
        """Without waking: what is to be done is done within UNHURRIED_SECONDS."""
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._run, name="redis-attendant", daemon=True)
                self._thread.start()

    def writes_refused(self, reason: Reason) -> None:
        self.writes = reason
        self.wake()

    def flush(self, timeout: float) -> bool:
        end = monotonic() + timeout
        self._hurry.set()
        try:
            while len(self._deferred) and monotonic() < end:
                if self._thread is None or not self._thread.is_alive():
                    break
                self._wake.set()
                sleep(0.001)
        finally:
            self._hurry.clear()
        return not len(self._deferred)

    def close(self, timeout: float) -> None:
        end = monotonic() + timeout
        self.flush(timeout)
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(max(0.1, end - monotonic()))

    def _run(self) -> None:
        troubles = 0
        while not self._stop.is_set():
            troubles = 0 if self._work() else troubles + 1
            if troubles:
                self._stop.wait(_back_off(troubles))
            else:
                self._wake.wait(UNHURRIED_SECONDS)
                self._wake.clear()
                self._hurry.wait(GATHER_SECONDS)
        self._disconnect()

    def _work(self) -> bool:
        """Do what is to be done; False when trouble remains and it must be tried again."""
        try:
            if self._must_locate:
                self._locate()
            if self._breaker.reason is not None or self.writes is not None:
                self._probe()
            return self.writes is None and self._write_all()
        except StoreUnavailableError as error:
            self._note(error.reason)
            return False
        except Exception:
            # A fault of ours must not end this thread: the breaker would never close again.
            log.exception("the attendant of the store met a fault")
            self._disconnect()
            return False

    def _note(self, reason: Reason) -> None:
        self._disconnect()
        self._must_locate = fixed_endpoint(self._address) is None
        if reason in WRITES_ONLY:
            self.writes = reason
        else:
            self._breaker.failed(reason)

    def _locate(self) -> None:
        try:
            endpoint = locate(self._address)
        except StoreUnavailableError as error:
            self._why_not_located = error.reason
            raise
        if endpoint != self._endpoint:
            self._disconnect()
            self.generation += 1
            self._endpoint = endpoint
        self._must_locate = False
        self._located.set()

    def _probe(self) -> None:
        """As quick as the voice path needs it: a Redis that is only slow must not close the breaker."""
        read, write = self._exchange(pack(_PROBE), len(_PROBE), self._probe_seconds)
        if isinstance(read, Exception):
            raise read
        self._breaker.close()
        if not isinstance(write, Exception):
            self.writes = None
        elif isinstance(write, StoreUnavailableError):
            raise write

    def _write_all(self) -> bool:
        while batches := self._deferred.take():
            try:
                self._write(batches)
            except BaseException:
                self._deferred.put_back(batches)
                raise
            self._deferred.done()
        return True

    def _write(self, batches: list[Batch]) -> None:
        packed = b"".join([batch.packed for batch in batches])
        for answer in self._exchange(packed, sum(batch.count for batch in batches), DEADLINE_SECONDS):
            if isinstance(answer, StoreUnavailableError):
                raise answer
            if isinstance(answer, Exception):
                self._deferred.refused += 1

    def _exchange(self, packed: bytes, count: int, seconds: float) -> list[object]:
        if self._connection is None:
            deadline = monotonic() + DEADLINE_SECONDS
            endpoint, _ = self.endpoint(deadline)
            self._connection = Connection(self._address, endpoint, pause=PAUSE_SECONDS, deadline=deadline)
        return self._connection.exchange(packed, count, monotonic() + seconds)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _back_off(troubles: int) -> float:
    """Doubling, with jitter, so that many processes do not come back to a restarted Redis in the same moment."""
    longest = min(FIRST_BACK_OFF_SECONDS * 2.0 ** min(troubles - 1, 10), LONGEST_BACK_OFF_SECONDS)
    return jitter.between(longest / 2, longest)
