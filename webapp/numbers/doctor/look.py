"""Gathers what the checks look at. Each part may fail by itself; the failure is then what the check reports."""

from __future__ import annotations

import ast
import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from handoff_rules.check import check
from handoff_rules.configuration import read_configuration
from handoff_rules.problems import ConfigurationError
from webapp.configurations.assembly import Configurations, History
from webapp.configurations.conflicts import (
    STORE_FAULTS,
    StoreEmptyError,
    StoreNotTrustedError,
    VersionNotFoundError,
    explained,
)
from webapp.configurations.durability import PROOF_COMMANDS, judge
from webapp.configurations.version_id import VersionId
from webapp.messaging.refusals import fix_of, message_of
from webapp.numbers.account_access import AccountAccess
from webapp.numbers.doctor.surroundings import SENTRY, Background, Machine, Production, Store, Twilio
from webapp.numbers.states import Leads, state_of
from webapp.settings import Settings
from webapp.store import keys
from webapp.store.key_parts import digest
from webapp.store.sealed import SealError
from webapp.twilio_rest import account
from webapp.twilio_rest.client import TwilioClient
from webapp.twilio_rest.errors import TwilioRequestError
from webapp.twilio_rest.read import moment
from webapp.worker.outbox import Outbox

# Import names of what pyproject.toml requires to run.
PACKAGES = (
    "flask", "twilio", "redis", "gunicorn", "pydantic", "pydantic_settings", "yaml", "phonenumbers.tzdata", "holidays",
    "opening_hours", "tzdata", "structlog", "prometheus_client", "flask_wtf", "flask_limiter", "whitenoise", "click",
    "cryptography", "requests",
)  # fmt: skip


def look_at_machine(settings: Settings, directory: Path) -> Machine:
    return Machine(
        python=sys.version_info[:2],
        missing_packages=tuple(name for name in _packages_for(settings) if not _is_there(name)),
        can_write_data=_can_write(settings.handoff_data_dir),
        gunicorn_timeout=_gunicorn_timeout(directory / "gunicorn.conf.py"),
    )


def _packages_for(settings: Settings) -> tuple[str, ...]:
    return PACKAGES if settings.sentry_dsn is None else (*PACKAGES, SENTRY)


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _can_write(directory: Path) -> bool:
    existing = next((place for place in (directory, *directory.absolute().parents) if place.exists()), None)
    return existing is not None and os.access(existing, os.W_OK | os.X_OK)


