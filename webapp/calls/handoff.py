"""Hand over a live call from code: keep what is wished, take the caller's leg to our own URL."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, cast

import structlog
from redis import Redis
from redis.exceptions import RedisError

from handoff_rules.headers import HEADERS_BUDGET, MAX_HEADERS, encoded_length, name_fault
from webapp import urls
from webapp.calls.reader import CallReader, UnknownCallError
from webapp.calls.record import CallRecord
from webapp.calls.timeline import GENERATION, TRANSFERS, Kind
from webapp.calls.told import ToldVariables
from webapp.configurations import Published, VersionId
from webapp.configurations.live import LiveConfigurations
from webapp.numbers.recommended import check_is_public
from webapp.store import keys
from webapp.twilio_rest import account
from webapp.twilio_rest.client import TwilioClient
from webapp.twilio_rest.errors import TwilioRequestError
from webapp.urls import PublicURLs
from webapp.voice.state import CallState, StateKeys

log = structlog.get_logger(__name__)

NOT_IN_PROGRESS = 21220
"""Twilio: the call is not in progress, so it cannot be redirected: most often the caller hung up meanwhile."""
UNDER_WAY_MS = 15_000
"""Between the wish and Twilio's webhook for it; Twilio gives a webhook up after 15 s."""

# One script, so that of two requests at once exactly one wins. The number of the transfer stands in the steps as well:
# the webhook that ends the old document reads it there and knows that the call was taken elsewhere.
_CLAIM = """
local state = redis.call('HGET', KEYS[1], 'state')
local at = tonumber(redis.call('HGET', KEYS[1], 'at') or '0')
if (state == 'asking' or state == 'redirected') and tonumber(ARGV[1]) - at < tonumber(ARGV[3]) then return 0 end
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('HSET', KEYS[1], 'state', 'asking', 'at', ARGV[1], 'wish:' .. number, ARGV[2])
redis.call('HSET', KEYS[2], ARGV[5], number)
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[4])
return number
"""
_SETTLE = """
if redis.call('HGET', KEYS[1], 'number') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'state') ~= 'asking' then return end
redis.call('HSET', KEYS[1], 'state', ARGV[2])
if ARGV[2] == 'refused' then redis.call('HSET', KEYS[2], ARGV[3], tonumber(ARGV[1]) - 1) end
"""


class CallOverError(Exception):
    """The caller is not there any more, or not yet."""


class HandoffRunningError(Exception):
    def __init__(self) -> None:
        super().__init__("Another handoff of this call was asked for just now and is under way; that one counts.")


class WishError(ValueError):
    """What is wished cannot be done; `place` is where in the wish."""

    def __init__(self, place: tuple[str, ...], message: str, fix: str) -> None:
        self.place, self.fix = place, fix
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Wish:
    """Without a destination the rules decide, with the variables. `headers` go before those of the destination."""

    destination: str | None = None
    reason: str = ""
    utterance: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Redirected:
    """Twilio has taken the order. Where the call ends up is told by its webhooks: see `handoff_state`."""

    call_sid: str
    number: int
    destination: str | None


@dataclass(frozen=True, slots=True)
class Requested:
    """`state`: asking, redirected (Twilio took the order), taken (its webhook came), refused, or uncertain."""

    number: int
    state: str
    destination: str | None
    context: Mapping[str, Any]


