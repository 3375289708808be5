"""The simulator and the live webhooks agree: same way, same verbs, same headers, same words, same end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random

import pytest

from tests.redis_server import RedisServer
from tests.scenario_app import Stage, staged
from tests.stand_in import Answer
from tests.stand_in.finished import Finished
from tests.stand_in.targets import Targets
from tests.test_every_way_of_a_call import ARRIVAL, LEGS, METHODS, ROUTES, Over, configuration, destination_id
from webapp.simulator import AS_CONFIGURED, SimulatedCall, Simulation, simulate

WORDS = ("answered", "busy", "no_answer", "failed", "unconfirmed", "caller_hung_up", "canceled")
"""What a leg of every kind can tell. `declined` and `machine` need a screen, `sip:…` a SIP leg."""
CALLS = 5_000


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    document = configuration()
    headers = [{"name": "X-Why", "value": "$forwarded_from"}, {"name": "X-Who", "value": "${caller_name|nobody}"}]
    for number, destination in enumerate(document["destinations"]):
        destination["utterance"] = f"This is destination {number}." if number % 3 else ""
        if destination["method"] != "BYE":
            destination["headers"] = headers
    with RedisServer() as server, staged(document, server.url, tmp_path_factory.mktemp("agreement")) as stage:
        yield stage


def simulated(stage: Stage, over: Over, chosen: str, words: list[str]) -> Simulation:
    call = ARRIVAL[over]
    asked = SimulatedCall(call.from_, call.to, over, call.at, {"forwarded_from": chosen})
    return simulate(stage.application.services.live.environment("production"), asked, words, environment=AS_CONFIGURED)


def live(stage: Stage, over: Over, chosen: str, words: list[str]) -> Finished:
    answers = tuple(Answer(word) for word in words)
    return stage.play(replace(ARRIVAL[over], forwarded_from=chosen, far_end=answers, may_end_in_silence=True)).require()


@pytest.mark.slow
def test_random_calls_go_the_same_way_in_the_simulator_and_live(stage: Stage) -> None:
    random, targets = Random(20261120), Targets.of(configuration())
    ways = list(product(LEGS, METHODS, ROUTES))
    for _ in range(CALLS):
        over, method, route = random.choice(ways)
        words = [random.choice(WORDS) for _ in range(random.randrange(4))]
        chosen = destination_id(method, route)
        expected, finished = simulated(stage, over, chosen, words), live(stage, over, chosen, words)
        story = f"{over} {chosen} {words}: simulated {expected.path}, ends {expected.ends}\n{finished.report()}"
        rung = [step for step in expected.steps if step.verb in {"dial", "refer"}]
        assert [attempt.verb.lower() for attempt in finished.attempts] == [step.verb for step in rung], story
        for attempt, step in zip(finished.attempts, rung, strict=True):
            assert targets.forms[step.destination or ""].issuperset(attempt.targets), story
            carried = [dict(member.headers) for member in attempt.members if member.kind == "sip"]
            assert all(headers == dict(step.headers) for headers in carried), story
        assert finished.heard == [text for step in expected.steps for text in step.caller_hears], story
        assert str(expected.ends) in finished.words, story
