"""The call log: one pipelined round trip for a webhook's own keys, and deferred writes for the rest.

Answering needs none of it: when Redis is away, what would have been written waits in a bounded buffer and the call
goes on with what the request itself says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import structlog
from pydantic_core import to_json

from handoff_rules.outcomes import Outcome
from webapp.calls.counters import write_events
from webapp.calls.failure_codes import failure_codes
from webapp.calls.leg_words import leaving
from webapp.calls.timeline import TRANSFERS, Event, stored_together
from webapp.messaging.sightings import sighting_command
from webapp.store import keys
from webapp.store.connection import Command
from webapp.store.redis import VoiceRedis
from webapp.store.unavailable import StoreUnavailableError

log = structlog.get_logger(__name__)

FACTS = "facts"
OPENING = "opening"
"""The field of the timeline that holds what the first webhook of the call decided."""
DESTINATION_OF = "destination:"
"""With the number of an attempt: the field of the call that holds the destination which it rang."""
TALKED = "talked:"
"""With the number of an attempt: the field that is there once somebody took the call."""
FORGET_EVERY_MS = keys.MINUTE * 1000
TOLD = "told:"
"""With the name of a claim: the variables from outside that the first webhook of its kind was answered with."""
READS = ("HGET", "HMGET", "HGETALL")


class Remembered(NamedTuple):
    """What Redis knew of the call. `is_first`: no webhook of this kind came before; `claim`: what the first one wrote,
    and `variables` are then those which that one was answered with.

    `beside`: the fields that were asked for, as far as they are there. `failing`: destinations that other processes
    found failing, with their health as JSON. `transfers` counts how often the API took the call elsewhere; `wish` is
    what the one that was asked about wished.
    """

    is_first: bool = True
    facts: Mapping[str, Any] = MappingProxyType({})
    variables: Mapping[str, str] = MappingProxyType({})
    claim: str | None = None
    beside: Mapping[str, str] = MappingProxyType({})
    failing: Mapping[str, str] = MappingProxyType({})
    transfers: int = 0
    wish: Mapping[str, Any] | None = None


class CallLog:
    def __init__(self, store: VoiceRedis, days: int) -> None:
        self._store = store
        self._seconds = keys.call_log_seconds(days)
        self._forgot_ms = 0
        self._is_deferring = False

    def open(
        self, call_sid: str, facts: Mapping[str, Any], summary: Mapping[str, str], events: Sequence[Event], at_ms: int,
        *, meanwhile: Callable[[], None] | None = None,
    ) -> Remembered | None:  # fmt: skip
        """The first webhook of a call. None when Redis did not answer; the writes then wait for it.

        `meanwhile`: what can be done until Redis answers (VoiceRedis.execute).
        """
        call, variables = keys.call(call_sid), keys.call_variables(call_sid)
        commands: list[Command] = [
            ("HSETNX", call, FACTS, _json(facts)),
            ("HGET", call, FACTS),
            ("HGETALL", variables),
            ("HGETALL", keys.destination_health()),
            *_unless_known(call, summary),
            ("EXPIRE", call, self._seconds),
            ("ZADD", keys.calls(), "NX", at_ms, call_sid),
            *self._writes_together(call_sid, OPENING, events, at_ms),
        ]
        answers = self._now_or_later(commands, meanwhile)
        self._forget_old_calls(at_ms)
        if not answers:
            return None
        is_first = _claims(answers[0], answers[1])
        first_facts = {} if is_first else _object(answers[1])
        return Remembered(is_first, first_facts, _texts(answers[2]), failing=_texts(answers[3]))

    def _forget_old_calls(self, at_ms: int) -> None:
        """What a call has left expires by itself; its place in the list of calls is taken away, once a minute, and the
        list as a whole ends when no call has come for as long: not with each call, because a caller waits for those."""
        if at_ms - self._forgot_ms >= FORGET_EVERY_MS:
            self._forgot_ms = at_ms
            oldest = at_ms - self._seconds * 1000
            self._store.later([("ZREMRANGEBYSCORE", keys.calls(), "-inf", oldest), self._list_lasts()])

    def _list_lasts(self) -> Command:
        return ("EXPIRE", keys.calls(), self._seconds + keys.HOUR)

    def open_with_more(self, call_sid: str, facts: Mapping[str, Any], events: Sequence[Event], at_ms: int) -> None:
        """The first webhook found variables that were there before the call: what it decided with them counts."""
        together = _together(events, at_ms)
        self._store.later(
            [
                ("HSET", keys.call(call_sid), FACTS, _json(facts)),
                ("HSET", keys.call_timeline(call_sid), OPENING, together),
                ("EXPIRE", keys.call_timeline(call_sid), self._seconds),
            ]
        )

    def step(
        self,
        call_sid: str,
        claim: str,
        value: str,
        *,
        summary: Mapping[str, str],
        events: Sequence[Event],
        at_ms: int,
        beside: Sequence[str] = (),
        transfer: int = 0,
        wish: int = 0,
    ) -> Remembered | None:
        """A later webhook: the first of its kind claims its step with a value, a repeated one reads that back.

        `transfer` is the number of the one whose webhook this is, `wish` of one whose wish is asked for once more;
        `beside` are other fields among the call's steps that are asked for: other claims, or what its lines said.
        """
        call, steps = keys.call(call_sid), keys.call_steps(call_sid)
        commands: list[Command] = [
            ("HSETNX", steps, claim, value),
            ("HMGET", steps, claim, TRANSFERS, TOLD + claim, *beside),
            ("HGET", call, FACTS),
            ("HGETALL", keys.call_variables(call_sid)),
            ("HGETALL", keys.destination_health()),
            ("EXPIRE", steps, self._seconds),
            *_unless_known(call, summary),
            *([self._lasts(call)] if summary else ()),
            *self._writes_together(call_sid, claim, events, at_ms),
            *(_wish(call_sid, transfer or wish, takes_it=bool(transfer)) if transfer or wish else ()),
        ]
        answers = self._now_or_later(commands)
        self._see_failures(call_sid, events, at_ms)
        if not answers:
            return None
        kept = answers[1] if isinstance(answers[1], list) and len(answers[1]) == 3 + len(beside) else [None] * 3
        claimed, transfers, told_then, *others = (_text(value) for value in kept)
        is_first, told = _claims(answers[0], claimed), _texts(answers[3])
        if is_first and told:
            self._store.later([("HSETNX", steps, TOLD + claim, _json(told))])
        return Remembered(
            is_first, _object(answers[2]), told if is_first else _texts(_object(told_then)), claimed,
            {name: text for name, text in zip(beside, others, strict=False) if text is not None}, _texts(answers[4]),
            int(transfers) if transfers and transfers.isdecimal() else 0,
            (_object(answers[-1]) or None) if transfer or wish else None,
        )  # fmt: skip

    def note(
        self, call_sid: str, events: Sequence[Event], at_ms: int, summary: Mapping[str, str] | None = None,
        *, unless_known: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Write down without waiting. The first report of an event's id counts."""
        commands = self._writes(call_sid, events, at_ms)
        call = keys.call(call_sid)
        if summary:
            commands.append(("HSET", call, *_flat(summary)))
        commands += [("HSETNX", call, *pair) for pair in (unless_known or {}).items()]
        if summary or unless_known:
            commands.append(self._lasts(call))
        self._store.later(commands)
        self._see_failures(call_sid, events, at_ms)

    def appeared(self, call_sid: str, facts: Mapping[str, Any], at_ms: int) -> None:
        """A call whose first webhook never came here: what `open` would have written, without waiting."""
        call = keys.call(call_sid)
        listed: list[Command] = [("ZADD", keys.calls(), "NX", at_ms, call_sid), self._list_lasts()]
        self._store.later([("HSETNX", call, FACTS, _json(facts)), self._lasts(call), *listed])

    def decided(self, call_sid: str, facts: Mapping[str, Any]) -> None:
        """The facts of the latest decision: what an intake or an agent learned is part of them."""
        call = keys.call(call_sid)
        self._store.later([("HSET", call, FACTS, _json(facts)), self._lasts(call)])

    def _lasts(self, key: str) -> Command:
        """Beside every write: the store may have been emptied in the middle of the call."""
        return ("EXPIRE", key, self._seconds)

    def leg_said(self, call_sid: str, attempt: int, leg: str, word: Outcome, *, until: str) -> None:
        """Keep what a line of an attempt said, at once: the webhook that asks follows within milliseconds, and makes
        the claim `until`."""
        steps = keys.call_steps(call_sid)
        self._now_or_later([leaving(steps, attempt, leg, word, until=until), ("EXPIRE", steps, self._seconds)])

    def tell_failing(self, destination: str, health: str) -> None:
        """Let the other processes know that a destination is being passed over for a while."""
        key = keys.destination_health()
        self._store.later([("HSET", key, destination, health), ("EXPIRE", key, keys.HEALTH_SECONDS)])

    def _writes_together(self, call_sid: str, name: str, events: Sequence[Event], at_ms: int) -> list[Command]:
        if not events:
            return []
        timeline = keys.call_timeline(call_sid)
        return [write_events(timeline, name, _together(events, at_ms), events), ("EXPIRE", timeline, self._seconds)]

    def _writes(self, call_sid: str, events: Sequence[Event], at_ms: int) -> list[Command]:
        if not events:
            return []
        timeline = keys.call_timeline(call_sid)
        written = [write_events(timeline, event.id, _json(event.stored(at_ms)), [event]) for event in events]
        return [*written, ("EXPIRE", timeline, self._seconds)]

    def _see_failures(self, call_sid: str, events: Sequence[Event], at_ms: int) -> None:
        """Each code counts once for a call, however often it is told; no caller waits for the count."""
        at = datetime.fromtimestamp(at_ms / 1000, UTC)
        seen = [sighting_command(code, call_sid, at) for event in events for code in failure_codes(event)]
        if seen:
            self._store.later(seen)

    def _now_or_later(
        self, commands: Sequence[Command], meanwhile: Callable[[], None] | None = None
    ) -> list[Any] | None:
        try:
            answers = self._store.execute(commands, meanwhile)
        except StoreUnavailableError as error:
            if not self._is_deferring:  # once for an outage, not for each webhook of it
                log.warning("call log deferred", reason=error.reason)
            self._is_deferring = True
            self._store.later([command for command in commands if command[0] not in READS])
            return None
        self._is_deferring = False
        if StoreUnavailableError not in map(type, answers):
            return answers
        # A read-only or full server still reads: what it refused to write waits for it.
        refused = [
            command for command, answer in zip(commands, answers, strict=True)
            if isinstance(answer, StoreUnavailableError) and command[0] not in READS
        ]  # fmt: skip
        if refused:
            self._store.later(refused)
        return answers


