"""What a process knows of the API tokens: followed from Redis in the background, so that a revoked one is refused
within seconds on every worker, and goes on being refused when Redis is away."""

from __future__ import annotations

import json
import os
import threading
import weakref
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import structlog
from pydantic import SecretStr
from redis import Redis

from webapp.people.store_away import STORE_AWAY
from webapp.store import keys
from webapp.store.sealed import Seal, SealError, read_sealed, write_sealed
from webapp.tokens.denied import DeniedTokens
from webapp.tokens.token import ApiToken, digest_of

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
USED_EVERY = timedelta(minutes=1)
Known = dict[str, ApiToken]
_alive: weakref.WeakSet[TokenRoll] = weakref.WeakSet()


class RollUnknownError(Exception):
    """Redis is away, and neither memory nor the sealed copy on disk can say whose token this is: perhaps a new one."""


class TokenRoll:
    """Thread-safe. `start` follows the store in the background; asking works without it as well."""

    def __init__(
        self, redis: Redis, folder: Path, secret_keys: Sequence[SecretStr], clock: Callable[[], datetime],
        *, poll_seconds: float = POLL_SECONDS,
    ) -> None:  # fmt: skip
        self._redis = redis
        self._path = folder / "tokens"
        self._seal = Seal(secret_keys, purpose="api tokens")
        self._denied = DeniedTokens(folder, secret_keys)
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._known: Known | None = None
        self._raw: dict[str, str] = {}
        self._gone: set[str] = set()
        """Digests of tokens that were revoked meanwhile: nobody's, also while Redis cannot say so."""
        self._used: dict[str, datetime] = {}
        self._begin()

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def known(self, secret: str) -> ApiToken | None:
        """From memory alone, for what must not cost a round trip."""
        return self._valid((self._known or {}).get(digest_of(secret)))

    def who(self, secret: str) -> ApiToken | None:
        """Whose token this is; None when it is nobody's, revoked or over. Raises RollUnknownError."""
        digest = digest_of(secret)
        # A new one, perhaps. Strangers who guess are stopped by the rate limit before they come here.
        is_certain = digest in (self._known or {}) or self.refresh() or digest in self._gone
        if self._known is None or not (is_certain or digest in self._known):
            raise RollUnknownError
        token = self._valid(self._known.get(digest))
        if token is not None:
            self._note_use(token)
        return token

    def _valid(self, token: ApiToken | None) -> ApiToken | None:
        if token is None or token.id in self._denied.ids() or token.is_over(self._clock()):
            return None
        return token

    def refresh(self) -> bool:
        """Look at the store once; when it is away (False), what is known stays, and a process that knows nothing asks
        the disk."""
        with self._lock:
            try:
                raw = cast("dict[str, str]", self._redis.hgetall(keys.tokens()))
            except STORE_AWAY:
                if self._known is None:
                    self._raw, self._known = self._from_disk()
                return False
            if raw != self._raw or self._known is None:
                self._gone |= self._raw.keys() - raw.keys()
                self._raw, self._known = raw, _read(raw)
                self._to_disk()
            self._revoke_what_waited()
            return True

    def _revoke_what_waited(self) -> None:
        """Tokens that were revoked here while Redis was away."""
        denied = self._denied.ids()
        late = [digest for digest, token in (self._known or {}).items() if token.id in denied]
        if late:
            self._redis.hdel(keys.tokens(), *late)
            log.info("revoked tokens removed from the store", count=len(late))

    def _note_use(self, token: ApiToken) -> None:
        """At most once a minute for each token; a use that cannot be noted is no reason to refuse it."""
        now = self._clock()
        if token.id in self._used and now - self._used[token.id] < USED_EVERY:
            return
        self._used[token.id] = now
        try:
            self._redis.hset(keys.token_uses(), token.id, now.isoformat(timespec="seconds"))
        except STORE_AWAY as fault:
            log.info("token use not noted", why=type(fault).__name__)

    def _to_disk(self) -> None:
        try:
            write_sealed(self._path, json.dumps(self._raw, sort_keys=True).encode(), self._seal)
        except OSError as fault:
            log.warning("token copy not written", why=type(fault).__name__)

    def _from_disk(self) -> tuple[dict[str, str], Known | None]:
        try:
            raw = json.loads(read_sealed(self._path, self._seal))
        except (OSError, SealError, ValueError):
            return {}, None
        return raw, _read(raw)

    def start(self) -> None:
        """Repeating it is harmless; after a fork the child starts its own."""
        if self._thread is not None and self._thread.is_alive():
            return
        _alive.add(self)
        self._thread = threading.Thread(target=self._run, args=(self._stopped,), name="tokens", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        _alive.discard(self)
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self, stopped: threading.Event) -> None:
        while not stopped.is_set():
            try:
                self.refresh()
            except Exception:
                # Without this thread a revoked token would work on until somebody asks for an unknown one.
                log.exception("tokens not followed")
            stopped.wait(self._poll_seconds)

    def _again_in_the_child(self) -> None:
        self._begin()
        self.start()


def _read(raw: dict[str, str]) -> Known:
    """A record that cannot be read is left out: it opens nothing."""
    known: Known = {}
    for digest, text in raw.items():
        try:
            known[digest] = ApiToken.from_json(text)
        except (ValueError, KeyError, TypeError):
            log.error("stored token unreadable", digest=digest[:8])
    return known


def _after_fork() -> None:
    for roll in list(_alive):
        roll._again_in_the_child()


os.register_at_fork(after_in_child=_after_fork)
