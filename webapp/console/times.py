"""Times as the pages show them: in the site's zone, named, with the exact instant for machines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from markupsafe import Markup


def zone(name: str) -> ZoneInfo:
    """The named zone; an unknown one is UTC, because a page must render with any document."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def machine(instant: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def spoken(instant: datetime, site: ZoneInfo, now: datetime) -> str:
    """`14:05` today, `Thu 14:05` within a week, `3 Nov 14:05` in this year, else with the year."""
    local, today = instant.astimezone(site), now.astimezone(site)
    days = abs((local.date() - today.date()).days)
    if days == 0:
        return f"{local:%H:%M}"
    if days < 7:
        return f"{local:%a %H:%M}"
    return f"{local:%-d %b %H:%M}" if local.year == today.year else f"{local:%-d %b %Y %H:%M}"


def tag(instant: datetime, site: ZoneInfo, now: datetime) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine(instant), spoken(instant, site, now))


def exact_tag(instant: datetime, site: ZoneInfo) -> Markup:
    """Day, time to the second and zone: for logs and call pages."""
    local = instant.astimezone(site)
    return Markup('<time datetime="{}">{}</time>').format(machine(instant), f"{local:%-d %b %Y, %H:%M:%S %Z}")


def second_tag(instant: datetime, site: ZoneInfo) -> Markup:
    """The time of day to the second: for the steps of one call, which share the rest."""
    return Markup('<time datetime="{}">{}</time>').format(machine(instant), f"{instant.astimezone(site):%H:%M:%S}")


def ago(instant: datetime, now: datetime) -> str:
    """`just now`, `4 minutes ago`, `3 hours ago`, `5 days ago`."""
    seconds = (now - instant) // timedelta(seconds=1)
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'s' if count != 1 else ''} ago"
    return "just now"


def lasted(seconds: float | None) -> str:
    """`38 s`, `4 min 5 s`, `1 h 2 min`; nothing known is a dash."""
    if seconds is None:
        return "\u2013"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
