"""Needs attention: what somebody should look at, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from flask import url_for

from webapp.calls.traffic import Handed, Traffic
from webapp.configurations.conflicts import EditRefusedError
from webapp.console import editing
from webapp.console.needs import needs
from webapp.console.problem_places import place_of
from webapp.console.version_difference import difference
from webapp.people.store_away import STORE_AWAY
from webapp.webhook_log import PASSED, lately

MOST = 5
NAMED = 2
"""Failing destinations; of more than so many one is named and the rest are counted."""
WAITS = timedelta(days=7)
"""After so long a change that nobody promotes is probably forgotten."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A sentence, and the link to where it can be seen or mended."""

    text: str
    link: str
    url: str


def attention(failed: int, traffic: Traffic | None) -> list[Matter]:
    """At most MOST. `failed` production calls of the last day reached nobody; `traffic` as in `failing_places`."""
    return list(islice(_matters(failed, traffic), MOST))


def failing_places(traffic: Traffic | None) -> list[tuple[str, str, Handed]]:
    """Id, name and counts of each place in production that let most calls go; none while the store does not answer."""
    if traffic is None:
        return []
    held = needs().live.environment("production").compiled.configuration.destinations
    counted = [(item.id, item.name, traffic.handed(item.id)) for item in held]
    failing = [one for one in counted if one[2].is_failing]
    return sorted(failing, key=lambda one: one[2].finished - one[2].answered, reverse=True)


def took(name: str, handed: Handed) -> str:
    return f"{name} took {handed.answered} of its last {handed.finished} calls."


def _matters(failed: int, traffic: Traffic | None) -> Iterator[Matter]:
    yield from _failing(failing_places(traffic))
    if failed:
        text = f"{failed} call{'s' if failed != 1 else ''} reached nobody."
        yield Matter(text, "See them", url_for("console.calls.index", ends="hung_up"))
    yield from _webhooks()
    yield from _forgotten()
    yield from _problems()
    yield from _past()


def _failing(places: list[tuple[str, str, Handed]]) -> Iterator[Matter]:
    """By name while there are at most NAMED. Of more the worst one and a count: what else is wrong needs its place."""
    named = places if len(places) <= NAMED else places[:1]
    for identifier, name, handed in named:
        yield Matter(took(name, handed), "See calls", url_for("console.calls.index", destination=identifier))
    if more := len(places) - len(named):
        url = url_for("console.destinations.index", state="failing", version="production")
        yield Matter(f"{more} more destinations take few of their calls.", "See them", url)


def _webhooks() -> Iterator[Matter]:
    """The latest one was refused, so calls do not come in; or some of the last day were answered with an error."""
    since = needs().clock() - timedelta(hours=24)
    try:
        noted = lately(needs().configurations.store.client)
    except STORE_AWAY:
        return
    found = [one for one in noted if datetime.fromisoformat(one.at) > since]
    url = url_for("console.webhooks.index")
    if found and found[0].signature != PASSED:
        yield Matter(f"The latest webhook was refused. {found[0].signature}", "See the webhook log", url)
    if errors := sum(one.status >= 500 for one in found):
        text = f"Answered with an error: {errors} of the latest {len(found)} webhooks."
        yield Matter(text, "See the webhook log", url)


def _forgotten() -> Iterator[Matter]:
    live = needs().live
    production, sandbox = live.environment("production"), live.environment("sandbox")
    changes = len(difference(production, sandbox).changes)
    if not changes:
        return
    try:
        newest = needs().versions.list(limit=1).versions
    except (*STORE_AWAY, EditRefusedError):
        return
    if newest and needs().clock() - datetime.fromisoformat(newest[0].at) > WAITS:
        text = f"Not promoted for more than a week: {changes} change{'s' if changes != 1 else ''} in the sandbox."
        yield Matter(text, "Review", url_for("console.changes.index"))


def _problems() -> Iterator[Matter]:
    for problem in editing.standing_problems():
        place = place_of(problem, editing.sandbox().document)
        about = f"{place.name}: " if place.name else ""
        yield Matter(f"{about}{problem.message} {problem.fix}", "Look", place.url or url_for("console.changes.index"))


def _past() -> Iterator[Matter]:
    today = needs().clock().date().isoformat()
    for hours in editing.sandbox().compiled.configuration.hours:
        if any(one.date < today for one in hours.exceptions):
            url = url_for("console.hours.edit", identifier=hours.id)
            yield Matter(f"{hours.name} has exceptions in the past.", "Tidy up", url)
