"""Hours: weekly windows, public holidays, dated exceptions and the instant switch."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from handoff_rules.model import Date, Model, Name, Slug, TimeZone

Window = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-4]):[0-5][0-9]-([01][0-9]|2[0-4]):[0-5][0-9]$")]
Days = Annotated[str, StringConstraints(pattern=r"^(mon|tue|wed|thu|fri|sat|sun)([,-](mon|tue|wed|thu|fri|sat|sun))*$")]


class Holidays(Model):
    """Public holidays of an ISO 3166 country and subdivision: closed on each of them."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    subdivision: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,3}$")] | None = None


class DateException(Model):
    """One date that differs: `closed`, or `open` with the windows of that day."""

    date: Date
    open: tuple[Window, ...] | None = None
    closed: bool = False
    label: str = ""


class Hours(Model):
    id: Slug
    name: Name
    time_zone: TimeZone | None = None
    weekly: dict[Days, tuple[Window, ...]] = {}
    holidays: Holidays | None = None
    exceptions: tuple[DateException, ...] = ()
    closed_now: bool = False
