"""The worker's part of texts in a flow: was nobody reached, did the caller agree, and may the text go?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from redis import Redis

from handoff_rules.outcomes import Ends, Outcome
from webapp.calls.reader import CallReader
from webapp.calls.record import NEVER_SENT, CallRecord
from webapp.calls.text_wish import Purpose, WishedText, read_wish
from webapp.calls.timeline import AFTER_ALL, Event, Kind
from webapp.messaging.call_notes import note_on_call
from webapp.messaging.callers import verified_call
from webapp.messaging.sms import TakenOn, Texts
from webapp.messaging.sms_conditions import Consent, Refusal
from webapp.worker.loop import Answer, Done, GiveUp, Later
from webapp.worker.outbox import Job

log = structlog.get_logger(__name__)

TOO_LATE = timedelta(hours=1)
"""A wish that waited longer (Redis or the worker was away) would puzzle the caller more than it helps."""
LONGEST_ENDING = timedelta(minutes=12)
"""A voicemail of ten minutes and its greeting; after that a call without news counts as over."""
LOOK_AGAIN = timedelta(seconds=20)
REACHED = frozenset({Ends.ANSWERED, Ends.REFERRED, Ends.UNCONFIRMED, Ends.RETURNED})
TOOK_IT = frozenset({Outcome.ANSWERED, Outcome.REFERRED})


class ConsiderText:
    """Judges one wish. What it decided is a line of the call's timeline; the text itself is a job of its own."""

    def __init__(
        self, redis: Redis, account_sid: str, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._redis = redis
        self._texts = Texts(redis, account_sid)
        self._calls = CallReader(redis)
        self._clock = clock

    def __call__(self, job: Job) -> Answer:
        now, wish = self._clock(), read_wish(job.payload)
        if now - wish.at > TOO_LATE:
            return self._settled(wish, GiveUp("it waited for more than an hour"), now)
        record = self._calls.get(wish.call_sid)
        if wish.purpose is Purpose.MISSED and record is not None:
            if reached_somebody(record):
                return self._settled(wish, Done("the caller reached somebody after all"), now)
            if not is_over(record) and now - wish.at < LONGEST_ENDING:
                return Later(now + LOOK_AGAIN, "the call goes on", counts=False)
        return self._ask(wish, record, now)

    def _ask(self, wish: WishedText, record: CallRecord | None, now: datetime) -> Answer:
        consent = Consent("key 1", wish.prompt, wish.at, wish.version) if wish.prompt else None
        taken = self._texts.take_on(verified_call(record), wish.body, wish.purpose, now, consent=consent)
        if isinstance(taken, TakenOn):
            waits = ", when the quiet hours are over" if taken.waits else ""
            return self._settled(wish, Done(f"it is sent{waits}"), now, taken)
        return self._settled(wish, Done(taken.message), now, taken)

    def _settled(self, wish: WishedText, answer: Done | GiveUp, now: datetime, why: TakenOn | Refusal | None = None
    ) -> Answer:  # fmt: skip
        sent = isinstance(why, TakenOn)
        detail = {
            "purpose": wish.purpose.value, "taken_on": sent, "why": answer.why,
            "reason": why.reason if isinstance(why, Refusal) else "",
            "raw": {"ErrorCode": why.code} if isinstance(why, Refusal) and why.code else {},
        }  # fmt: skip
        event = Event(f"text:{wish.purpose}:answer", Kind.TEXT, AFTER_ALL - 1, 1, detail)
        note_on_call(self._redis, wish.call_sid, event, now)
        log.info("text considered", call_sid=wish.call_sid, purpose=wish.purpose.value, taken_on=sent, why=answer.why)
        return answer


def reached_somebody(record: CallRecord) -> bool:
    """A person, or the caller's own system, took the call at some point of it."""
    return record.ends in REACHED or any(attempt.outcome in TOOK_IT for attempt in record.attempts)


def is_over(record: CallRecord) -> bool:
    """No handoff is under way, and the ending has been played or the caller is gone."""
    last = record.attempts[-1] if record.attempts else None
    if last is not None and last.outcome is None and NEVER_SENT not in last.raw:
        return any(event.kind is Kind.ENDED for event in record.events)
    return record.ends is not None or any(event.kind in (Kind.RECORDED, Kind.ENDED) for event in record.events)
