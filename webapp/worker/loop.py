"""The worker: takes jobs from the outbox one by one until it is told to stop. Killed at any point, it loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from redis import Redis
from redis.exceptions import RedisError

from webapp.store import keys
from webapp.worker.outbox import Job, LeaseLostError, Outbox

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 8
IDLE_SECONDS = 0.5
STORE_AWAY_SECONDS = 2.0
RENEW_SECONDS = 20.0
LONGEST_JOB = timedelta(minutes=30)
"""Reading the largest account takes minutes; a handler that hangs longer gives its job to another worker."""


@dataclass(frozen=True, slots=True)
class Done:
    """Finished, whatever the outcome: `why` is kept for whoever asks."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: try again at `due`. `counts` False means that waiting was planned and is no failed attempt."""

    due: datetime
    why: str
    counts: bool = True


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It will not succeed: kept as failed, shown, and not tried again."""

    why: str


Answer = Done | Later | GiveUp
Handler = Callable[[Job], Answer]
Planner = Callable[[datetime], None]
"""Called every minute; puts recurring work into the outbox."""


class Worker:
    def __init__(
        self,
        redis: Redis,
        handlers: Mapping[str, Handler],
        *,
        planners: Sequence[Planner] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        renew_seconds: float = RENEW_SECONDS,
    ) -> None:
        self._renew_seconds = renew_seconds
        self._redis = redis
        self._outbox = Outbox(redis)
        self._handlers = handlers
        self._planners = planners
        self._clock = clock
        self._stopping = threading.Event()
        self._planned: datetime | None = None
        self.jobs = 0
        """How many it has settled, whatever came of them."""

    def stop(self) -> None:
        """Ends after the job in hand."""
        self._stopping.set()

    def run(self) -> None:
        log.info("worker started", kinds=sorted(self._handlers))
        while not self._stopping.is_set():
            try:
                worked = self.step()
            except RedisError as error:
                log.warning("worker waits for the store", error=type(error).__name__)
                self._stopping.wait(STORE_AWAY_SECONDS)
                continue
            if not worked:
                self._stopping.wait(IDLE_SECONDS)
        log.info("worker stopped")

    def step(self) -> bool:
        """One job, when one is due. True when there was one."""
        now = self._clock()
        self._beat(now)
        self._plan(now)
        job = self._outbox.take(now)
        if job is None:
            return False
        with self._held(job, now):
            answer = self._answer(job)
        self._settle(job, answer)
        self.jobs += 1
        return True

    def _beat(self, now: datetime) -> None:
        self._redis.set(keys.heartbeat("worker"), now.isoformat(), ex=keys.HEARTBEAT_SECONDS)

    @contextmanager
    def _held(self, job: Job, since: datetime) -> Iterator[None]:
        """While the handler works, the job stays ours and everybody sees that the worker lives."""
        done = threading.Event()
        holder = threading.Thread(target=self._hold, args=(job, since, done), name="job-holder", daemon=True)
        holder.start()
        try:
            yield
        finally:
            done.set()
            holder.join()

    def _hold(self, job: Job, since: datetime, done: threading.Event) -> None:
        while not done.wait(self._renew_seconds):
            now = self._clock()
            if now - since > LONGEST_JOB:
                return
            try:
                self._beat(now)
                self._outbox.renew(job, now)
            except RedisError as error:
                log.warning("lease not renewed", kind=job.kind, error=type(error).__name__)

    def _plan(self, now: datetime) -> None:
        if self._planned is not None and now - self._planned < timedelta(minutes=1):
            return
        self._planned = now
        for planner in self._planners:
            try:
                planner(now)
            except RedisError:
                raise
            except Exception:
                log.exception("planner failed")

    def _answer(self, job: Job) -> Answer | None:
        """What the handler says; None when the job is not ours any more."""
        handler = self._handlers.get(job.kind)
        if handler is None:
            return GiveUp(f"nobody handles jobs of the kind {job.kind!r}")
        try:
            return handler(job)
        except RedisError:
            raise
        except LeaseLostError:
            log.warning("job taken over by another worker", kind=job.kind)
            return None
        except Exception as error:
            log.exception("job failed", kind=job.kind, attempts=job.attempts)
            return Later(self._clock() + pause_after(job.attempts), type(error).__name__)

    def _settle(self, job: Job, answer: Answer | None) -> None:
        match answer:
            case Done(why):
                self._outbox.finish(job, why=why)
            case GiveUp(why):
                log.warning("job given up", kind=job.kind, why=why)
                self._outbox.finish(job, state="failed", why=why)
            case Later(due, why, counts):
                if counts and job.attempts >= MOST_ATTEMPTS:
                    self._outbox.finish(job, state="failed", why=why)
                else:
                    self._outbox.put_back(job, due=due, why=why)
            case None:
                return


def pause_after(attempts: int) -> timedelta:
    """10 s, 20 s, 40 s … at most an hour."""
    return timedelta(seconds=min(10 * 2 ** (attempts - 1), 3600))
