"""A call as plain data, and with personal data masked for whoever only needs to see what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from webapp.calls.record import Attempt, CallRecord
from webapp.log_masking import Net

Clean = Callable[[Any], Any]
OPEN_FIELDS = ("account_sid", "arrived_over", "attempt", "call_sid", "direction", "sip_call_id")
"""Variables that never hold personal data: identifiers of ours, of Twilio's and of the caller's SIP device. Its
Call-ID is a random text and a host (RFC 3261 section 8.1.1.4), and what people search for in the log of their PBX."""


def masked(value: Any) -> Any:
    """Numbers, addresses and secrets hidden wherever they stand; a number's last two digits stay."""
    return Net().clean(value)


def revealed(value: Any) -> Any:
    return value


def plain_call(record: CallRecord, clean: Clean) -> dict[str, Any]:
    """One row of a list."""
    return cleaned(_call(record), clean)


def plain_record(record: CallRecord, clean: Clean) -> dict[str, Any]:
    """The whole call."""
    whole = _call(record) | {
        "variables": dict(sorted(record.variables.items())),
        "attempts": [_attempt(attempt) for attempt in record.attempts],
        "timeline": [
            {"at": moment(datetime.fromtimestamp(event.at_ms / 1000, UTC)), "kind": event.kind.value,
             "attempt": event.attempt, "detail": dict(event.detail)}
            for event in record.events
        ],
    }  # fmt: skip
    return cleaned(whole, clean)


def cleaned(call: Mapping[str, Any], clean: Clean) -> dict[str, Any]:
    """A plain call, whole or a row, with `clean` over each place that can hold personal data."""
    found = {**call, "from": clean(call["from"]), "to": clean(call["to"])}
    if "variables" in call:
        found["variables"] = {
            name: value if name in OPEN_FIELDS else clean(value) for name, value in call["variables"].items()
        }
        found["attempts"] = [{**attempt, "raw": clean(attempt["raw"])} for attempt in call["attempts"]]
        found["timeline"] = [{**event, "detail": clean(event["detail"])} for event in call["timeline"]]
    if call.get("trace"):
        found["trace"] = clean(call["trace"])
    return found


def _call(record: CallRecord) -> dict[str, Any]:
    return {
        "call_sid": record.call_sid,
        "started_at": moment(record.started_at),
        "from": record.caller,
        "to": record.called,
        "over": record.over,
        "environment": record.environment,
        "version": record.version,
        "rule": record.rule,
        "reason": record.reason,
        "path": list(record.path),
        "ends": record.ends.value if record.ends else None,
        "duration_seconds": record.duration_seconds,
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "destination": attempt.destination,
        "verb": attempt.verb,
        "note": attempt.note,
        "outcome": attempt.outcome.value if attempt.outcome else None,
        "raw": dict(attempt.raw),
        "dropped_headers": dict(attempt.dropped_headers),
    }


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
