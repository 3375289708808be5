"""Reads single values out of Twilio's answers: what has another type than documented is empty, never an error."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

Record = Mapping[str, Any]


def text(record: Record, name: str) -> str:
    value = record.get(name)
    return value[:2000] if isinstance(value, str) else ""


def flag(record: Record, name: str) -> bool | None:
    value = record.get(name)
    return value if isinstance(value, bool) else None


def whole(record: Record, name: str) -> int | None:
    value = record.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def records(record: Record, name: str) -> tuple[Record, ...]:
    value = record.get(name)
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def texts(record: Record, name: str) -> tuple[str, ...]:
    value = record.get(name)
    return tuple(item[:500] for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def moment(record: Record, name: str) -> datetime | None:
    """RFC 2822 (the 2010 API), RFC 3339 (the v1 APIs) or milliseconds since 1970 (events), as an aware UTC instant."""
    value = record.get(name)
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        if isinstance(value, str) and value.isascii() and value.isdigit():
            return datetime.fromtimestamp(int(value) / 1000, UTC)
        if isinstance(value, str):
            return _aware(_parsed(value))
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return None


def _parsed(value: str) -> datetime:
    return datetime.fromisoformat(value) if value[:4].isdigit() else parsedate_to_datetime(value)


def _aware(instant: datetime) -> datetime:
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
