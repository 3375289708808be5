"""Promise 6: whatever is told about a call, nobody is dialled but who stands in the published configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from handoff_rules.facts import Vote
from handoff_rules.outcomes import Outcome
from handoff_rules.routes import SipRoute, parse_route, refer_target
from tests.simulator.random_calls import START, VALUES, WORDS, random_case
from webapp.configurations import Published
from webapp.configurations.published import publish
from webapp.simulator import AS_CONFIGURED, SimulatedCall, simulate
from webapp.simulator.far_end import Line, attempted
from webapp.voice import flow
from webapp.voice.steps import HandOff, Turn

EVIL = (
    "+19005550199", "sip:evil@evil.example", "d1?X-Evil=1", "d1;transport=udp", "<Sip>evil</Sip>", "$called_number",
    "d1\r\nX: y", "../d1", "tel:+19005550199", "911", "\u202ed1", "D1", "",
)  # fmt: skip
NAMES = ("intent", "language", "priority", "digits", "speech", "caller_id", "sip_x_customer", "handoff_destination",
         "d1", "route", "called_number")  # fmt: skip
TARGET = re.compile(r"<(?:Number|Sip)\b[^>]*>([^<?]+)")
CONFIGURATIONS = 400


def published_targets(published: Published) -> frozenset[str]:
    """Every address that the routes of this configuration can become, worked out by the rules of routes alone."""
    configuration = published.compiled.configuration
    found: set[str] = set()
    for destination in configuration.destinations:
        for text in destination.routes:
            route = parse_route(text, country=configuration.country, sip_host=configuration.sip_host or "none.invalid")
            found.add(route.uri if isinstance(route, SipRoute) else route.e164)
            found.add(refer_target(route, configuration.sip_host) or "")
    return frozenset(found)


def calls_of(published: Published, random: Random, decisions: int) -> Iterator[tuple[flow.Context, Turn]]:
    """Decisions about random calls, and what the ladder makes of random outcomes: every turn that could dial."""
    asked_for = [None, *published.compiled.configuration.destination_by_id, *EVIL]
    made = 0
    while made < decisions:
        context = random_context(published, random)
        turn = flow.hand_off(context, random.choice(asked_for), random.choice(EVIL))
        while isinstance(turn.step, HandOff):
            made += 1
            yield context, turn
            ended = attempted(random.choice(WORDS), turn.step.plan.verb, Line())
            if turn.step.plan.verb == "hang_up" or ended.outcome is Outcome.ANSWERED:
                break
            turn = flow.after_attempt(context, turn.state, ended)
        else:
            made += 1


def random_context(published: Published, random: Random) -> flow.Context:
    told = {name: random.choice((*VALUES, *EVIL)) for name in random.sample(NAMES, random.randint(0, 6))}
    votes: tuple[Vote, ...] = ()
    if random.random() < 0.3:
        votes = (Vote("code", random.choice(("d0", "d1", *EVIL)), set={"priority": random.choice(EVIL)}),)
    return flow.Context(
        compiled=published.compiled, version=str(published.version), environment="production", variables=told,
        over=random.choice(("phone", "sip", "client")), at=START + timedelta(minutes=random.randint(0, 50_000)),
        votes=votes,
    )  # fmt: skip


def strays(configurations: range, decisions: int) -> list[Any]:
    """Turns that would dial somebody who is not published."""
    found: list[Any] = []
    for seed in configurations:
        published = publish(random_case(seed).document)
        targets = published_targets(published)
        for _, turn in calls_of(published, Random(f"targets/{seed}"), decisions):
            assert isinstance(turn.step, HandOff)
            plan = turn.step.plan
            dialled = {route.uri if isinstance(route, SipRoute) else route.e164 for route in plan.routes}
            if plan.refer_to:
                dialled.add(plan.refer_to)
            if not dialled <= targets:
                found.append((seed, dialled - targets))
    return found


def test_20000_random_decisions_dial_published_targets_alone() -> None:
    assert strays(range(100), 200) == []


@pytest.mark.slow
def test_a_million_random_decisions_dial_published_targets_alone() -> None:
    assert strays(range(1000, 1000 + CONFIGURATIONS), 1_000_000 // CONFIGURATIONS) == []


def test_documents_hold_published_targets_alone() -> None:
    """The same for what is really sent: whole simulated calls, their TwiML read with a pattern of its own."""
    for seed in range(300):
        case, random = random_case(seed), Random(f"documents/{seed}")
        published = publish(case.document)
        targets = published_targets(published) | {case.document.get("intake", {}).get("route", "")}
        told = {name: random.choice(EVIL) for name in NAMES}
        call = SimulatedCall(random.choice(EVIL), random.choice(EVIL), case.call.over, case.call.at, told,
                             asked_for=random.choice(EVIL))  # fmt: skip
        for step in simulate(published, call, case.far_end, environment=AS_CONFIGURED).steps:
            dialled = set(TARGET.findall(step.document))
            assert dialled <= targets, f"case {seed}: {dialled - targets}"
