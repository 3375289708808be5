"""The full matrix: every kind of leg, method, route and answer ends as DESIGN section 3 says (F-25 to F-30)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.redis_server import RedisServer
from tests.scenario_app import Stage, staged
from tests.stand_in import Answer, Call, Disturbance, Message
from tests.stand_in.finished import Ended, Finished
from tests.stand_in.scenario import Scenario, read_scenarios

Over = Literal["phone", "sip", "client"]
LEGS: tuple[Over, ...] = ("phone", "sip", "client")
METHODS = ("REFER", "INVITE", "BYE")
ROUTES: dict[str, Any] = {
    "phone": "+14155550101",
    "sip": "sip:desk@pbx.example.com",
    "extension": "1001",
    "group": ["+14155550102", "sip:team@pbx.example.com"],
}
WAYS = list(product(LEGS, ("REFER", "INVITE"), ROUTES))
SIP_ANSWERS = tuple(
    f"sip:{code}"
    for code in (
        300, 301, 302, 305, 380, 400, 401, 402, 403, 404, 405, 406, 407, 408, 410, 413, 414, 415, 416, 420, 421, 423,
        480, 481, 482, 483, 484, 485, 486, 487, 488, 491, 493, 500, 501, 502, 503, 504, 505, 513, 600, 603, 604, 606,
        607, 399, 455, 499, 555, 599, 666, 699,
    )
)  # fmt: skip
WORDS = ("answered", "busy", "no_answer", "failed", "declined", "unconfirmed", "unconfirmed_and_gone",
         "caller_hung_up", "canceled")  # fmt: skip


def destination_id(method: str, route: str) -> str:
    return f"{method.lower()}-{route}"


def configuration() -> dict[str, Any]:
    """One destination for each method and route, each with the same fallback, chosen by the called number."""
    pairs = list(product(METHODS, ROUTES))
    destinations = [
        {
            "id": destination_id(method, route),
            "name": f"{method} {route}",
            "method": method,
            "fallback": [{"destination": "night"}],
            **({} if method == "BYE" else {"route": ROUTES[route]}),
        }
        for method, route in pairs
    ]
    rules = [
        {"id": destination_id(method, route), "name": "by number", "destination": destination_id(method, route),
         "when": {"variable": "forwarded_from", "is": destination_id(method, route)}}
        for method, route in pairs
    ]  # fmt: skip
    night = {"id": "night", "name": "Night", "method": "INVITE", "route": "+14155550100"}
    default = {"id": "default", "name": "Default", "method": "INVITE", "route": "+14155550109"}
    return {
        "schema": 1, "name": "Matrix", "default_destination": "default", "sip_host": "pbx.example.com",
        "ending": {"say": "Nobody could take your call."}, "destinations": [*destinations, night, default],
        "rules": rules,
    }  # fmt: skip


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One application for the whole matrix; on a Redis of its own, because the others begin with an empty one."""
    folder = tmp_path_factory.mktemp("matrix")
    with RedisServer() as server, staged(configuration(), server.url, folder) as stage:
        yield stage


ARRIVAL: dict[Over, Call] = {
    "phone": Call(),
    "sip": Call(over="sip", from_="sip:alice@pbx.example.com", to="sip:help@example.sip.twilio.com"),
    "client": Call(over="client", from_="client:alice"),
}
NIGHT = ("+14155550100",)


def play(stage: Stage, over: Over, method: str, route: str, *answers: str) -> Finished:
    call = replace(
        ARRIVAL[over],
        forwarded_from=destination_id(method, route),
        far_end=tuple(Answer(word) for word in answers),
    )
    return stage.play(call).require()


@pytest.mark.parametrize(("over", "method", "route"), WAYS)
def test_every_answer_leads_to_a_person_or_the_next_step(stage: Stage, over: Over, method: str, route: str) -> None:
    refers = over == "sip" and method == "REFER" and route != "group"
    for word in WORDS:
        finished = play(stage, over, method, route, word)
        story = f"{word}\n{finished.report()}"
        assert finished.attempts[0].verb == ("Refer" if refers else "Dial"), story
        ends_here = word in {"answered", "caller_hung_up", "canceled"} or (refers and word == "unconfirmed_and_gone")
        assert finished.path[1:] == ([] if ends_here else [NIGHT]), story
        if not ends_here:
            assert finished.ended is Ended.ANSWERED, story
    assert play(stage, over, method, route, "answered").ended is (Ended.REFERRED if refers else Ended.ANSWERED)


