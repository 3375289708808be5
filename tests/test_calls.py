"""Every scenario of tests/calls goes its way through the real application, and no promise is broken on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario_app import staged
from tests.stand_in.scenario import Scenario, read_scenarios

SCENARIOS = read_scenarios(Path(__file__).parent / "calls")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.test_id)
def test_the_call_goes_where_the_scenario_says(scenario: Scenario, redis_url: str, tmp_path: Path) -> None:
    with staged(scenario.configuration, redis_url, tmp_path) as stage:
        finished = stage.play(scenario.call).require()
    differences = scenario.expect.differences(finished)
    assert not differences, "\n".join([*differences, finished.report()])


def test_there_are_scenarios_of_every_kind() -> None:
    assert len(SCENARIOS) >= 80
