"""Texts to callers: taken on under every condition, sent by the worker once, followed until they arrive or fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import structlog
from redis import Redis

from handoff_rules.texts import with_way_out
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.a2p.report import read_report
from webapp.messaging.call_notes import NOT_SENT, UNCLEAR, delivery_event, note_on_call
from webapp.messaging.opt_out import Suppressions
from webapp.messaging.quiet_hours import earliest, is_quiet
from webapp.messaging.refusals import explanation_of, message_of
from webapp.messaging.sms_conditions import Circumstances, Consent, Limits, Purpose, Refusal, VerifiedCall, refusal
from webapp.messaging.sms_log import TextLog
from webapp.store import keys
from webapp.twilio_rest import account
from webapp.twilio_rest.client import TwilioClient
from webapp.twilio_rest.errors import TwilioRequestError
from webapp.worker.loop import MOST_ATTEMPTS, Answer, Done, GiveUp, Later, pause_after
from webapp.worker.outbox import Job, Outbox

log = structlog.get_logger(__name__)

JOB = "send-text"
VALIDITY_SECONDS = 900
"""Twilio gives up after this: “sorry that we missed you” is harmful half a day later."""
TOO_LATE = timedelta(hours=24)
CAP_SECONDS = 2 * keys.DAY

# Counted first and taken back when too many: two requests at once can never both be the last one allowed.
COUNT_UP = """
local over = false
for i = 1, 2 do
  local count = redis.call('INCR', KEYS[i])
  if count == 1 then redis.call('EXPIRE', KEYS[i], ARGV[3]) end
  if count > tonumber(ARGV[i]) then over = true end
