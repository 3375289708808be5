"""`/calls/{call_sid}/replays`, `/impact`: real calls played again against another version. Nothing is dialled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import Field

from handoff_rules.outcomes import Ends
from handoff_rules.saved_tests import SavedTest
from webapp.api.calls import began_with, record_of
from webapp.api.configuration import VersionName, at
from webapp.api.endpoint import Asked, Endpoint, Given, Strict
from webapp.api.problem import ApiFault
from webapp.api.shapes import Answer
from webapp.api.simulations import SimulationAnswer
from webapp.configurations.published import Published, publish
from webapp.people.roles import Role
from webapp.simulator.impact import impact
from webapp.simulator.replay import NotReplayableError
from webapp.simulator.stored_calls import plain_impact, play_stored_call

MOST_HOURS = 24 * 7
MOST_CALLS = 5_000
"""More would hold a request for longer than a client waits; the command line on the machine has no such end."""


class ReplayOrder(Strict):
    version: VersionName = "sandbox"


class ThenAndNow(Answer):
    what: str
    then: str
    now: str


class ReplayAnswer(Answer):
    """`differences` compare with what the call really did. `unknown` are secrets that were never stored, and with whose
    values the call could go another way. `saved_test` would keep it; it holds the caller's number.

    `fails_at_once` says why the newest version does not pass that test, such as the value of a secret that was never
    stored.
    """

    differences: list[ThenAndNow]
    unknown: list[str]
    simulation: SimulationAnswer
    saved_test: SavedTest
    fails_at_once: list[str]


class ImpactQuery(Strict):
    before: str = Field(default="production", max_length=20, description="What calls meet now.")
    after: str = Field(default="sandbox", max_length=20, description="What they would meet.")
    hours: int = Field(
        default=24, ge=1, le=MOST_HOURS, description=f"The newest {MOST_CALLS:,} calls of so many hours."
    )


class Way(Answer):
    """`rings`: the numbers and SIP addresses that each step rings: the same destination may have moved to another."""

    path: list[str]
    ends: Ends
    rings: list[list[str]]


class MovedAnswer(Answer):
    call_sid: str
    before: Way
    after: Way


class ImpactAnswer(Answer):
    """`compared` calls were played. Of `left_out` others nobody can say: what was known of them has expired, or a
    secret that was never stored would decide."""

    compared: int
    left_out: int
    moved: list[MovedAnswer]


def _published(asked: Asked, wanted: str) -> Published:
    version = at(asked, wanted)
    return publish(version.document, version.version)


def replay(asked: Asked) -> Given:
    services = asked.house.services
    record = record_of(asked, asked.path["call_sid"])
    try:
        played = play_stored_call(
            record, _published(asked, asked.body.version), began_with=began_with(asked, record),
            newest=at(asked, "sandbox").document, deployment=services.live.deployment, code_rules=services.code_rules,
        )  # fmt: skip
    except NotReplayableError as fault:
        raise ApiFault("not_found", str(fault)) from fault
    return Given(played.to_plain())


def weigh(asked: Asked) -> Given:
    query: Any = asked.query
    old, new = _published(asked, query.before), _published(asked, query.after)
    since = asked.house.now() - timedelta(hours=query.hours)
    found = asked.house.calls.all_since(int(since.timestamp() * 1000), MOST_CALLS)
    records = [record for record in found if asked.token.reaches(record.environment)]
    return Given(plain_impact(impact(records, old, new, began_with=lambda record: began_with(asked, record))))


ENDPOINTS = (
    Endpoint(
        method="POST", path="/calls/{call_sid}/replays", role=Role.OPERATOR, body=ReplayOrder, body_optional=True,
        answer=ReplayAnswer, handle=replay, summary="Play a stored call against a version",
        faults=("not_found", "store_away"),
    ),
    Endpoint(
        method="GET", path="/impact", role=Role.VIEWER, query=ImpactQuery, answer=ImpactAnswer, handle=weigh,
        summary="Which of the last calls would go somewhere else", faults=("not_found", "store_away"),
    ),
)  # fmt: skip
