"""What surrounds every page: the environment bar, the navigation, messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import current_app, flash, g, get_flashed_messages, render_template, request, url_for

from webapp.configurations.records import Promoted
from webapp.console import shown, times
from webapp.console.needs import needs
from webapp.console.version_difference import difference
from webapp.people.roles import Role
from webapp.people.sessions import SignedIn
from webapp.people.users import User


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    endpoint: str
    icon: str
    key: str = ""

    @property
    def section(self) -> str:
        return self.endpoint.split(".")[1]

    @property
    def url(self) -> str:
        return url_for(self.endpoint)


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    items: tuple[Item, ...]


NAVIGATION = (
    Group(
        "",
        (
            Item("Overview", "console.overview.index", "home", "o"),
            Item("Calls", "console.calls.index", "calls", "c"),
        ),
    ),
    Group(
        "Routing",
        (
            Item("Destinations", "console.destinations.index", "destination", "d"),
            Item("Rules", "console.rules.index", "rules", "r"),
            Item("Hours", "console.hours.index", "hours", "h"),
            Item("Test a call", "console.test_call.index", "test", "t"),
        ),
    ),
    Group(
        "Release",
        (
            Item("Changes", "console.changes.index", "changes", "p"),
            Item("Versions", "console.versions.index", "versions", "v"),
        ),
    ),
    Group(
        "Telephony",
        (
            Item("Numbers", "console.numbers.index", "numbers", "n"),
            Item("SMS registration", "console.sms.index", "sms", "s"),
            Item("Error codes", "console.errors.index", "errors", "e"),
            Item("Doctor", "console.doctor.index", "doctor"),
        ),
    ),
    Group(
        "Manage",
        (
            Item("Developers", "console.developers.index", "code"),
            Item("Settings", "console.settings.index", "settings"),
            Item("Help", "console.help.index", "help"),
        ),
    ),
)


BOTH = "both"
SHARED = frozenset({
    "numbers", "number", "sms", "errors", "doctor", "twilio", "people", "api_tokens", "api_reference", "webhooks",
    "help",
})  # fmt: skip
"""Families of pages about the Twilio account, this installation and its people: no version holds what they show."""


@dataclass(frozen=True, slots=True)
class Frame:
    """`view`: `sandbox`, `production` or `both`. `reads`: the page shows production, to be read; `elsewhere` is the
    address of it in the other environment."""

    section: str
    view: str
    reads: bool
    elsewhere: str
    promoted: Promoted | None
    sandbox: int
    production: int
    changes: int
    degraded: str
    since: datetime | None
    navigation: tuple[Group, ...]
    messages: Sequence[tuple[str, str]]
    user: User | None
    zone: ZoneInfo
    theme: str
    shortcuts: bool
    help: str
    now: datetime

    def has(self, role: str) -> bool:
        """Whether the person may see what asks for this role."""
        return self.user is not None and self.user.role.may_act_as(Role(role))

    def may(self, role: str) -> bool:
        """Whether the person may do what asks for this role; with the store away only looking is left."""
        return self.has(role) and (Role(role) is Role.VIEWER or not (self.degraded or self.reads))

    @property
    def may_edit(self) -> bool:
        return self.may(Role.OPERATOR)

    @property
    def locked(self) -> str:
        """The attribute of a fieldset or button that can be read and not used."""
        return "" if self.may_edit else " disabled"

    @property
    def view_name(self) -> str:
        return {"production": "Production", "sandbox": "Sandbox"}.get(self.view, "")

    @property
    def zone_name(self) -> str:
        return f"{self.zone.key} ({self.now.astimezone(self.zone):%Z})"


def show(template: str, *, section: str, view: str = "", help: str | None = None, **values: Any) -> str:  # noqa: A002
    """Draw a page inside its frame; without a `view` under the bar of what it shows."""
    values.setdefault("twin", None)
    return render_template(
        f"console/{template}",
        frame=frame(section, view or _view(), section if help is None else help),
        **values,
    )


def _view() -> str:
    return BOTH if request.blueprint and request.blueprint.partition(".")[2] in SHARED else shown.environment()


def frame(section: str, view: str, help_page: str = "") -> Frame:
    live, now = needs().live, needs().clock()
    sandbox, production = live.environment("sandbox"), live.environment("production")
    found = g.get("who")
    return Frame(
        section=section,
        view=view,
        reads=shown.reads_production(),
        elsewhere=shown.elsewhere(),
        promoted=live.promoted,
        sandbox=sandbox.version.number,
        production=production.version.number,
        changes=len(difference(production, sandbox).things),
        degraded=why_degraded(),
        since=last_seen(now),
        navigation=_navigation(),
        messages=cast(Sequence[tuple[str, str]], get_flashed_messages(with_categories=True)),
        user=found.user if isinstance(found, SignedIn) else None,
        zone=site_zone(),
        theme=theme(),
        shortcuts=request.cookies.get("shortcuts") != "off",
        help=help_page,
        now=now,
    )


def theme() -> str:
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in {"light", "dark"} else ""


def site_zone() -> ZoneInfo:
    return times.zone(needs().live.environment("sandbox").compiled.configuration.time_zone)


def tell(text: str, kind: str = "ok") -> None:
    """A message on the next page."""
    flash(text, kind)


def last_seen(now: datetime) -> datetime | None:
    """When the store answered last: the outage began within a second of it. None when it never did."""
    age = needs().live.reasons().seconds_since_seen
    return None if age is None else now - timedelta(seconds=age)


def why_degraded() -> str:
    """Why editing is off, in one sentence; empty when it is not."""
    reasons = needs().live.reasons()
    return reasons.edits_refused or ""


def _navigation() -> tuple[Group, ...]:
    """Pages that other parts bring have a place as soon as they exist."""
    known = current_app.view_functions
    groups = (Group(group.name, tuple(item for item in group.items if item.endpoint in known)) for group in NAVIGATION)
    return tuple(group for group in groups if group.items)