class Handoffs:
    def __init__(
        self, redis: Redis, *, calls: CallReader, told: ToldVariables, live: LiveConfigurations, state_keys: StateKeys,
        base_url: Callable[[], str], client: Callable[[], TwilioClient], clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._redis = redis
        self._calls, self._told, self._live = calls, told, live
        self._state_keys, self._base_url = state_keys, base_url
        self._client, self._clock = client, clock

    def ask(self, call_sid: str, wish: Wish) -> Redirected:
        """Raises UnknownCallError, CallOverError, HandoffRunningError, WishError, ReservedNameError,
        TwilioRequestError, NotConnectedError, NotPublicError, or what Redis raises."""
        record = live_call(self._calls, call_sid)
        published = self._published(record)
        check_wish(wish, published)
        client, base_url = self._client(), self._base_url()
        check_is_public(base_url)
        number = self._claim(call_sid, wish)
        before = self._told.of(call_sid)
        try:
            if wish.variables:
                self._told.tell(call_sid, dict(wish.variables))
            self._redirect(client, PublicURLs(base_url), record, wish, number)
        except Exception as error:
            self._failed(call_sid, number, wish, before, error)
            if isinstance(error, TwilioRequestError):
                raise _explained(error, call_sid) from error
            raise
        self._settle(call_sid, number, "redirected")
        return Redirected(call_sid, number, wish.destination)

    def _failed(
        self, call_sid: str, number: int, wish: Wish, before: Mapping[str, str], error: Exception
    ) -> None:  # fmt: skip
        """A refused handoff leaves the call as it was; an uncertain one may have happened, so what it told stays."""
        uncertain = isinstance(error, TwilioRequestError) and error.ambiguous
        try:
            if not uncertain and wish.variables:
                self._told.take_back(call_sid, wish.variables, before)
            self._settle(call_sid, number, "uncertain" if uncertain else "refused")
        except RedisError as fault:
            log.warning("handoff not settled", call_sid=call_sid, error=type(fault).__name__)

    def kept(self, call_sid: str) -> Requested | None:
        """The latest wish and what became of it; None when nobody ever wished."""
        stored = cast("dict[str, str]", self._redis.hgetall(keys.call_handoff(call_sid)))
        number = stored.get("number", "")
        if not number:
            return None
        wish = json.loads(stored.get(f"wish:{number}", "{}"))
        return Requested(int(number), stored.get("state", ""), wish.get("destination"), wish.get("context") or {})

    def _published(self, record: CallRecord) -> Published:
        found = self._live.version(VersionId.parse(record.version))
        return found or self._live.environment("sandbox" if record.environment == "sandbox" else "production")

    def _claim(self, call_sid: str, wish: Wish) -> int:
        now = str(int(self._clock().timestamp() * 1000))
        arguments = [now, json.dumps(asdict(wish)), str(UNDER_WAY_MS), str(keys.LIVE_CALL_SECONDS), TRANSFERS]
        number = cast(
            int, self._redis.eval(_CLAIM, 2, keys.call_handoff(call_sid), keys.call_steps(call_sid), *arguments)
        )
        if not number:
            raise HandoffRunningError
        return int(number)

    def _settle(self, call_sid: str, number: int, state: str) -> None:
        names = (keys.call_handoff(call_sid), keys.call_steps(call_sid))
        self._redis.eval(_SETTLE, 2, *names, str(number), state, TRANSFERS)

    def _redirect(self, client: TwilioClient, public: PublicURLs, record: CallRecord, wish: Wish, number: int) -> None:
        state = CallState(
            record.environment, record.version, None, wish.reason, None, attempt=number * GENERATION,
            destination=wish.destination, own_caller_id=record.callers_number_was_refused,
        )  # fmt: skip
        url = public.to(urls.TRANSFER, self._state_keys.write(state, record.call_sid))
        account.redirect_call(client, record.call_sid, url, public.to(urls.FALLBACK))
        log.info("call redirected", call_sid=record.call_sid, destination=wish.destination, number=number)


def live_call(calls: CallReader, call_sid: str) -> CallRecord:
    """The call, when it is known and not over. Raises UnknownCallError or CallOverError."""
    try:
        record = calls.get(call_sid)
    except ValueError:
        record = None
    if record is None:
        raise UnknownCallError(call_sid)
    if any(event.kind is Kind.ENDED for event in record.events):
        raise CallOverError("The call is over: the caller, or the last document, has ended it.")
    return record


def check_wish(wish: Wish, published: Published) -> None:
    """Everything that can be known before the call is touched."""
    known = published.compiled.configuration.destination_by_id
    if wish.destination is not None and wish.destination not in known:
        raise WishError(("destination",), f"The call's version has no destination {wish.destination!r}.",
                        f"One of: {', '.join(sorted(known)[:20])}.")  # fmt: skip
    if wish.destination is not None and not known[wish.destination].enabled:
        raise WishError(("destination",), f"{wish.destination} is switched off.", "Switch it on, or take another.")
    seen: set[str] = set()
    for name in wish.headers:
        if fault := name_fault(name):
            raise WishError(("headers", name), f"A header name {fault}.", "Use a name such as X-Customer-ID.")
        if name.lower() in seen:
            raise WishError(("headers", name), f"{name} is there twice, in another case.", "Keep one of them.")
        seen.add(name.lower())
    length = encoded_length((name, value) for name, value in wish.headers.items())
    if len(wish.headers) > MAX_HEADERS or length > HEADERS_BUDGET:
        raise WishError(("headers",), f"{len(wish.headers)} headers with {length} encoded characters cannot be sent.",
                        f"At most {MAX_HEADERS} headers and {HEADERS_BUDGET} characters.")  # fmt: skip


def _explained(error: TwilioRequestError, call_sid: str) -> Exception:
    """Twilio's word about the call itself, in ours; anything else stays what it is."""
    if error.code == NOT_IN_PROGRESS:
        return CallOverError(f"Twilio says that the call is not in progress ({NOT_IN_PROGRESS}): the caller hung up.")
    if error.is_missing:
        return UnknownCallError(call_sid)
    return error
