"""Reads the whole account once: at most six requests and two per messaging service (and one per further page).

A part that Twilio does not show keeps its older copy for a week and says so; one failing service hides no other. When
nobody answers, or nothing but faults comes, the asking ends: forty services would otherwise mean minutes of waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from webapp.messaging.a2p.facts import AccountFacts, ServiceFacts, Unreadable
from webapp.messaging.a2p.senders import SenderKind, kind_of
from webapp.messaging.refusals import fix_of, message_of
from webapp.twilio_rest import account
from webapp.twilio_rest.answers import (
    Brand,
    CustomerProfile,
    MessagingService,
    PoolNumber,
    TollFreeVerification,
)
from webapp.twilio_rest.client import TwilioClient
from webapp.twilio_rest.errors import TwilioRequestError

Part = TypeVar("Part")
Progress = Callable[[str, int, int], None]
"""Called with what is being read, how many steps are done, and how many there are in all."""

KEPT_FOR = timedelta(days=7)
"""An older copy is of use no longer than this, however often Twilio fails."""
MOST_REQUESTS = 6
"""Beside two for each service. The customer profiles, which explain why a brand is missing, are read within it."""
MOST_FAULTS_RUNNING = 3
"""So many answers of 429 or 5xx one after another are Twilio's own fault and not that of one service."""


def no_progress(_: str, __: int, ___: int) -> None:
    """For everybody who does not watch."""


def gather(
    client: TwilioClient, now: datetime, *, previous: AccountFacts | None = None, progress: Progress = no_progress
) -> AccountFacts:
    """What Twilio shows of the account now. Never raises a TwilioRequestError: `unreadable` lists what is missing."""
    reader = _Reader(client, now, previous, progress)
    progress("numbers", 0, 6)
    # First what every working key may read, so that a refusal afterwards concerns the account alone.
    numbers = reader.part("numbers", lambda: tuple(account.numbers(client)), lambda old: old.numbers)
    holder = reader.part("account", lambda: account.account_if_shown(client), lambda old: old.account)
    codes = reader.part("short_codes", lambda: tuple(account.short_codes(client)), lambda old: old.short_codes)
    listed = reader.part("services", lambda: tuple(account.services(client)), _old_services)
    progress("messaging services", 4, 6 + len(listed))
    services = tuple(reader.service(service, 4 + step, 6 + len(listed)) for step, service in enumerate(listed, start=1))
    brands = reader.part("brands", lambda: _brands(client), lambda old: dict(old.brands))
    has_toll_free = any(kind_of(number.phone_number) is SenderKind.TOLL_FREE for number in numbers)
    verifications: dict[str, TollFreeVerification] = {}
    if has_toll_free:
        verifications = reader.part("verifications", lambda: _newest(client), lambda old: dict(old.verifications))
    profiles: tuple[CustomerProfile, ...] | None = None
    if not _has_approved(brands) and reader.asked < MOST_REQUESTS + 2 * len(listed):
        profiles = reader.part("customer_profiles", lambda: tuple(account.customer_profiles(client)), _old_profiles)
    progress("done", 6 + len(listed), 6 + len(listed))
    return AccountFacts(
        asked_at=now,
        account=holder,
        numbers=numbers,
        short_codes=codes,
        services=services,
        brands=brands,
        profiles=profiles,
        verifications=verifications,
        unreadable=tuple(reader.unreadable),
    )


