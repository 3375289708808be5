"""Whether calls arrive over SIP, told by the newest calls of the log: REFER and BYE work on those alone."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import cast

from redis import Redis

from webapp.people.store_away import STORE_AWAY
from webapp.store import keys

NEWEST = 200
ENOUGH = 20
"""Of fewer calls nothing is said: they may all be somebody's first tries by telephone."""
KEPT_SECONDS = 60.0


class Arrivals:
    """What the newest calls say is kept for KEPT_SECONDS in this process, also that the store did not answer."""

    def __init__(self, redis: Redis, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._clock = clock
        self._kept: tuple[float, bool | None] | None = None
        self._lock = threading.Lock()

    def by_sip(self) -> bool | None:
        """False when none of the newest calls came over SIP; None when there are too few calls, or no store."""
        with self._lock:
            if self._kept is None or self._clock() - self._kept[0] > KEPT_SECONDS:
                try:
                    answer = self._look()
                except STORE_AWAY:
                    answer = None
                self._kept = (self._clock(), answer)
            return self._kept[1]

    def _look(self) -> bool | None:
        sids = cast("list[str]", self._redis.zrevrange(keys.calls(), 0, NEWEST - 1))
        with self._redis.pipeline(transaction=False) as pipe:
            for sid in sids:
                pipe.hget(keys.call(sid), "facts")
            known = [over for facts in pipe.execute() if (over := _over(facts))]
        if "sip" in known:
            return True
        return False if len(known) >= ENOUGH else None


def _over(facts: str | None) -> str:
    try:
        return str(json.loads(facts or "")["over"])
    except (ValueError, KeyError, TypeError):
        return ""
