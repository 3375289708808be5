"""What was asked of us lately by webhook, and what we answered: for whoever wonders whether Twilio reaches this app.

Noted off the caller's way, through the deferred writes: neither fields nor query nor signature, so the list holds no
number and no secret. While Redis is away nothing is noted, because what waits then is room for the calls' own writes.
"""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, cast

import structlog
from pydantic_core import to_json
from redis import Redis

from webapp import urls
from webapp.store import keys
from webapp.store.redis import VoiceRedis

log = structlog.get_logger(__name__)

KEPT = 500
REFUSED_EVERY = 1.0
"""Seconds between two refused requests that one process notes: strangers must not push everything else out."""
PATHS = frozenset(path for name, path in vars(urls).items() if name.isupper() and str(path).startswith("/"))
PASSED = "valid"
_SIGNATURE, _CALL = "handoff.signature", "handoff.call_sid"

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WSGIApp = Callable[[Environ, StartResponse], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """`at` is RFC 3339 in UTC; `signature` is `valid` or why the gate refused it; `ms` is our own time for it."""

    at: str
    method: str
    path: str
    status: int
    ms: float
    signature: str
    call_sid: str = ""


def note_passed(environ: MutableMapping[str, Any], call_sid: str = "") -> None:
    """The gate's word on this request: signed."""
    environ[_SIGNATURE], environ[_CALL] = PASSED, call_sid


def note_refused(environ: MutableMapping[str, Any], refusal: Exception) -> None:
    """The gate's word on this request: refused. The gate's refusals are fixed sentences of ours."""
    environ[_SIGNATURE] = str(refusal)


class WebhookLog:
    """Wraps the application; what is no path of Twilio's passes untouched."""

    def __init__(self, app: WSGIApp, store: VoiceRedis, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._store = store
        self._clock = clock
        self._refused_at = -REFUSED_EVERY
        self._process = secrets.token_hex(4)
        self._count = itertools.count()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path not in PATHS:
            return self._app(environ, start_response)
        began, status = perf_counter(), [""]

        def started(line: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            status[0] = line
            return start_response(line, headers, *more)

        answer = self._app(environ, started)
        try:
            self._note(environ, path, status[0], began)
        except Exception as error:
            # The caller's answer is ready; what is only for our own eyes never costs it.
            log.error("webhook not noted", error=type(error).__name__)
        return answer

    def _note(self, environ: Environ, path: str, line: str, began: float) -> None:
        now = perf_counter()
        signature = environ.get(_SIGNATURE, "not looked at")
        if signature != PASSED:
            if now - self._refused_at < REFUSED_EVERY:
                return
            self._refused_at = now
        if not self._store.is_well:
            return
        at = self._clock().astimezone(UTC)
        member = to_json(
            {
                "at": at.isoformat(timespec="milliseconds"),
                "method": environ["REQUEST_METHOD"][:8],
                "path": path,
                "status": int(line[:3] or 0),
                "ms": round((now - began) * 1000, 1),
                "signature": signature[:80],
                "call_sid": environ.get(_CALL, ""),
                # A member of its own: a write that is sent twice must not be two webhooks.
                "id": f"{self._process}-{next(self._count)}",
            }
        )
        self._store.later([
            ("ZADD", keys.webhooks(), int(at.timestamp() * 1000), member),
            ("ZREMRANGEBYRANK", keys.webhooks(), 0, -KEPT - 1),
        ])  # fmt: skip


def lately(redis: Redis) -> list[Webhook]:
    """All, the newest first. Raises `redis.RedisError` or StoreUnavailableError when the store does not answer."""
    found = []
    for member in redis.zrevrange(keys.webhooks(), 0, -1):
        try:
            record = json.loads(cast("str", member))
            record.pop("id", None)
            found.append(Webhook(**record))
        except (ValueError, TypeError):
            log.warning("noted webhook unreadable")
    return found
