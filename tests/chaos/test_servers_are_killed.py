"""Workers are killed and servers restarted under running calls: no caller notices (reliability F-11, F-13, S-02)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.experiments import Hurt, kill_a_worker, restart_a_server, run, stop_redis

SLOWEST_ALLOWED_SECONDS = 3.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hurt", "calls", "times", "servers"),
    [(stop_redis, 300, 1, 1), (kill_a_worker, 400, 10, 1), (restart_a_server, 400, 5, 2)],
)
def test_calls_end_well_while_the_servers_are_hurt(
    tmp_path: Path, hurt: Hurt, calls: int, times: int, servers: int
) -> None:
    score = run(hurt.__name__, hurt, tmp_path, calls=calls, times=times, servers=servers)
    assert not score.broken, score.broken[0]
    assert score.application_errors == 0
    assert score.slowest < SLOWEST_ALLOWED_SECONDS
