"""The answer for one number: verdict, reason, Twilio's own word, who must act, and the one next step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from webapp.messaging.a2p.facts import Delivery, Registration
from webapp.messaging.a2p.senders import SenderKind
from webapp.twilio_rest.answers import (
    Account,
    Brand,
    Campaign,
    CustomerProfile,
    FieldError,
    Number,
    PoolNumber,
    TollFreeVerification,
)


class Readiness(StrEnum):
    READY = "READY"
    LIKELY_READY = "LIKELY READY"
    WAITING = "WAITING"
    BLOCKED = "BLOCKED"
    NOT_NEEDED = "NOT NEEDED"
    UNKNOWN = "UNKNOWN"


class Who(StrEnum):
    NOBODY = "nobody"
    YOU = "you"
    TWILIO = "Twilio and the carriers"
    SUPPORT = "you, with Twilio Support"


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """All that the decision about one sender needs, gathered from the three layers."""

    sender: str
    kind: SenderKind
    number: Number | None = None
    account: Account | None = None
    service_sid: str = ""
    service_name: str = ""
    pool_entry: PoolNumber | None = None
    campaigns: tuple[Campaign, ...] | None = None
    brands: tuple[Brand, ...] = ()
    profiles: tuple[CustomerProfile, ...] | None = None
    long_codes_in_pool: int = 0
    verified_services: tuple[str, ...] = ()
    services_in_review: tuple[str, ...] = ()
    verification: TollFreeVerification | None = None
    registration: Registration | None = None
    delivery: Delivery = field(default_factory=Delivery)
    unreadable: str = ""
    brands_unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Layers:
    """The three layers in words, side by side and never mixed."""

    configuration: str
    registration: str
    delivery: str


@dataclass(frozen=True, slots=True)
class RegistrationStep:
    """One step of the registration: `status` in plain words, `twilio_value` in Twilio's; `next_step` empty: nothing."""

    name: str
    readiness: Readiness
    status: str
    twilio_value: str = ""
    since: datetime | None = None
    rejected_fields: tuple[FieldError, ...] = ()
    next_step: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state` is the row of the decision table; `may_send` is what the sender obeys; `since` is when it began.
    `steps` lead to it, from the customer profile down to the number; only long codes have any.

    `twilio_value` is Twilio's own word, shown in small print; `code` is the error that a text would meet.
    """

    sender: str
    kind: SenderKind
    readiness: Readiness
    state: str
    may_send: bool
    reason: str
    next_step: str
    who: Who
    layers: Layers
    steps: tuple[RegistrationStep, ...] = ()
    twilio_value: str = ""
    since: datetime | None = None
    code: str = ""
    rejected_fields: tuple[FieldError, ...] = ()
    warnings: tuple[str, ...] = ()
    number_sid: str = ""
    service_sid: str = ""
    service_name: str = ""
    link: str = ""
    checked_at: datetime | None = None
