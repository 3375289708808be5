"""The history of one destination: which versions changed it, who saved them and what they changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination
from handoff_rules.diff import diff
from webapp.configurations.records import About, Version
from webapp.configurations.versions import Versions
from webapp.console import editing, shown
from webapp.console.asked import whole_number
from webapp.console.change_words import Thing, things
from webapp.console.frame import show
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.twin import Twin, call_api, command
from webapp.people.roles import Role

pages = Pages("destination_history", __name__)
LOOKED_AT = 50
"""Versions on one page: each is read whole, and tried for its seal."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A version that changed the destination. `thing` is None where this release cannot read what it was."""

    about: About
    thing: Thing | None


@pages.page("/destinations/<identifier>/history", Role.VIEWER)
def index(identifier: str) -> ResponseReturnValue:
    live, name = needs().live, _name(identifier)
    now = live.environment("sandbox")
    top = min(whole_number(request.args.get("older", "")) or now.version.number, now.version.number)
    last = max(top - LOOKED_AT, 0)
    look = partial(_look, needs().versions, now.compiled.configuration, identifier, top, last)
    job = needs().jobs.of(("history", identifier, now.version, top), look)
    over = job.is_over  # read first: what is found afterwards belongs to a later look
    return show(
        "destination_history.html",
        section="destinations",
        help="destinations",
        identifier=identifier,
        name=name,
        form=shown.leads_to("destinations", "sandbox")(identifier),
        touched=[piece for piece in job.found if piece is not None],
        looked_at=len(job.found),
        over=over,
        failed=job.has_failed,
        top=top,
        last=last,
        production=live.environment("production").version.number,
        sandbox=now.version.number,
        read=datetime.fromisoformat,
        twin=Twin(command("versions"), call_api("versions"), url_for("console.versions.as_json")),
    )


def _name(identifier: str) -> str:
    """Of a destination that callers meet or that is edited."""
    both = (editing.sandbox(), needs().live.environment("production"))
    found = [one.compiled.configuration.destination_by_id.get(identifier) for one in both]
    destination = found[0] or found[1]
    if destination is None:
        abort(404, description=f"There is no destination {identifier} in the sandbox or in production.")
    return destination.name


def _look(versions: Versions, now: Configuration, identifier: str, top: int, last: int) -> Iterator[Touched | None]:
    """For each version from `top` down to the one after `last` what it changed; what is lost or retired is passed
    over."""
    newer: Version | None = None
    for number in range(top, max(last, 1) - 1, -1):
        older = versions.store.listed_version(number)
        if older is None:
            continue
        if newer is not None:
            yield _touched(older, newer, now, identifier)
        newer = older
    if newer is not None and newer.number == 1 and not last:
        yield _touched(None, newer, now, identifier)


def _touched(older: Version | None, newer: Version, now: Configuration, identifier: str) -> Touched | None:
    before, after = (_stored(version, identifier) for version in (older, newer))
    if before == after:
        return None
    try:
        changes = diff(_alone(now, before), _alone(now, after))
    except ValidationError:
        return Touched(newer.about(), None)
    # Other things have the names that they have now: older versions are not read as a whole.
    return next((Touched(newer.about(), thing) for thing in things(changes, now, now)), None)


def _stored(version: Version | None, identifier: str) -> Mapping[str, Any] | None:
    items = version.document.get("destinations", ()) if version else ()
    return next((item for item in items if item.get("id") == identifier), None)


def _alone(now: Configuration, stored: Mapping[str, Any] | None) -> Configuration:
    """A configuration with this destination only, so that nothing else is compared."""
    destinations = (Destination.model_validate(stored),) if stored else ()
    return now.model_copy(update={"destinations": destinations, "rules": (), "hours": (), "tests": ()})
