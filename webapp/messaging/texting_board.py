"""Which numbers of ours may send texts, for callers who are to be offered one: in memory, read in the background."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from redis import Redis
from redis.exceptions import RedisError

from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.a2p.report import read_report

log = structlog.get_logger(__name__)

LOOK_AGAIN_SECONDS = 60.0
LONGEST_TRUST_SECONDS = 3600.0
"""A picture that could not be read again for so long is not offered from: nobody is asked in vain."""


class TextingBoard:
    """Asked by the voice path for each call: answers at once from the latest look, and nothing known means no."""

    def __init__(
        self,
        open_redis: Callable[[], Redis],
        account_sid: Callable[[], str | None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_redis = open_redis
        self._account_sid = account_sid
        self._clock = clock
        self._looking = threading.Lock()
        self._senders: frozenset[str] = frozenset()
        self._looked_at = float("-inf")
        self._seen_at = float("-inf")

    def __call__(self, number: str) -> bool:
        now = self._clock()
        if now - self._looked_at >= LOOK_AGAIN_SECONDS and self._looking.acquire(blocking=False):
            self._looked_at = now
            threading.Thread(target=self._look_and_release, name="texting-board", daemon=True).start()
        return number in self._senders and now - self._seen_at < LONGEST_TRUST_SECONDS

    def look(self) -> None:
        """Read what the worker remembered about the account's registration; never asks Twilio."""
        account_sid = self._account_sid()
        if account_sid is None:
            self._senders = frozenset()
            return
        report = read_report(RegistrationMemory(self._open_redis(), account_sid), datetime.now(UTC))
        self._senders = frozenset(verdict.sender for verdict in report.verdicts if verdict.may_send)
        self._seen_at = self._clock()

    def _look_and_release(self) -> None:
        try:
            self.look()
        except (RedisError, OSError) as error:
            log.info("texting board keeps its last picture", error=type(error).__name__)
        finally:
            self._looking.release()
