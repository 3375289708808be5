"""When a text may arrive: from 08:00 to 21:00 where the recipient is (47 CFR 64.1200(c)(1) for telemarketing).

Texts answer a call that the recipient just made, so the law is milder on them; we keep to the window all the same.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone as number_zones

OPENS = time(8)
CLOSES = time(21)
UNKNOWN_ZONE = "Etc/Unknown"
# A number that says nothing about its place may be anywhere in the country: both edges of it must be awake.
ANYWHERE_IN_THE_US = ("America/New_York", "Pacific/Honolulu")
MANY = 6
"""More zones than this mean that the number is not geographic (toll-free numbers name 42)."""


def zones_of(number: str) -> tuple[str, ...]:
    """The time zones in which the holder of a number may live, by its area code."""
    try:
        zones = number_zones.time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ANYWHERE_IN_THE_US
    if not zones or UNKNOWN_ZONE in zones or len(zones) > MANY:
        return ANYWHERE_IN_THE_US
    return tuple(zones)


def is_quiet(number: str, at: datetime) -> bool:
    return not all(OPENS <= at.astimezone(ZoneInfo(zone)).time() < CLOSES for zone in zones_of(number))


def earliest(number: str, at: datetime) -> datetime:
    """`at` itself, or the next quarter of an hour at which nobody concerned is in quiet hours."""
    if not is_quiet(number, at):
        return at
    quarter = at.astimezone(UTC).replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    for _ in range(2 * 24 * 4):
        quarter += timedelta(minutes=15)
        if not is_quiet(number, quarter):
            return quarter
    return at + timedelta(days=1)
