"""A destination that fails again and again is passed over for a while, comes back by itself, and the log says both."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from tests.redis_server import RedisServer
from tests.scenario_app import Stage, staged
from tests.stand_in import Answer, Call
from tests.stand_in.disturbance import Disturbance

CONFIGURATION: dict[str, Any] = {
    "schema": 1,
    "name": "A desk that may fail",
    "default_destination": "desk",
    "destinations": [
        {"id": "desk", "name": "Desk", "method": "INVITE", "route": "sip:desk@pbx.example.com",
         "skip_when_failing": True, "fallback": [{"destination": "mobile"}]},
        {"id": "mobile", "name": "Mobile", "method": "INVITE", "route": "+14155550100"},
    ],
}  # fmt: skip
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DESK, MOBILE = ("sip:desk@pbx.example.com",), ("+14155550100",)


@pytest.fixture(autouse=True)
def _warnings_are_logged() -> Iterator[None]:
    """A command that was tested before may have left the level at which it logs."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    structlog.configure(**before)


@pytest.fixture
def stage(redis_url: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        yield stage


def path_of_a_call(stage: Stage, after_seconds: float, *answers: str) -> list[tuple[str, ...]]:
    call = replace(Call(), at=NOON + timedelta(seconds=after_seconds), far_end=tuple(Answer(word) for word in answers))
    return list(stage.play(call).require().path)


def test_a_failing_desk_is_passed_over_and_recovers_by_itself(stage: Stage) -> None:
    with capture_logs() as logs:
        for number in range(3):
            assert path_of_a_call(stage, number * 20, "failed", "answered") == [DESK, MOBILE]
        assert path_of_a_call(stage, 62, "answered") == [MOBILE], "three failures: nobody waits for it"
        assert path_of_a_call(stage, 300, "answered") == [DESK], "the pause ended by itself"
        assert path_of_a_call(stage, 320, "failed", "answered") == [DESK, MOBILE], "one failure is no pause"
    changes = [entry["health"] for entry in logs if entry["event"] == "destination health changed"]
    assert changes == ["failing", "recovered"]


def test_long_conversations_that_end_meanwhile_do_not_hide_that_the_desk_fails_now(stage: Stage) -> None:
    """Twilio's report that somebody had picked up never arrived, so the end of the conversation is the first word."""
    for number in range(8):
        lost, at = Disturbance(lose_status=1.0), NOON + timedelta(seconds=number)
        call = replace(Call(), at=at, far_end=(Answer("answered", seconds=1200),), disturbance=lost)
        assert stage.play(call).require().path == [DESK]
    for number in range(3):
        assert path_of_a_call(stage, 10 + number, "failed", "answered") == [DESK, MOBILE]
    assert path_of_a_call(stage, 20, "answered") == [MOBILE]


def test_a_conversation_counts_as_soon_as_somebody_has_picked_up(stage: Stage) -> None:
    health = stage.application.services.health
    for number in range(3):
        path_of_a_call(stage, number, "failed", "answered")
    assert health.failing() == {"desk"}
    recovered: list[frozenset[str]] = []
    during = {"during the conversation of Dial 1": lambda _: recovered.append(health.failing())}
    call = replace(Call(), at=NOON + timedelta(seconds=60), disturbance=Disturbance(at=during))
    assert stage.play(call).require().path == [DESK]
    assert recovered == [frozenset()], "while they talk, the next caller is put through as well"


def test_after_the_pause_one_caller_at_a_time_finds_out_whether_the_desk_is_back(stage: Stage) -> None:
    health = stage.application.services.health
    for number in range(3):
        path_of_a_call(stage, number, "failed", "answered")
    stage.application.at = NOON + timedelta(seconds=60)
    assert health.failing() == frozenset()
    seen: list[frozenset[str]] = []
    during = {"during Dial 1": lambda _: seen.append(health.failing())}
    call = replace(Call(), at=NOON + timedelta(seconds=60), far_end=(Answer("no_answer"),),
                   disturbance=Disturbance(at=during))  # fmt: skip
    stage.play(call).require()
    assert seen == [{"desk"}], "while it rings, others go on to the fallback"
    assert health.failing() == frozenset(), "nobody picked up, but it rang"


def test_a_trial_of_which_nothing_is_heard_gives_way_to_the_next_one(stage: Stage) -> None:
    health = stage.application.services.health
    for number in range(3):
        path_of_a_call(stage, number, "failed", "answered")
    stage.application.at = NOON + timedelta(seconds=60)
    health.trying("desk")
    assert health.failing() == {"desk"}
    stage.application.at = NOON + timedelta(seconds=76)
    assert health.failing() == frozenset()


def test_a_test_in_the_sandbox_says_nothing_about_the_desk(stage: Stage) -> None:
    services = stage.application.services
    services.configurations.deployments.save({"test_callers": [Call().from_]}, author="t", expected=None)
    services.live.refresh()
    for number in range(4):
        assert path_of_a_call(stage, number * 20, "failed", "answered") == [DESK, MOBILE]


def test_failures_count_while_redis_refuses_writes(tmp_path: Path) -> None:
    with RedisServer() as server, staged(CONFIGURATION, server.url, tmp_path) as stage:
        stage.application.services.configurations.store.client.replicaof("127.0.0.1", "1")
        for number in range(3):
            assert path_of_a_call(stage, number, "failed", "answered") == [DESK, MOBILE]
        assert stage.application.services.health.failing() == {"desk"}


def test_a_busy_desk_is_a_healthy_one(stage: Stage) -> None:
    for number in range(6):
        assert path_of_a_call(stage, number * 20, "busy", "answered") == [DESK, MOBILE]


def test_a_failing_desk_is_rung_all_the_same_where_the_caller_would_meet_nobody(redis_url: str, tmp_path: Path) -> None:
    [desk, _] = CONFIGURATION["destinations"]
    alone = CONFIGURATION | {"destinations": [desk | {"fallback": []}]}
    with staged(alone, redis_url, tmp_path) as stage:
        for number in range(3):
            assert path_of_a_call(stage, number, "failed") == [DESK]
        assert stage.application.services.health.failing() == {"desk"}
        assert path_of_a_call(stage, 10, "answered") == [DESK]
