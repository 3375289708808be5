"""`make bench`: prints ratios against other applications in the same run, never a pass or a fail."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from bench import decisions, round_trips, webhooks
from webapp.store.embedded import EmbeddedRedis


def main() -> None:
    sizes = decisions.measure()
    print(decisions.report(sizes), flush=True)
    print(f"\n{decisions.report_shapes(decisions.by_shape())}", flush=True)
    with tempfile.TemporaryDirectory() as directory:
        store = EmbeddedRedis(Path(directory))
        store.start()
        try:
            print(f"\n{round_trips.report(store.url)}\n", flush=True)
            figures = webhooks.measure(store.url)
            print(webhooks.report(figures))
            webhook_us = median(figures["handoff"].cpu_us)
            print(f"A decision over {sizes[-1].rules} rules: {sizes[-1].last_us / webhook_us:.1%} of a webhook's CPU")
        finally:
            store.stop()


if __name__ == "__main__":
    main()
