"""Redis goes away and comes back under running calls: no caller notices (promise 2; reliability F-10, S-01, S-02)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.calls import DOCUMENT, call
from tests.chaos.experiments import kill_or_start_redis, run
from tests.redis_server import RedisServer
from tests.scenario_app import staged
from tests.stand_in.finished import Ended
from tests.stand_in.twilio import Number

SLOWEST_ALLOWED_SECONDS = 3.0
"""Twilio waits 15 s; our own budget is 3 (docs/operations.md)."""

TRIES_NOTHING_AGAIN = Number()
"""A webhook that fails once, while Redis goes, ends the call."""


@pytest.mark.slow
def test_two_thousand_calls_end_well_while_redis_is_killed_ten_times(tmp_path: Path) -> None:
    score = run("killed", kill_or_start_redis, tmp_path, calls=2_000, times=20, number=TRIES_NOTHING_AGAIN)
    assert not score.broken, score.broken[0]
    assert score.application_errors == 0
    assert score.slowest < SLOWEST_ALLOWED_SECONDS
    assert score.ends >= {Ended.ANSWERED, Ended.REFERRED, Ended.VOICEMAIL, Ended.HUNG_UP, Ended.CALLER_HUNG_UP}


def test_calls_of_a_stopped_redis_go_the_same_way_as_ever(tmp_path: Path) -> None:
    calls = [call(number) for number in range(60)]
    with RedisServer() as server, staged(DOCUMENT, server.url, tmp_path) as stage:
        expected = [stage.twilio.place_call(each).require().path for each in calls]
        server.pause()
        try:
            found = [stage.twilio.place_call(each).require().path for each in calls]
        finally:
            server.resume()
    assert found == expected
