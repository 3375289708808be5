"""Everything that the checks look at, as plain values: gathered once, so that each check is a small pure function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handoff_rules.configuration import Configuration
from handoff_rules.problems import Problem
from webapp.messaging.a2p.facts import ServiceFacts
from webapp.messaging.a2p.report import Report
from webapp.numbers.public_address import PublicAddress
from webapp.settings import Settings
from webapp.twilio_rest.answers import Account, DialingPermission, Number

SENTRY = "sentry_sdk"
"""The package that SENTRY_DSN needs, and nothing else."""


@dataclass(frozen=True, slots=True)
class Machine:
    python: tuple[int, int]
    missing_packages: tuple[str, ...]
    can_write_data: bool
    gunicorn_timeout: int | None


@dataclass(frozen=True, slots=True)
class Store:
    """`trouble` set, with its fix: nothing else is known. Clock difference in seconds, ours minus Redis's."""

    trouble: str = ""
    trouble_fix: str = ""
    milliseconds: float = 0.0
    version: str = ""
    eviction: str | None = None
    durable: bool = True
    why_not_durable: str = ""
    clients: int = 0
    most_clients: int | None = None
    clock_difference: float = 0.0


@dataclass(frozen=True, slots=True)
class Twilio:
    """What REST showed. `trouble` set: the credentials or Twilio failed. `account` None: a standard API key."""

    trouble: str = ""
    trouble_fix: str = ""
    source: str = ""
    account: Account | None = None
    numbers: tuple[Number, ...] = ()
    clock_difference: float | None = None
    permissions: Mapping[str, DialingPermission] | None = None
    permissions_trouble: str = ""


@dataclass(frozen=True, slots=True)
class Production:
    """The configuration that production calls meet. `trouble` set: there is none that can be read, and `fix` for it."""

    trouble: str = ""
    version: str = ""
    configuration: Configuration | None = None
    problems: tuple[Problem, ...] = ()
    fix: str = "Run `handoff config import FILE`, then promote."


@dataclass(frozen=True, slots=True)
class Webhook:
    """Answers of our own public address to a signed and to a wrongly signed request. Statuses None: not reached."""

    asked: str = ""
    trouble: str = ""
    signed_status: int | None = None
    forged_status: int | None = None
    seconds: float = 0.0
    certificate_ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Background:
    heartbeat: bool = False
    waiting: int = 0
    oldest_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`twilio`, `webhook` None: not asked. `account_from` names the place of the credentials, asked or not.

    `services`: the messaging services as last read. `token_since`: when the account's Auth Token was first seen here;
    None when that is not known.
    """

    now: datetime
    machine: Machine
    settings: Settings
    address: PublicAddress
    store: Store
    production: Production
    twilio: Twilio | None = None
    account_from: str = ""
    token_since: datetime | None = None
    webhook: Webhook | None = None
    registration: Report = field(default_factory=lambda: Report(None))
    services: tuple[ServiceFacts, ...] = ()
    background: Background = Background()