def _gunicorn_timeout(file: Path) -> int | None:
    """The number that is assigned to `timeout`; gunicorn's own default is 30 s."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, SyntaxError):
        return None
    for node in tree.body:
        named = isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == "timeout" for t in node.targets
        )
        if named and isinstance(node.value, ast.Constant) and isinstance(node.value.value, int):  # type: ignore[attr-defined]
            return int(node.value.value)  # type: ignore[attr-defined]
    return 30


def look_at_store(redis: Redis, now: Callable[[], float] = time.time) -> Store:
    try:
        begun = time.perf_counter()
        redis.ping()
        milliseconds = (time.perf_counter() - begun) * 1000
        info: Any = redis.info()
        seconds: Any = redis.time()
    except RedisError as error:
        return Store(*explained(error))
    settings = _settings_of(redis)
    pipeline = redis.pipeline(transaction=False)
    pipeline.set(keys.probe(), "", ex=keys.PROBE_SECONDS)
    for command in PROOF_COMMANDS:
        pipeline.execute_command(*command)
    proof = judge(pipeline.execute(raise_on_error=False)[1:])
    most = settings.get("maxclients") or info.get("maxclients")
    return Store(
        milliseconds=milliseconds,
        version=str(info.get("redis_version", "")),
        eviction=settings.get("maxmemory-policy") or info.get("maxmemory_policy"),
        durable=proof.durable,
        why_not_durable=proof.why,
        clients=int(info.get("connected_clients", 0)),
        most_clients=int(most) if most else None,
        clock_difference=now() - (int(seconds[0]) + int(seconds[1]) / 1_000_000),
    )


def _settings_of(redis: Redis) -> dict[str, str]:
    """Providers often forbid CONFIG; INFO then has to do."""
    try:
        found: Any = redis.config_get("max*")
    except RedisError:
        return {}
    return dict(found)


def look_at_background(redis: Redis) -> Background:
    try:
        outbox = Outbox(redis)
        return Background(bool(redis.exists(keys.heartbeat("worker"))), outbox.waiting(), outbox.oldest_due())
    except RedisError:
        return Background()


def look_at_token(redis: Redis, token: str, now: datetime) -> datetime | None:
    """Since when this Auth Token is in use here, as Twilio does not tell; the first look writes it down."""
    field = digest(token)[:32]
    try:
        redis.hsetnx(keys.auth_token_ages(), field, now.isoformat())
        since: Any = redis.hget(keys.auth_token_ages(), field)
    except RedisError:
        return None
    return moment({"since": since}, "since")


def look_at_twilio(access: AccountAccess, client: TwilioClient, now: Callable[[], float] = time.time) -> Twilio:
    try:
        holder = account.fetch_account(client)
        difference = _clock_difference(client.date_header, now())
        numbers = tuple(account.numbers(client))
    except TwilioRequestError as error:
        return Twilio(trouble=message_of(error), trouble_fix=fix_of(error), source=access.source)
    try:
        listed = {known.iso_code: known for known in account.dialing_permissions(client)}
        permissions, trouble = listed, ""
    except TwilioRequestError as error:
        permissions, trouble = None, message_of(error)
    return Twilio(
        source=access.source,
        account=holder,
        numbers=numbers,
        clock_difference=difference,
        permissions=permissions,
        permissions_trouble=trouble,
    )


def _clock_difference(date_header: str, now: float) -> float | None:
    said: datetime | None = moment({"date": date_header}, "date") if date_header else None
    return now - said.timestamp() if said else None


def look_at_production(history: History | Configurations, twilio: Twilio | None, base_url: str) -> Production:
    """The stored production version, else the file that an empty store would begin with.

    What is said of a stored version is worked out once: it never changes, and `/readyz` asks every half minute.
    """
    numbers = twilio.numbers if twilio else ()
    own = {number.phone_number: state_of(number, base_url).leads is Leads.HERE for number in numbers}
    try:
        version = history.versions.get("production")
        if twilio is None:  # then what Settings say of our numbers is all that is known
            own = dict(history.deployments.read().deployment.own_numbers)
        by_sip = history.versions.arrives_by_sip()
        key = (version.version, frozenset(own.items()), by_sip)
        if key not in _JUDGED:
            _JUDGED.clear()
            _JUDGED[key] = _judged(str(version.version), version.document, own, by_sip)
        return _JUDGED[key]
    except StoreNotTrustedError as fault:
        return Production(trouble=str(fault), fix="Set the SECRET_KEY of before, or run `handoff restore --from-disk`.")
    except (StoreEmptyError, VersionNotFoundError, SealError, *STORE_FAULTS):
        shipped = history.shipped()
        if shipped.document is None:
            return Production(trouble=shipped.trouble, fix=shipped.fix)
        return _judged(shipped.name, shipped.document, own, None)


_JUDGED: dict[tuple[VersionId, frozenset[tuple[str, bool]], bool | None], Production] = {}


def _judged(name: str, document: Mapping[str, Any], own: Mapping[str, bool], by_sip: bool | None) -> Production:
    try:
        configuration = read_configuration(document)
    except ConfigurationError as error:
        return Production(trouble=f"{name}: {error.problems[0]}")
    problems = check(configuration, own_numbers=own, arrives_by_sip=by_sip)
    return Production(version=name, configuration=configuration, problems=tuple(problems))
