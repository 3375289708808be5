"""Everything that the checks need, asked once: the command, the page and `/readyz` (offline) begin here."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from webapp.configurations.assembly import Configurations, History
from webapp.messaging.a2p.facts import ServiceFacts
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.a2p.report import Report, read_report
from webapp.numbers.account_access import AccountAccess
from webapp.numbers.doctor.ask_ourselves import ask_ourselves
from webapp.numbers.doctor.look import (
    look_at_background,
    look_at_machine,
    look_at_production,
    look_at_store,
    look_at_token,
    look_at_twilio,
)
from webapp.numbers.doctor.surroundings import Surroundings, Webhook
from webapp.numbers.public_address import PublicAddress
from webapp.settings import Settings
from webapp.signatures import SigningKey


def look_around(
    settings: Settings,
    redis: Redis,
    history: History | Configurations,
    *,
    access: AccountAccess | None,
    address: PublicAddress,
    now: datetime,
    offline: bool = False,
) -> Surroundings:
    """`offline`: ask neither Twilio nor our own public address. Takes some seconds; never raises for what it asks."""
    registration, services = _registration(redis, access, now)
    twilio = look_at_twilio(access, access.client()) if access is not None and not offline else None
    return Surroundings(
        now=now,
        machine=look_at_machine(settings, Path()),
        settings=settings,
        address=address,
        store=look_at_store(redis),
        production=look_at_production(history, twilio, address.url),
        twilio=twilio,
        account_from=access.source if access else "",
        token_since=_token_since(settings, redis, access, now),
        webhook=None if offline else _webhook(settings, access, address),
        registration=registration,
        services=services,
        background=look_at_background(redis),
    )


def _webhook(settings: Settings, access: AccountAccess | None, address: PublicAddress) -> Webhook | None:
    """Needs a token to sign with and an address that is more than a guess."""
    token = _token(settings, access)
    if not token or address.source == "nothing":
        return None
    account_sid = settings.twilio_account_sid or (access.account_sid if access else None)
    return ask_ourselves(address.url, SigningKey(token), account_sid)


def _token(settings: Settings, access: AccountAccess | None) -> str:
    tokens = settings.signing_tokens
    entered = access.credentials.password if access and not access.credentials.is_api_key else ""
    return tokens[0].get_secret_value() if tokens else entered


def _token_since(settings: Settings, redis: Redis, access: AccountAccess | None, now: datetime) -> datetime | None:
    """Without an account the token is one that we generated."""
    token = _token(settings, access)
    has_account = settings.twilio_account_sid is not None or access is not None
    return look_at_token(redis, token, now) if token and has_account else None


def _registration(redis: Redis, access: AccountAccess | None, now: datetime) -> tuple[Report, tuple[ServiceFacts, ...]]:
    """As last read at Twilio: the verdicts, and the messaging services that they rest on."""
    if access is None:
        return Report(None), ()
    memory = RegistrationMemory(redis, access.account_sid)
    try:
        facts = memory.snapshot()
        return read_report(memory, now), facts.services if facts else ()
    except RedisError:
        return Report(None), ()
