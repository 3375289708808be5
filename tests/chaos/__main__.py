"""`make chaos`: hurts Redis, workers and servers under calls, and prints what callers noticed."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.chaos import experiments
from tests.chaos.experiments import Hurt, Score

EXPERIMENTS: tuple[tuple[str, Hurt, int, int, int], ...] = (
    ("S-01 Redis killed", experiments.kill_or_start_redis, 2_000, 20, 1),
    ("S-02 Redis stopped for the whole run", experiments.stop_redis, 1_000, 1, 1),
    ("F-11 a worker killed", experiments.kill_a_worker, 1_500, 30, 1),
    ("S-11 a server restarted", experiments.restart_a_server, 1_500, 15, 2),
)  # fmt: skip
HEAD = f"{'what was hurt':38} times  calls webhooks errors broken      p99      max"


def line(score: Score) -> str:
    return (
        f"{score.name:38} {score.hurt:5} {score.calls:6} {score.webhooks:8} {score.application_errors:6} "
        f"{len(score.broken):6} {score.p99 * 1000:5.0f} ms {score.slowest * 1000:5.0f} ms"
    )


def main() -> int:
    print(HEAD)
    broken = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, hurt, calls, times, servers) in enumerate(EXPERIMENTS):
            score = experiments.run(name, hurt, Path(folder) / str(number), calls=calls, times=times, servers=servers)
            print(line(score), flush=True)
            broken += score.broken
    for report in broken[:3]:
        print(f"\n{report}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
