"""The worker's part in the registration: reads the account again when the picture is old, or when there is news."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from redis import Redis

from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.a2p.report import RefreshRunningError, read_report, refresh_report
from webapp.messaging.inbound import REFRESH_JOB
from webapp.twilio_rest.client import TwilioClient
from webapp.worker.loop import Answer, Done, Later
from webapp.worker.outbox import Job, Outbox

log = structlog.get_logger(__name__)

AGE = "age"


class RefreshRegistration:
    def __init__(
        self,
        redis: Redis,
        account_sid: str,
        client: Callable[[], TwilioClient],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._memory = RegistrationMemory(redis, account_sid)
        self._outbox = Outbox(redis)
        self._client, self._clock = client, clock

    def plan(self, now: datetime) -> None:
        """Put a reading into the outbox when the picture has become old, at most one a minute."""
        if not read_report(self._memory, now).is_young(now):
            self._outbox.add(REFRESH_JOB, f"{now:%Y%m%d%H%M}", {"because": AGE}, due=now)

    def __call__(self, job: Job) -> Answer:
        """What Twilio does not show is asked for again by `plan`, which knows how soon that makes sense."""
        now = self._clock()
        if job.payload.get("because") == AGE and read_report(self._memory, now).is_young(now):
            return Done("it was read meanwhile")
        try:
            report = refresh_report(self._client(), self._memory, now)
        except RefreshRunningError:
            return Later(now + timedelta(seconds=30), "somebody else reads the account", counts=False)
        log.info("registration read", numbers=len(report.verdicts), unreadable=len(report.unreadable))
        return Done(report.unreadable[0].message if report.unreadable else "")
