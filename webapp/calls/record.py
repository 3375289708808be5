"""One call as it is shown: who called, what was decided, each attempt with its raw codes, and how it ended."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from handoff_rules.facts import Facts
from handoff_rules.outcomes import Ends, Outcome
from handoff_rules.stored_facts import facts_from_store
from webapp.calls.recordings import has_message
from webapp.calls.timeline import Event, Kind, in_order, read_events

NEVER_SENT = "Handoff"
"""The raw field of an attempt that could not become a document; its value says why."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One destination rung. `raw` are Twilio's and SIP's own values; `legs` what each child leg did."""

    number: int
    destination: str
    verb: str
    note: str | None
    outcome: Outcome | None
    raw: Mapping[str, str]
    legs: Sequence[Mapping[str, Any]]
    dropped_headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CallRecord:
    """`facts` is None when they have expired or cannot be read; `ends` is None while the call goes on."""

    call_sid: str
    version: str
    environment: str
    over: str
    facts: Facts | None
    variables: Mapping[str, str]
    events: tuple[Event, ...]
    summary: Mapping[str, str]

    @property
    def started_at(self) -> datetime | None:
        """When the first webhook came: the facts are those of the latest decision, which may be much later."""
        first = min((event.at_ms for event in self.events if event.at_ms), default=0)
        return instant(first) if first else self.facts.at if self.facts else None

    @property
    def caller(self) -> str:
        return self.variables.get("caller_id", "")

    @property
    def called(self) -> str:
        return self.variables.get("called_number", "")

    @property
    def since_transfer(self) -> CallRecord:
        """The part of the call after the API took it elsewhere for the last time; all of it when that never was."""
        return replace(self, events=tuple(_after_transfers(self.events)))

    @property
    def decision(self) -> Mapping[str, Any]:
        decided = [event.detail for event in self.events if event.kind is Kind.DECIDED]
        return decided[-1] if decided else {}

    @property
    def rule(self) -> str | None:
        rule = self.decision.get("rule")
        return str(rule) if rule else None

    @property
    def reason(self) -> str:
        return str(self.decision.get("reason") or "")

    @property
    def asked_for(self) -> str | None:
        """The destination that an agent, a REFER or the API named at the latest decision, published or not."""
        named = self.decision.get("asked_for")
        return str(named) if named else None

    @property
    def agents_reason(self) -> str:
        """The reason that an agent gave when its part ended; empty when it gave none, or there was no agent."""
        given = (str(event.detail.get("reason") or "") for event in self.events if event.kind is Kind.AGENT_ENDED)
        return next(given, "")

    @property
    def callers_number_was_refused(self) -> bool:
        """Twilio would not show it in this call, so a number of ours is shown in its place to the end."""
        return any(
            event.kind is Kind.DIALLED_AGAIN or (event.kind is Kind.FALLBACK and event.detail.get("caller_id"))
            for event in self.events
        )

    @property
    def path(self) -> tuple[str, ...]:
        """The destinations that were rung: an attempt that never became a document, or whose document was lost on its
        way, rang nobody."""
        rung = (one for one in self.attempts if NEVER_SENT not in one.raw)
        return tuple(one.destination for one in rung if not self._was_lost(one))

    def _was_lost(self, attempt: Attempt) -> bool:
        """Nothing was heard of it, and the call went on: the fallback URL was asked in place of its document, or the
        API took the caller before a line of a `<Dial>` rang. Of a REFER nobody tells how far it had come."""
        if attempt.outcome is not None or attempt.legs or attempt.number == len(self._handed_off):
            return False
        at = self._handed_off[attempt.number - 1].attempt
        if attempt.verb == "dial" and any(one.kind is Kind.TRANSFERRED and one.attempt > at for one in self.events):
            return True
        return any(event.kind is Kind.FALLBACK and event.attempt == at for event in self.events)

    @property
    def _handed_off(self) -> list[Event]:
        return [event for event in self.events if event.kind is Kind.HANDED_OFF]

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        return tuple(_attempt(number, event, self.events) for number, event in enumerate(self._handed_off, 1))

    @property
    def ends(self) -> Ends | None:
        """From the events alone, so that webhooks in any order tell the same."""
        return next(_endings(_after_transfers(self.events)), None)

    @property
    def duration_seconds(self) -> int | None:
        text = next(
            (str(e.detail.get("raw", {}).get("CallDuration", "")) for e in self.events if e.kind is Kind.ENDED), ""
        )
        return int(text) if text.isdecimal() else None


def _after_transfers(events: Sequence[Event]) -> list[Event]:
    """What a call did before the API took it elsewhere does not say how it ended."""
    latest = max((event.attempt for event in events if event.kind is Kind.TRANSFERRED), default=0)
    return [event for event in events if event.attempt >= latest or event.kind is Kind.ENDED]