@pytest.mark.parametrize(("over", "method"), [("sip", "REFER"), ("sip", "INVITE"), ("phone", "INVITE")])
def test_every_sip_response_moves_the_call_on(stage: Stage, over: Over, method: str) -> None:
    for answer in SIP_ANSWERS:
        finished = play(stage, over, method, "sip", answer)
        assert finished.path[1:] == [NIGHT], f"{answer}\n{finished.report()}"


@pytest.mark.parametrize("over", LEGS)
def test_bye_gives_a_sip_call_back_and_runs_the_fallback_elsewhere(stage: Stage, over: Over) -> None:
    finished = play(stage, over, "BYE", "sip")
    assert finished.path == ([] if over == "sip" else [NIGHT]), finished.report()


@pytest.mark.parametrize(("over", "method", "route"), WAYS)
def test_when_everybody_fails_the_caller_hears_the_ending(stage: Stage, over: Over, method: str, route: str) -> None:
    for words in product(("busy", "no_answer", "failed"), repeat=3):
        finished = play(stage, over, method, route, *words)
        assert finished.heard[-1] == "Nobody could take your call.", finished.report()
        assert len(finished.documents) <= 8


ALL = read_scenarios(Path(__file__).parent / "calls")


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.test_id)
def test_a_caller_may_hang_up_at_any_point_of_any_call(scenario: Scenario, redis_url: str, tmp_path: Path) -> None:
    with staged(scenario.configuration, redis_url, tmp_path) as stage:
        whole = stage.play(replace(scenario.call, seed=1))
        for point in whole.points:
            hang_up = replace(scenario.call.disturbance, hang_up=point)
            finished = stage.play(replace(scenario.call, seed=1, disturbance=hang_up)).require()
            assert finished.path == whole.path[: len(finished.path)], f"{point}\n{finished.report()}"


OF_LINES = ("said:", "leg:")
"""What lines say counts until the end of their attempt is told; a report that comes later leaves nothing there."""
TROUBLE = Disturbance(repeat=0.5, repeat_status=0.6, delay_status=86_400, replays=1)


def timeline(stage: Stage, finished: Finished) -> dict[str, Any]:
    """Everything that the call log has kept of the call, once what waits is written."""
    store = stage.application.services
    assert store.voice_store.flush(10)
    client = store.configurations.store.client
    return {
        key: client.hgetall(key) for key in sorted(client.scan_iter(match=f"*{finished.call_sid}*", count=10_000))
        if client.type(key) == "hash"
    }  # fmt: skip


def differences(expected: dict[str, Any], kept: dict[str, Any]) -> list[str]:
    """Field by field, because a hash of twenty events in one message tells nothing."""
    fields = {
        (key, field) for log in (expected, kept) for key, values in log.items() for field in values
        if not field.startswith(OF_LINES)
    }  # fmt: skip
    return [
        f"{key} {field}: expected {expected.get(key, {}).get(field)}, kept {kept.get(key, {}).get(field)}"
        for key, field in sorted(fields)
        if expected.get(key, {}).get(field) != kept.get(key, {}).get(field)
    ]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.test_id)
def test_repeated_late_and_shuffled_webhooks_leave_the_same_call_log(
    scenario: Scenario, redis_url: str, tmp_path: Path
) -> None:
    calm = replace(scenario.call, seed=2, disturbance=Disturbance(hang_up=scenario.call.disturbance.hang_up))
    rough = replace(calm, disturbance=replace(TROUBLE, hang_up=calm.disturbance.hang_up))
    with staged(scenario.configuration, redis_url, tmp_path) as stage:
        expected = timeline(stage, stage.play(calm).require())
        with stage.application.services.configurations.store.client as client:
            for key in expected:
                client.delete(key)
        finished = stage.play(rough).require()
        assert differences(expected, timeline(stage, finished)) == [], finished.report()


@pytest.mark.parametrize("ends", ["hangup", "key", "silence"])
def test_a_message_is_kept_however_the_caller_ends_it(redis_url: str, tmp_path: Path, ends: Any) -> None:
    voicemail = {"voicemail": {"greeting": "Please leave a message."}}
    desk = {"id": "d", "name": "D", "method": "INVITE", "route": "+14155550100", "fallback": [voicemail]}
    document = {"schema": 1, "name": "V", "default_destination": "d", "destinations": [desk]}
    with staged(document, redis_url, tmp_path) as stage:
        call = Call(far_end=(Answer("busy"),), message=Message(11, ends))
        finished = stage.play(call).require()
        kept = str(timeline(stage, finished))
    assert finished.ended is Ended.VOICEMAIL
    assert '"RecordingDuration":"11"' in kept
