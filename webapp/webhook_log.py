"""What was asked of us lately by webhook, and what we answered: for whoever wonders whether Twilio reaches this app.

Noted off the caller's way, through the deferred writes: neither fields nor query nor signature, so the list holds no
number and no secret. In development requests are kept whole instead, so that they can be sent again. While Redis is
away nothing is noted, because what waits then is room for the calls' own writes.
"""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, cast

import structlog
from pydantic_core import to_json
from redis import Redis

from webapp import urls
from webapp.signed_requests import raw_target
from webapp.store import keys
from webapp.store.redis import VoiceRedis

log = structlog.get_logger(__name__)

KEPT = 500
REFUSED_EVERY = 1.0
"""Seconds between two refused requests that one process notes: strangers must not push everything else out."""
PATHS = frozenset(path for name, path in vars(urls).items() if name.isupper() and str(path).startswith("/"))
PASSED = "valid"
_SIGNATURE, _FORM = "handoff.signature", "handoff.form"

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WSGIApp = Callable[[Environ, StartResponse], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """`at` is RFC 3339 in UTC; `signature` is `valid` or why the gate refused it; `ms` is our own time for it.

    `target` and `form` are there when the request was kept whole: it can be sent again.
    """

    at: str
    method: str
    path: str
    status: int
    ms: float
    signature: str
    call_sid: str = ""
    id: str = ""
    target: str = ""
    form: Mapping[str, str] = field(default_factory=dict)


def note_passed(environ: MutableMapping[str, Any], form: Mapping[str, Any]) -> None:
    """The gate's word on this request: signed, with these fields."""
    environ[_SIGNATURE], environ[_FORM] = PASSED, form


def note_refused(environ: MutableMapping[str, Any], refusal: Exception) -> None:
    """The gate's word on this request: refused. The gate's refusals are fixed sentences of ours."""
    environ[_SIGNATURE] = str(refusal)


class WebhookLog:
    """Wraps the application; what is no path of Twilio's passes untouched. `whole` keeps forms and queries as well."""

    def __init__(self, app: WSGIApp, store: VoiceRedis, clock: Callable[[], datetime], *, whole: bool = False) -> None:
        self._app = app
        self._store = store
        self._clock = clock
        self._whole = whole
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
        at, form = self._clock().astimezone(UTC), environ.get(_FORM, {})
        noted = {
            "at": at.isoformat(timespec="milliseconds"),
            "method": environ["REQUEST_METHOD"][:8],
            "path": path,
            "status": int(line[:3] or 0),
            "ms": round((now - began) * 1000, 1),
            "signature": signature[:80],
            "call_sid": form.get("CallSid", ""),
            # A member of its own: a write that is sent twice must not be two webhooks.
            "id": f"{self._process}-{next(self._count)}",
        }
        if self._whole and signature == PASSED and all(isinstance(value, str) for value in form.values()):
            noted |= {"target": raw_target(environ), "form": dict(form)}
        self._store.later([
            ("ZADD", keys.webhooks(), int(at.timestamp() * 1000), to_json(noted)),
            ("ZREMRANGEBYRANK", keys.webhooks(), 0, -KEPT - 1),
            ("EXPIRE", keys.webhooks(), keys.WEBHOOKS_SECONDS),
        ])  # fmt: skip


def lately(redis: Redis) -> list[Webhook]:
    """All, the newest first. Raises `redis.RedisError` or StoreUnavailableError when the store does not answer."""
    found = []
    for member in redis.zrevrange(keys.webhooks(), 0, -1):
        try:
            found.append(Webhook(**json.loads(cast("str", member))))
        except (ValueError, TypeError):
            log.warning("noted webhook unreadable")
    return found
