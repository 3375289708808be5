"""Twilio's registration events as typed values. The event types and field names of Event Streams are known here alone.

Source: https://www.twilio.com/docs/events/event-types (A2P number, campaign and brand registration; toll-free).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from webapp.messaging.a2p.facts import AccountFacts, Registered, Registration
from webapp.twilio_rest.read import moment, text

COMPLIANCE = "com.twilio.messaging.compliance."

# The state that the type itself tells, for events whose `externalstatus` is missing.
STATE_OF_TYPE = {
    "number-registration.pending": Registered.PENDING,
    "number-registration.successful": Registered.REGISTERED,
    "number-registration.failed": Registered.FAILED,
    "number-deregistration.pending": Registered.LEAVING,
    "number-deregistration.successful": Registered.UNREGISTERED,
    "number-deregistration.failed": Registered.STUCK,
}
MOST_EVENTS = 1000


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """One event. `registration` is set when it is about a number; `number` may lack its SID in odd samples."""

    identity: str
    type: str
    account_sid: str
    at: datetime
    number_sid: str = ""
    number: str = ""
    registration: Registration | None = None
    error_code: str = ""
    resource_sid: str = ""

    @property
    def is_about_registration(self) -> bool:
        return self.type.startswith(COMPLIANCE)


def read_events(document: Any) -> Iterator[AccountEvent]:
    """Events out of a webhook's body: an array of CloudEvents. Items of another shape are left out."""
    items = document if isinstance(document, list) else [document]
    for item in items[:MOST_EVENTS]:
        if isinstance(item, dict) and text(item, "id") and text(item, "type"):
            yield _event(item)


def _event(item: Mapping[str, Any]) -> AccountEvent:
    data = item.get("data")
    # Samples write failureReason, tables write failurereason; older versions use snake case.
    told = {_plain(name): value for name, value in data.items()} if isinstance(data, dict) else {}
    at = moment(told, "updateddate") or moment(told, "timestamp") or moment(item, "time") or datetime.now(UTC)
    kind = text(item, "type")
    return AccountEvent(
        identity=text(item, "id")[:100],
        type=kind[:120],
        account_sid=text(told, "accountsid"),
        at=at,
        number_sid=text(told, "phonenumbersid"),
        number=_e164(text(told, "phonenumber")),
        registration=_registration(kind.removeprefix(COMPLIANCE), told, at),
        error_code=_code(told.get("errorcode")),
        resource_sid=text(told, "resourcesid"),
    )


def _registration(kind: str, told: Mapping[str, Any], at: datetime) -> Registration | None:
    if not kind.startswith(("number-registration.", "number-deregistration.")):
        return None
    raw = text(told, "externalstatus")
    state = STATE_OF_TYPE.get(kind, Registered.OTHER)
    # Twilio says “failure” there as well, which would read as a registration that failed.
    if raw and state is not Registered.STUCK:
        state = next((known for known in Registered if known == raw.lower()), Registered.OTHER)
    return Registration(state, at, (raw or kind)[:60], _code(told.get("failurereason")))


def is_news_of_pools(picture: AccountFacts, number_sid: str, told: Registration) -> bool:
    """Whether a number has joined or left a pool since the picture was read, which only another reading shows."""
    if told.at < picture.asked_at:
        return False
    in_pool = any(entry.sid == number_sid for service in picture.services for entry in service.pool)
    leaves = told.state in (Registered.LEAVING, Registered.UNREGISTERED)
    joins = told.state in (Registered.PENDING, Registered.REGISTERED, Registered.FAILED)
    return leaves if in_pool else joins


def _code(value: Any) -> str:
    """A five-digit code, alone or at the end of the address that samples carry (…/errors/30126)."""
    found = re.search(r"(?<![0-9A-Za-z+])[0-9]{5}(?![0-9A-Za-z])", str(value)) if isinstance(value, int | str) else None
    return found.group() if found else ""


def _e164(number: str) -> str:
    return number if not number or number.startswith("+") else f"+{number}"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