end
if not over then return 1 end
redis.call('DECR', KEYS[1])
redis.call('DECR', KEYS[2])
return 0
"""


@dataclass(frozen=True, slots=True)
class TakenOn:
    """The text will be sent at `due`; `waits` says that quiet hours hold it back."""

    call_sid: str
    due: datetime
    waits: bool


class Texts:
    """`account_sid` is the account whose registration decides; `limits` bound the money."""

    def __init__(self, redis: Redis, account_sid: str, *, limits: Limits | None = None) -> None:
        self._redis = redis
        self._memory = RegistrationMemory(redis, account_sid)
        self._suppressions = Suppressions(redis)
        self._outbox = Outbox(redis)
        self._limits = limits or Limits()
        self._count_up = redis.register_script(COUNT_UP)

    def take_on(
        self, call: VerifiedCall | None, body: str, purpose: Purpose, now: datetime, *, consent: Consent | None = None
    ) -> TakenOn | Refusal:
        """Check everything, then put the text into the outbox: once per call, within the caps, outside quiet hours."""
        report = read_report(self._memory, now)
        known = Circumstances(
            call=call,
            body=body,
            purpose=purpose,
            consent=consent,
            verdict=report.of(call.called) if call else None,
            suppression=self._suppressions.of(call.caller) if call else None,
            own_numbers=frozenset(verdict.sender for verdict in report.verdicts),
            now=now,
            limits=self._limits,
        )
        refused = refusal(known)
        if refused is not None or call is None:
            return refused or Refusal("unknown_call", "There is no such call.", "Use the CallSid of a recent call.")
        return self._put_into_outbox(call, body, purpose, consent, now)

    def _put_into_outbox(
        self, call: VerifiedCall, body: str, purpose: Purpose, consent: Consent | None, now: datetime
    ) -> TakenOn | Refusal:
        if self._outbox.state_of(JOB, call.call_sid):
            return ALREADY
        day = now.astimezone(UTC).strftime("%Y-%m-%d")
        counters = [keys.texts_on(day, call.caller), keys.texts_on(day)]
        caps = [self._limits.per_recipient_and_day, self._limits.per_day, CAP_SECONDS]
        if not self._count_up(keys=counters, args=caps):
            return OVER_THE_CAP
        due = earliest(call.caller, now)
        payload = {
            "call_sid": call.call_sid, "to": call.caller, "from": call.called, "purpose": purpose.value,
            "body": with_way_out(body.strip()), "taken_on": now.isoformat(),
        }  # fmt: skip
        if consent is not None:
            record = asdict(consent) | {"at": consent.at.isoformat(), "to": call.caller}
            self._redis.hset(keys.consents(), call.call_sid, json.dumps(record))
        if not self._outbox.add(JOB, call.call_sid, payload, due=due):
            for counter in counters:
                self._redis.decr(counter)
            return ALREADY
        return TakenOn(call.call_sid, due, due > now)


ALREADY = Refusal("already", "This call has its text already.", "One text per call.")
OVER_THE_CAP = Refusal("daily_cap", "The daily limit of texts is reached.", "It begins anew at midnight UTC.")


class SendText:
    """The worker's handler. Sent at most once: what a dead worker may have sent is looked up at Twilio first."""

    def __init__(
        self,
        redis: Redis,
        account_sid: str,
        client: Callable[[], TwilioClient],
        base_url: Callable[[], str],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._redis = redis
        self._outbox = Outbox(redis)
        self._memory = RegistrationMemory(redis, account_sid)
        self._suppressions = Suppressions(redis)
        self._texts = TextLog(redis)
        self._client, self._base_url, self._clock = client, base_url, clock

    def __call__(self, job: Job) -> Answer:
        now = self._clock()
        to, sender = str(job.payload["to"]), str(job.payload["from"])
        if "sending_since" in job.notes:
            return self._look_up(job, datetime.fromisoformat(job.notes["sending_since"]), now)
        if now - datetime.fromisoformat(job.payload["taken_on"]) > TOO_LATE:
            return self._give_up(job, "too late to be useful", now)
        if self._suppressions.of(to) is not None:
            return self._give_up(job, "the recipient opted out meanwhile", now)
        if is_quiet(to, now):
            return Later(earliest(to, now), "quiet hours", counts=False)
        verdict = read_report(self._memory, now).of(sender)
        if verdict is None or not verdict.may_send:
            why = f"the sender may not text: {verdict.state if verdict else 'unknown'}"
            return self._give_up(job, why, now)
        return self._send(job, verdict.service_sid, now)

    def _send(self, job: Job, service_sid: str, now: datetime) -> Answer:
        message = {
            "To": job.payload["to"], "From": job.payload["from"], "Body": job.payload["body"],
            "StatusCallback": f"{self._base_url()}/sms/status", "ValidityPeriod": str(VALIDITY_SECONDS),
        } | ({"MessagingServiceSid": service_sid} if service_sid else {})  # fmt: skip
        client = self._client()
        self._outbox.note(job, {"sending_since": now.isoformat()}, now)
        try:
            sent = account.send_text(client, message)
        except TwilioRequestError as error:
            return self._failed(job, error, now)
        self._note_sent(job, sent.sid, now)
        log.info("text sent", call_sid=job.payload["call_sid"], message_sid=sent.sid)
        return Done(sent.sid)

    def _failed(self, job: Job, error: TwilioRequestError, now: datetime) -> Answer:
        code = str(error.code or "")
        known = explanation_of(error)
        if known is not None and known.recipient_action == "suppress":
            self._suppressions.add(str(job.payload["to"]), why=code, number=str(job.payload["from"]), at=now)
        if error.permanent:
            return self._give_up(job, message_of(error), now)
        if not error.ambiguous:
            self._outbox.note(job, {}, now)
        return self._again(job, error, now, is_unclear=error.ambiguous)

    def _look_up(self, job: Job, since: datetime, now: datetime) -> Answer:
        """An earlier attempt may have sent it. Twilio's list knows; only when it does not is the text sent again."""
        day = (since - timedelta(days=1)).strftime("%Y-%m-%d")
        try:
            found = account.texts_sent(
                self._client(), to=str(job.payload["to"]), sender=str(job.payload["from"]), since=day
            )
            mine = next(
                (t for t in found if t.body == job.payload["body"] and _not_before(t.date_created, since)), None
            )
        except TwilioRequestError as error:
            return self._again(job, error, now, is_unclear=True)
        if mine is None:
            self._outbox.note(job, {}, now)
            return Later(now, "not found at Twilio: it was not sent", counts=False)
        self._note_sent(job, mine.sid, now)
        return Done(mine.sid)

    def _again(self, job: Job, error: TwilioRequestError, now: datetime, *, is_unclear: bool) -> Answer:
        """Later, and after the last attempt a word on the call, because nobody else will say what became of it."""
        if job.attempts < MOST_ATTEMPTS:
            return Later(now + max(pause_after(job.attempts), timedelta(seconds=30)), message_of(error))
        return self._give_up(job, message_of(error), now, status=UNCLEAR if is_unclear else NOT_SENT)

    def _give_up(self, job: Job, why: str, now: datetime, *, status: str = NOT_SENT) -> GiveUp:
        event = delivery_event(str(job.payload["purpose"]), status, why=why)
        note_on_call(self._redis, str(job.payload["call_sid"]), event, now)
        return GiveUp(why)

    def _note_sent(self, job: Job, sid: str, now: datetime) -> None:
        self._texts.sent(sid, job.payload, now)
        self._texts.tell_call(sid, now)


def _not_before(created: datetime | None, since: datetime) -> bool:
    """Twilio's times are whole seconds and its clock may differ a little from ours."""
    return created is None or created >= since - timedelta(seconds=10)
