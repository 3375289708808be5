"""Overview: are callers reaching people right now, and is there anything to do?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from webapp.calls.reading import Ended, Ends
from webapp.calls.traffic import Traffic
from webapp.console.attention import attention, failing_places, took
from webapp.console.call_words import ELSEWHERE, FAILED, REACHED
from webapp.console.destination_list import last_day
from webapp.console.frame import show, site_zone
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.pagination import Pager
from webapp.console.pictures.handoffs import Hour, handoffs_per_hour
from webapp.console.recent import recent
from webapp.console.right_now import known_numbers, right_now
from webapp.console.ring_times import ring_times
from webapp.console.twin import Twin, command, look_alive
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY

pages = Pages("overview", __name__)
NUMBERS = 20
"""On one page: where the calls of each go is played."""
COUNTED = 1_000
"""The page must answer in time: on a busier day the latest thousand calls are counted, and it says so."""


@dataclass(frozen=True, slots=True)
class Day:
    """What became of the calls of 24 hours, of a busier day of its latest ones: then it is not `whole`.

    `known` False: the store did not answer.
    """

    calls: int
    answered: int
    elsewhere: int
    failed: int
    known: bool = True
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the set-up list."""

    done: bool
    text: str
    url: str


@pages.page("/", Role.VIEWER)
def index() -> ResponseReturnValue:
    calls = _calls()
    day, traffic = _day(calls), last_day()
    pager = Pager.of(known_numbers(), request, NUMBERS)
    return show(
        "overview.html",
        section="overview",
        view="production",
        headline=_headline(day, traffic),
        day=day,
        week_before=_week_before(day),
        places=right_now(pager.shown),
        pager=pager,
        chart=handoffs_per_hour(_hours(calls.calls if calls else ())),
        attention=attention(day.failed, traffic),
        waited=ring_times() if day.answered else None,
        recent=recent(),
        steps=_steps(calls),
        twin=Twin(command("calls", "list"), look_alive(), url_for(".as_json")),
    )


@pages.page("/overview.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    places = [
        {"number": place.number, "environment": place.environment, "destination": place.destination, "why": place.why,
         "changes_at": place.changes_at.isoformat() if place.changes_at else None, "changes_to": place.changes_to}
        for place in right_now(known_numbers())
    ]  # fmt: skip
    day = _day(_calls())
    before = _week_before(day)
    return jsonify(right_now=places, last_24_hours=_plain(day), a_week_before=_plain(before) if before else None)


def _plain(day: Day) -> dict[str, int]:
    return {"calls": day.calls, "answered": day.answered, "failed": day.failed}


def _calls(days_ago: int = 0) -> Ends | None:
    """Production calls of the 24 hours that ended so many days ago; None when the store does not answer."""
    end = needs().clock() - timedelta(days=days_ago)
    try:
        return needs().calls.ends_between(end - timedelta(hours=24), end, COUNTED)
    except STORE_AWAY:
        return None


def _week_before(day: Day) -> Day | None:
    """The same hours of the same weekday, where both are known in full; calls are not kept for ever."""
    if not day.known or not day.whole or needs().settings.call_log_days < 8:
        return None
    before = _day(_calls(days_ago=7))
    return before if before.known and before.calls and before.whole else None


def _day(found: Ends | None) -> Day:
    ends = [call.ends for call in found.calls] if found else []
    return Day(
        len(ends),
        sum(end in REACHED for end in ends),
        sum(end in ELSEWHERE for end in ends),
        sum(end in FAILED for end in ends),
        found is not None,
        found is None or found.is_whole,
    )


def _headline(day: Day, traffic: Traffic | None) -> str:
    if not day.known:
        return "Calls are answered; the call log is out of reach."
    if not day.calls:
        return "Ready. No calls in the last 24 hours."
    if failing := failing_places(traffic):
        _, name, handed = failing[0]
        return took(name, handed)
    if day.failed:
        return f"{day.failed} of {day.calls} calls ended without reaching anybody."
    return "All handoffs are working."


def _hours(calls: Sequence[Ended]) -> list[Hour]:
    zone, now = site_zone(), needs().clock()
    first = (now - timedelta(hours=23)).replace(minute=0, second=0, microsecond=0)
    counts = [[0, 0, 0, 0] for _ in range(24)]
    for call in calls:
        place = int((call.started - first).total_seconds() // 3600)
        if 0 <= place < 24:
            counts[place][_kind(call.ends)] += 1
    return [Hour((first + timedelta(hours=place)).astimezone(zone), *four) for place, four in enumerate(counts)]


def _kind(ends: str) -> int:
    """The place among the counts of an `Hour`."""
    return next((place for place, kind in ((0, REACHED), (1, ELSEWHERE), (3, FAILED)) if ends in kind), 2)


def _steps(found: Ends | None) -> list[Step]:
    """What is left before real calls work; gone once everything is done."""
    live = needs().live
    deployment, settings = live.deployment, needs().settings
    production, sandbox = live.environment("production"), live.environment("sandbox")
    steps = [
        Step(
            bool(settings.twilio_account_sid or deployment.twilio),
            "Connect Twilio",
            url_for("console.settings.index", _anchor="twilio"),
        ),
        Step(bool(deployment.numbers), "Point a number here", url_for("console.settings.index", _anchor="numbers")),
        Step(bool(sandbox.compiled.configuration.tests), "Save a test", url_for("console.test_call.index")),
        Step(production.version.number > 1, "Promote your first change", url_for("console.changes.index")),
    ]
    if found is not None:  # With the call log out of reach nobody knows, and nothing is asked for twice.
        steps.append(Step(bool(found.calls), "Receive a call", url_for("console.help.page", name="first-call")))
    return [] if all(step.done for step in steps) else steps