def _claims(answer: Any, stands: Any) -> bool:
    """A server that refuses writes takes no claim either; what does not stand there was not claimed before."""
    return answer == 1 or (isinstance(answer, StoreUnavailableError) and stands is None)


def _wish(call_sid: str, transfer: int, *, takes_it: bool) -> list[Command]:
    """The wish of this transfer, and the word that its webhook has come."""
    wishes = keys.call_handoff(call_sid)
    return [*([("HSET", wishes, "state", "taken")] if takes_it else []), ("HGET", wishes, f"wish:{transfer}")]


def _json(value: Mapping[str, Any]) -> str:
    return to_json(value).decode()  # several times as fast as the standard library, and a caller waits


def _together(events: Sequence[Event], at_ms: int) -> str:
    return to_json(stored_together(events, at_ms)).decode()


def _unless_known(call: str, summary: Mapping[str, str]) -> list[Command]:
    """Written before it is known whether this webhook is a repeated one, which may decide otherwise by now."""
    return [("HSETNX", call, name, value) for name, value in summary.items()]


def _flat(pairs: Mapping[str, str]) -> list[str]:
    return [text for pair in pairs.items() for text in pair]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _object(value: Any) -> dict[str, Any]:
    """Stored JSON, or nothing when it is not ours: a lying store must not lose a call."""
    try:
        found = json.loads(value) if isinstance(value, str) else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {name: text for name, text in value.items() if isinstance(name, str) and isinstance(text, str)}
