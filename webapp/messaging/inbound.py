"""What Twilio tells us about texts and the account: use cases behind the webhooks, safe to repeat, in any order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from redis import Redis

from webapp.messaging.a2p.events import AccountEvent, is_news_of_pools, read_events
from webapp.messaging.a2p.facts import AccountFacts
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.a2p.senders import is_us_destination
from webapp.messaging.explain import explain
from webapp.messaging.opt_out import Suppressions, Wish, wish_in
from webapp.messaging.sightings import Sightings
from webapp.messaging.sms_log import TextLog
from webapp.store import keys
from webapp.twilio_rest.read import text, whole
from webapp.worker.outbox import Outbox

log = structlog.get_logger(__name__)

# The refusals that say something about the sender and not about one text (a2p-10dlc.md 2.5).
TRIPS_THE_BREAKER = frozenset({"30032", "30033", "30034", "30035"})
REFRESH_JOB = "a2p-refresh"
MOST_KEPT_EVENTS = 2000
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
MESSAGE_SID = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
"""MM: with a picture. A report of one that another program sent counts for its number too."""


class MalformedWebhookError(ValueError):
    """Signed by Twilio and still not what its pages describe; answered with 400."""


class Inbound:
    def __init__(self, redis: Redis, account_sid: str) -> None:
        self._redis = redis
        self._account_sid = account_sid
        self._memory = RegistrationMemory(redis, account_sid)
        self._suppressions = Suppressions(redis)
        self._texts = TextLog(redis)
        self._sightings = Sightings(redis)
        self._outbox = Outbox(redis)

    def text_came_in(self, form: Mapping[str, str], now: datetime) -> Wish:
        """STOP, START and HELP. Twilio has answered the keywords itself; what we do is to obey them as well."""
        sender, ours = form.get("From", ""), form.get("To", "")
        if not sender:
            raise MalformedWebhookError("no From")
        if not E164.fullmatch(sender):
            return Wish.NONE  # a short code or a name: nobody whom we would ever text
        wish = wish_in(form.get("Body", ""), form.get("OptOutType", ""))
        if wish is Wish.STOP:
            self._suppressions.add(sender, why="STOP", number=ours, at=now)
        elif wish is Wish.START:
            self._suppressions.lift(sender)
        self._keep("text-in", now, {"wish": wish.value, "message_sid": form.get("MessageSid", "")[:40]})
        log.info("text came in", wish=wish.value, pii_from=sender)
        return wish

    def status_changed(self, form: Mapping[str, str], now: datetime) -> None:
        """A delivery report: what became of one text, and what it says about the number that sent it."""
        sid, status = form.get("MessageSid", ""), form.get("MessageStatus", "").lower()
        if not MESSAGE_SID.fullmatch(sid) or not status:
            raise MalformedWebhookError("no message or no status")
        sender, to, code = form.get("From", ""), form.get("To", ""), form.get("ErrorCode", "")
        if self._texts.is_news(sid, status):
            if status == "delivered" and is_us_destination(to):
                self._memory.note_delivered(sender, now)
            if code:
                self._refused(code, sid, sender, to, now)
            # Marked last: what fails half-way may be told again, and each effect may happen twice.
            self._texts.heard(sid, status, code, now)
        self._texts.tell_call(sid, now)

    def _refused(self, code: str, sid: str, sender: str, to: str, now: datetime) -> None:
        self._sightings.note(code, sid, now)
        if code in TRIPS_THE_BREAKER:
            self._memory.note_blocked(sender, code, now, text=sid)
            self._look_again(now)
            log.warning("texts from a number are blocked", code=code, pii_number=sender)
        if explain(code).recipient_action == "suppress" and E164.fullmatch(to):
            self._suppressions.add(to, why=code, number=sender, at=now)

    def events(self, document: Any, now: datetime) -> int:
        """Event Streams' batch; the number of events that were new. Events of other accounts have no effect."""
        new = 0
        for event in read_events(document):
            if event.account_sid not in ("", self._account_sid) or self._was_taken(event):
                continue
            new += 1
            self._take(event, now)
            self._keep(event.type, event.at, {"number_sid": event.number_sid, "code": event.error_code})
            # Marked last: what fails half-way is delivered again, and taking an event twice does no harm.
            self._redis.set(keys.event_seen(event.identity), "1", ex=keys.DAY)
        return new

    def alert(self, form: Mapping[str, str], now: datetime) -> None:
        """The debugger's webhook: one alert, with its details as JSON in `Payload`."""
        try:
            payload = json.loads(form.get("Payload", "{}"))
        except (ValueError, RecursionError) as error:
            raise MalformedWebhookError("Payload is not JSON") from error
        details = payload if isinstance(payload, dict) else {}
        told = whole(details, "error_code")
        code = "" if told is None else str(told)[:10]
        resource = text(details, "resource_sid") or form.get("Sid", "")
        self._sightings.note(code, resource, now)
        self._keep("alert", now, {"code": code, "resource_sid": resource[:40], "level": form.get("Level", "")[:10]})

    def _take(self, event: AccountEvent, now: datetime) -> None:
        if event.registration is not None:
            picture = self._memory.snapshot()
            number_sid = event.number_sid or _sid_of(event.number, picture)
            if number_sid:
                self._memory.note_registration(number_sid, event.registration)
            if picture is not None and is_news_of_pools(picture, number_sid, event.registration):
                self._look_again(now)
        elif event.is_about_registration:
            self._look_again(now)
        if event.error_code:
            self._sightings.note(event.error_code, event.resource_sid or event.identity, event.at)

    def _was_taken(self, event: AccountEvent) -> bool:
        return bool(self._redis.exists(keys.event_seen(event.identity)))

    def _look_again(self, now: datetime) -> None:
        """Read the account again soon, once for a burst of news: the key is the minute."""
        self._outbox.add(REFRESH_JOB, f"{now:%Y%m%d%H%M}", {"because": "news"}, due=now)

    def _keep(self, kind: str, at: datetime, fields: Mapping[str, str]) -> None:
        entry = {"kind": kind, "at": at.isoformat()} | dict(fields)
        flat: Any = entry
        with self._redis.pipeline() as together:
            together.xadd(keys.events(), flat, maxlen=MOST_KEPT_EVENTS, approximate=True)
            together.expire(keys.events(), keys.EVENTS_SECONDS)
            together.execute()


def _sid_of(number: str, picture: AccountFacts | None) -> str:
    known = picture.numbers if picture else ()
    return next((one.sid for one in known if one.phone_number == number), "")
