"""`make bench`: prints ratios against other applications in the same run, never a pass or a fail."""

from __future__ import annotations

import os
from statistics import median

from bench import decisions, round_trips, webhooks
from bench.conditions import CONDITIONS
from bench.random_letters import RANDOM_LETTERS
from tests.redis_server import RedisServer

SHAPES = {"Conditions as people write them": CONDITIONS, "Patterns of letters at random": RANDOM_LETTERS}
PLAIN_REDIS = """All applications share one plain Redis that keeps nothing on disk (appendonly no): this measures code.
The private Redis of `handoff run` syncs each write to the disk, and answers that much later."""


def leave_the_first_processor_alone() -> None:
    """It belongs to the worker that is measured; Redis and the load run on the others, as they would elsewhere."""
    os.sched_setaffinity(0, set(range(1, os.cpu_count() or 1)) or {0})


def main() -> None:
    sizes = decisions.measure()
    print(decisions.report(sizes), flush=True)
    measured = {what: list(decisions.by_shape(shapes)) for what, shapes in SHAPES.items()}
    for what, shapes in measured.items():
        print(f"\n{what}\n{decisions.report_shapes(shapes)}", flush=True)
    leave_the_first_processor_alone()
    with RedisServer() as store:
        print(f"\n{round_trips.report(store.url)}\n", flush=True)
        print(f"{PLAIN_REDIS}\n", flush=True)
        figures = webhooks.measure(store.url)
        print(webhooks.report(figures))
        webhook_us = median(figures["handoff"].cpu_us)
        print(decisions.report_share(sizes[-1], webhook_us))
        for what, shapes in measured.items():
            print(decisions.report_goals(what, shapes, webhook_us))


if __name__ == "__main__":
    main()