@dataclass(slots=True)
class _Reader:
    """Reads part by part; after a failure that concerns all of Twilio it reads nothing more."""

    client: TwilioClient
    now: datetime
    previous: AccountFacts | None
    progress: Progress
    unreadable: list[Unreadable] = field(default_factory=list)
    stopped_by: TwilioRequestError | None = None
    faults_running: int = 0
    asked: int = 0

    def part(self, name: str, read: Callable[[], Part], old: Callable[[AccountFacts], Part]) -> Part:
        try:
            return self.ask(read)
        except TwilioRequestError as error:
            read_at = self.previous.read_at(name) if self.previous is not None else None
            older = self.previous if self.is_young(read_at) else None
            self.note(name, error, read_at if older is not None else None)
            return old(older or AccountFacts(asked_at=self.now))

    def ask(self, read: Callable[[], Part]) -> Part:
        if self.stopped_by is not None:
            raise self.stopped_by
        self.asked += 1
        try:
            found = read()
        except TwilioRequestError as error:
            self.faults_running = 0 if error.permanent else self.faults_running + 1
            # Without a status nobody answered; refused credentials are refused for every further request as well.
            if error.status in (None, 401) or self.faults_running >= MOST_FAULTS_RUNNING:
                self.stopped_by = error
            raise
        self.faults_running = 0
        return found

    def is_young(self, read_at: datetime | None) -> bool:
        """Whether a copy of the picture before this one may be used still."""
        return read_at is not None and self.now - read_at <= KEPT_FOR

    def note(self, name: str, error: TwilioRequestError, kept_from: datetime | None) -> None:
        self.unreadable.append(Unreadable(name, message_of(error), fix_of(error), kept_from, error.permanent))

    def service(self, service: MessagingService, step: int, steps: int) -> ServiceFacts:
        """The pool, and the campaigns when they may matter."""
        self.progress(service.friendly_name or service.sid, step, steps)
        known = self.previous.services if self.previous is not None else ()
        older = next((one for one in known if one.service.sid == service.sid), None)
        try:
            pool = self.ask(lambda: tuple(account.pool(self.client, service.sid)))
        except TwilioRequestError as error:
            kept = older if older is not None and self.is_young(older.pool_at) else None
            self.note("pools", error, kept.pool_at if kept else None)
            return kept or ServiceFacts(service, (), None, message_of(error))
        if not _may_have_campaigns(service, pool):
            return ServiceFacts(service, pool, None, pool_at=self.now)
        try:
            campaigns = self.ask(lambda: account.campaigns(self.client, service.sid))
        except TwilioRequestError as error:
            kept = older if older is not None and self.is_young(older.campaigns_at) else None
            kept_at = kept.campaigns_at if kept else None
            self.note("campaigns", error, kept_at)
            old = kept.campaigns if kept else None
            return ServiceFacts(service, pool, old, message_of(error), self.now, kept_at)
        return ServiceFacts(service, pool, campaigns, pool_at=self.now, campaigns_at=self.now)


def _may_have_campaigns(service: MessagingService, pool: tuple[PoolNumber, ...]) -> bool:
    """One request tells whether a campaign is paid for in vain, or in review for a pool that is empty still.

    Twilio's hint leaves out what is in review; where other kinds of numbers stand, nobody waits for a campaign.
    """
    has_long_code = any(kind_of(entry.phone_number) is SenderKind.LONG_CODE for entry in pool)
    return has_long_code or not pool or service.us_app_to_person_registered is True


def _old_services(old: AccountFacts) -> tuple[MessagingService, ...]:
    return tuple(known.service for known in old.services)


def _old_profiles(old: AccountFacts) -> tuple[CustomerProfile, ...] | None:
    return old.profiles


def _has_approved(brands: Mapping[str, Brand]) -> bool:
    return any(brand.status == "APPROVED" and not brand.mock for brand in brands.values())


def _brands(client: TwilioClient) -> dict[str, Brand]:
    return {brand.sid: brand for brand in account.brands(client)}


def _newest(client: TwilioClient) -> dict[str, TollFreeVerification]:
    """The newest verification of each number: several may exist after rejections."""
    newest: dict[str, TollFreeVerification] = {}
    for found in account.toll_free_verifications(client):
        known = newest.get(found.number_sid)
        if known is None or _when(found) >= _when(known):
            newest[found.number_sid] = found
    return newest


def _when(verification: TollFreeVerification) -> float:
    return verification.date_created.timestamp() if verification.date_created else 0.0
