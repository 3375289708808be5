"""The registration of the whole account as pages, the API and the command line show it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from webapp.messaging.a2p.assess import account_warnings, assess
from webapp.messaging.a2p.facts import Unreadable
from webapp.messaging.a2p.gather import Progress, gather, no_progress
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.a2p.verdict import count
from webapp.messaging.a2p.verdicts import Readiness, Verdict
from webapp.twilio_rest.client import TwilioClient

# How old a picture may get before it is read again, by the most impatient readiness in it.
YOUNG_ENOUGH = {
    Readiness.WAITING: timedelta(minutes=15),
    Readiness.UNKNOWN: timedelta(minutes=15),
    Readiness.BLOCKED: timedelta(minutes=45),
}
YOUNG_ENOUGH_WHEN_CALM = timedelta(hours=6)
AGAIN_AFTER_A_FAULT = timedelta(minutes=5)
AGAIN_AFTER_A_REFUSAL = timedelta(minutes=15)
"""What a restricted key may not read it may not read in a minute either."""
ONE_AT_A_TIME_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Report:
    """`checked_at` is when the oldest part of it was read, None while there is nothing to show.

    `asked_at` is when Twilio was asked last, whatever it answered. Voice needs none of it; a page says so first.
    """

    checked_at: datetime | None
    verdicts: tuple[Verdict, ...] = ()
    warnings: tuple[str, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    asked_at: datetime | None = None

    @property
    def counts(self) -> Mapping[Readiness, int]:
        return count(self.verdicts).by_readiness

    @property
    def exit_code(self) -> int:
        """1 also when Twilio did not show everything: what is not seen is not good."""
        return 1 if self.unreadable else count(self.verdicts).exit_code

    def of(self, sender: str) -> Verdict | None:
        return next((verdict for verdict in self.verdicts if verdict.sender == sender), None)

    def is_young(self, now: datetime) -> bool:
        """Whether reading Twilio again can wait."""
        if self.asked_at is None:
            return False
        ages = [YOUNG_ENOUGH[verdict.readiness] for verdict in self.verdicts if verdict.readiness in YOUNG_ENOUGH]
        ages += [AGAIN_AFTER_A_REFUSAL if one.permanent else AGAIN_AFTER_A_FAULT for one in self.unreadable]
        return now - self.asked_at < min(ages, default=YOUNG_ENOUGH_WHEN_CALM)

    def to_document(self) -> dict[str, Any]:
        document: dict[str, Any] = TypeAdapter(Report).dump_python(self, mode="json")
        return document | {"counts": {kind.value: number for kind, number in self.counts.items() if number}}


class RefreshRunningError(Exception):
    """Somebody reads the account at this moment; their result will be ours."""


def read_report(memory: RegistrationMemory, now: datetime) -> Report:
    """From what is remembered alone: works with Twilio down, and says how old it is."""
    facts = memory.snapshot()
    if facts is None:
        return Report(None)
    verdicts = assess(facts, memory.registrations(), memory.deliveries(), now)
    return Report(facts.as_of, verdicts, account_warnings(facts), facts.unreadable, facts.asked_at)


def refresh_report(
    client: TwilioClient, memory: RegistrationMemory, now: datetime, *, progress: Progress = no_progress
) -> Report:
    """Read the account again, one reader at a time; what Twilio does not show keeps its older copy and its age."""
    token = secrets.token_hex(8)
    if not memory.begin_refresh(token, ONE_AT_A_TIME_SECONDS):
        raise RefreshRunningError
    try:
        facts = gather(client, now, previous=memory.snapshot(), progress=progress)
        memory.keep_snapshot(facts)
    finally:
        memory.end_refresh(token)
    return read_report(memory, now)
