"""What was asked of us lately by webhook, and what we answered: for whoever wonders whether Twilio reaches this app.

Noted off the caller's way, through the deferred writes: neither fields nor query nor signature, so the list holds no
number and no secret. In development requests are kept whole instead, so that they can be sent again. While Redis is
away nothing is noted, because what waits then is room for the calls' own writes.
"""

from __future__ import annotations

import itertools
import json
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic, perf_counter
from typing import Any, NamedTuple, cast

import structlog
from pydantic_core import to_json
from redis import Redis

from webapp import urls
from webapp.signed_requests import raw_target
from webapp.store import keys
from webapp.store.connection import Command
from webapp.store.redis import VoiceRedis

log = structlog.get_logger(__name__)

KEPT = 500
AT_ONCE = 100
"""Of the signed requests that one process answers between two writes the last so many are noted: above some hundreds a
second nobody reads each of them, and the calls have the better use for the time."""
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


class Noted(NamedTuple):
    """What the caller's way has time for; the rest of the work is done where it is written."""

    at: datetime
    method: str
    path: str
    status: str
    seconds: float
    signature: str
    call_sid: str
    target: str = ""
    form: Mapping[str, Any] | None = None

    def score(self) -> int:
        return int(self.at.timestamp() * 1000)

    def member(self, its_id: str) -> bytes:
        """As the store keeps it. An id of its own for each: a write that is sent twice must not be two webhooks."""
        return to_json((its_id, self.score(), *self[1:]))


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
        self._passed: deque[Noted] = deque(maxlen=AT_ONCE)
        self._refused: deque[Noted] = deque(maxlen=AT_ONCE)
        self._is_asked_for = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path not in PATHS:
            return self._app(environ, start_response)
        began, status = perf_counter(), ""

        def started(line: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal status
            status = line
            return start_response(line, headers, *more)

        answer = self._app(environ, started)
        try:
            self._note(environ, path, status, perf_counter() - began)
        except Exception as error:
            # The caller's answer is ready; what is only for our own eyes never costs it.
            log.error("webhook not noted", error=type(error).__name__)
        return answer

    def _note(self, environ: Environ, path: str, status: str, seconds: float) -> None:
        signature = environ.get(_SIGNATURE, "not looked at")
        if (signature != PASSED and self._too_soon()) or not self._store.is_well:
            return
        form = environ.get(_FORM, {})
        noted = Noted(
            self._clock(), environ["REQUEST_METHOD"], path, status, seconds, signature, form.get("CallSid", "")
        )
        if self._whole and signature == PASSED and all(isinstance(value, str) for value in form.values()):
            noted = noted._replace(target=raw_target(environ), form=form)
        (self._passed if signature == PASSED else self._refused).append(noted)
        if not self._is_asked_for:
            self._is_asked_for = True
            self._store.later_together(self._commands)

    def _too_soon(self) -> bool:
        now = monotonic()
        if now - self._refused_at < REFUSED_EVERY:
            return True
        self._refused_at = now
        return False

    def _commands(self) -> list[Command]:
        """All that was gathered, in one command: asked for by the thread that writes."""
        self._is_asked_for = False
        scored: list[bytes | int] = []
        for gathered in (self._passed, self._refused):
            while gathered:
                noted = gathered.popleft()
                scored += (noted.score(), noted.member(f"{self._process}-{next(self._count)}"))
        if not scored:
            return []
        return [
            ("ZADD", keys.webhooks(), *scored),
            ("ZREMRANGEBYRANK", keys.webhooks(), 0, -KEPT - 1),
            ("EXPIRE", keys.webhooks(), keys.WEBHOOKS_SECONDS),
        ]


def lately(redis: Redis) -> list[Webhook]:
    """All, the newest first. Raises `redis.RedisError` or StoreUnavailableError when the store does not answer."""
    found = []
    for member in redis.zrevrange(keys.webhooks(), 0, -1):
        try:
            found.append(_read(cast("str", member)))
        except (ValueError, TypeError, OverflowError, OSError):
            log.warning("noted webhook unreadable")
    return found


def _read(member: str) -> Webhook:
    its_id, at_ms, method, path, status, seconds, signature, call_sid, target, form = json.loads(member)
    return Webhook(
        datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds"),
        method[:8], path, int(status[:3] or 0), round(seconds * 1000, 1), signature[:80], call_sid, its_id, target,
        form or {},
    )  # fmt: skip