def _endings(events: Sequence[Event]) -> Iterator[Ends]:
    """The strongest word first: a voicemail that was left, then how the last document ended the call."""
    kinds = {event.kind: event for event in events}
    if has_message(events):
        yield Ends.VOICEMAIL
    elif Kind.RECORDED in kinds:
        yield Ends.HUNG_UP
    last = next((event for event in reversed(events) if event.kind is Kind.HANDED_OFF), None)
    hung_up = kinds.get(Kind.HUNG_UP)
    if hung_up is not None and (last is None or hung_up.attempt >= last.attempt):
        yield Ends(hung_up.detail["ends"])
    yield from _ended_by_outcome(events, last)
    if last is not None and last.detail["verb"] == "hang_up" and not _has_outcome(events, last.attempt):
        yield Ends.RETURNED
    if Kind.SPOKEN in kinds:
        yield Ends.MESSAGE
    if Kind.ENDED in kinds:
        yield Ends.ANSWERED if last is not None and _talked(events, last.attempt) else Ends.CALLER_HUNG_UP


def _has_outcome(events: Sequence[Event], attempt: int) -> bool:
    """No webhook follows a BYE: one that has an outcome rang a tester's phone in its place."""
    return any(event.kind is Kind.OUTCOME and event.attempt == attempt for event in events)


def _talked(events: Sequence[Event], attempt: int) -> bool:
    """Somebody took the call, and the end of the conversation was never told."""
    if _has_outcome(events, attempt):
        return False
    return any(
        event.attempt == attempt and (event.detail.get("talks") or event.detail.get("said") == Outcome.ANSWERED)
        for event in events
        if event.kind in (Kind.LEG, Kind.SCREENED)
    )


ENDED_BY = {
    Outcome.ANSWERED: Ends.ANSWERED,
    Outcome.REFERRED: Ends.REFERRED,
    Outcome.UNCONFIRMED: Ends.UNCONFIRMED,
    Outcome.CALLER_HUNG_UP: Ends.CALLER_HUNG_UP,
    Outcome.CANCELED: Ends.HUNG_UP,
}
"""How a call ended whose last attempt came out like this, when nothing followed it."""


def _ended_by_outcome(events: Sequence[Event], last: Event | None) -> Iterator[Ends]:
    following = any(event.kind in (Kind.SPOKEN, Kind.VOICEMAIL) for event in events)
    for event in events:
        if last is not None and event.kind is Kind.OUTCOME and event.attempt == last.attempt and not following:
            outcome = ENDED_BY.get(Outcome(event.detail["outcome"]))
            if outcome is not None:
                yield outcome


def _attempt(number: int, event: Event, events: Sequence[Event]) -> Attempt:
    own = [other for other in events if other.attempt == event.attempt]
    outcome = next((other.detail for other in own if other.kind is Kind.OUTCOME), {})
    left_out = next((other.detail for other in own if other.kind is Kind.LEFT_OUT), {})
    return Attempt(
        number=number,
        destination=str(event.detail["destination"]),
        verb=str(event.detail["verb"]),
        note=event.detail.get("note"),
        outcome=Outcome(outcome["outcome"]) if outcome else None,
        raw=dict(outcome.get("raw", {})),
        legs=[other.detail for other in own if other.kind is Kind.LEG],
        dropped_headers={header["name"]: header["why"] for header in left_out.get("dropped", ())},
    )


def read_record(
    call_sid: str, call: Mapping[str, str], told: Mapping[str, str], timeline: Mapping[str, str]
) -> CallRecord | None:
    """The record from its three hashes; None when there is no such call. What cannot be read is left out."""
    if not call and not timeline:
        return None
    stored = _json(call.get("facts", ""))
    facts = _facts(stored)
    return CallRecord(
        call_sid=call_sid,
        version=str(stored.get("version") or call.get("version", "")),
        environment=str(stored.get("environment") or call.get("environment", "")),
        over=str(stored.get("over", "phone")),
        facts=facts,
        variables={**(facts.variables if facts else {}), **told},
        events=tuple(_naming_members(in_order(_told_first(_events(timeline))))),
        summary={name: value for name, value in call.items() if name != "facts"},
    )


def _told_first(events: Iterator[Event]) -> Iterable[Event]:
    """The first report of an id counts: the fallback URL tells once more what an answer that was lost had told."""
    first: dict[str, Event] = {}
    for event in events:
        known = first.get(event.id)
        if known is None or event.at_ms < known.at_ms:
            first[event.id] = event
    return first.values()


def _naming_members(events: Sequence[Event]) -> Iterator[Event]:
    """Machine detection and the accept gate know a far leg by its SID; the leg's own reports say whose it is."""
    targets = {e.detail["leg"]: e.detail["target"] for e in events if e.kind is Kind.LEG and e.detail.get("target")}
    for event in events:
        target = targets.get(event.detail.get("leg")) if event.kind is Kind.SCREENED else None
        yield event._replace(detail={**event.detail, "target": target}) if target else event


def _events(timeline: Mapping[str, str]) -> Iterator[Event]:
    for name, text in timeline.items():
        try:
            yield from read_events(name, json.loads(text))
        except (ValueError, KeyError, TypeError):
            continue


def _facts(stored: Mapping[str, Any]) -> Facts | None:
    try:
        return facts_from_store(stored["decision"])
    except (KeyError, TypeError, ValueError):
        return None


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def instant(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
