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
    shapes = list(decisions.by_shape())
    print(f"\n{decisions.report_shapes(shapes)}", flush=True)
    with tempfile.TemporaryDirectory() as directory:
        store = EmbeddedRedis(Path(directory))
        store.start()
        try:
            print(f"\n{round_trips.report(store.url)}\n", flush=True)
            figures = webhooks.measure(store.url)
            print(webhooks.report(figures))
            print(decisions.report_share(sizes[-1], shapes, median(figures["handoff"].cpu_us)))
        finally:
            store.stop()


if __name__ == "__main__":
    main()
