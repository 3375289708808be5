"""What is known about the SMS registration of an account, in three layers that are never mixed.

Twilio has no field with the registration state of one number (its REST specification 2.6.7 has none). So there are:
the configuration, which REST shows exactly; the number's registration, which only events tell; and delivery, observed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from webapp.twilio_rest.answers import (
    Account,
    Brand,
    Campaign,
    CustomerProfile,
    MessagingService,
    Number,
    PoolNumber,
    ShortCode,
    TollFreeVerification,
)


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A messaging service with its sender pool; `campaigns` is None when they were not looked at or not readable.

    `pool_at` and `campaigns_at` are when each was really read, None: never. One service may fail where others do not.
    """

    service: MessagingService
    pool: tuple[PoolNumber, ...]
    campaigns: tuple[Campaign, ...] | None
    problem: str = ""
    pool_at: datetime | None = None
    campaigns_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A part of the account that Twilio did not show this time. What is used instead was read at `kept_from`.

    `permanent`: Twilio refuses it, as a restricted API key may have it; asking again soon is pointless.
    """

    part: str
    message: str
    fix: str
    kept_from: datetime | None = None
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What REST showed at `asked_at`; one JSON document in Redis. `account` is None for a standard key.

    `profiles` is None when they were not asked for: an approved brand stands on an approved profile.
    """

    asked_at: datetime
    account: Account | None = None
    numbers: tuple[Number, ...] = ()
    short_codes: tuple[ShortCode, ...] = ()
    services: tuple[ServiceFacts, ...] = ()
    brands: Mapping[str, Brand] = field(default_factory=dict)
    profiles: tuple[CustomerProfile, ...] | None = None
    verifications: Mapping[str, TollFreeVerification] = field(default_factory=dict)
    unreadable: tuple[Unreadable, ...] = ()

    def could_not_read(self, part: str) -> Unreadable | None:
        return next((missing for missing in self.unreadable if missing.part == part), None)

    def read_at(self, part: str) -> datetime | None:
        """When a part was really read: failures one after another do not make an old picture younger."""
        missing = self.could_not_read(part)
        return self.asked_at if missing is None else missing.kept_from

    @property
    def as_of(self) -> datetime | None:
        """When the oldest part of the picture was read; None while Twilio has never shown the numbers."""
        if self.read_at("numbers") is None:
            return None
        return min([self.asked_at, *(missing.kept_from for missing in self.unreadable if missing.kept_from)])


class Registered(StrEnum):
    """The state of a number's own registration, as events tell it. STUCK: taking it off its campaign failed."""

    REGISTERED = "registered"
    PENDING = "pending_registration"
    FAILED = "failure"
    LEAVING = "pending_deregistration"
    STUCK = "deregistration_failed"
    UNREGISTERED = "unregistered"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Registration:
    """The last word of Twilio's events about one number. `raw` is Twilio's own state, `reason` a code or empty."""

    state: Registered
    at: datetime
    raw: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What texts from one number met: the last delivery in the US, and the last answer that blocked it.

    `blocked_on` is the SID of the text that was refused, so that its report counts once.
    """

    delivered_at: datetime | None = None
    blocked_at: datetime | None = None
    blocked_by: str = ""
    blocked_until: datetime | None = None
    blocked_on: str = ""

    def blocks(self, now: datetime) -> bool:
        """A block counts until it cools down; a later delivery has proven it wrong."""
        if self.blocked_at is None or self.blocked_until is None or now >= self.blocked_until:
            return False
        return self.is_refused

    @property
    def is_refused(self) -> bool:
        """The last word on the sender was a refusal, however long ago."""
        return self.blocked_at is not None and (self.delivered_at is None or self.delivered_at <= self.blocked_at)
