"""Side by side: our `/voice/call` and five other applications, alternating under the same gunicorn."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from statistics import median

from bench.load import drive
from bench.requests import raw_requests
from bench.server import Server, serving

APPS = {
    "bare_wsgi": "bare WSGI constant",
    "bare_flask": "bare Flask view, parses the form",
    "tutorial": "tutorial: Flask, validator, VoiceResponse",
    "tutorial_redis": "tutorial with one Redis round trip",
    "naive": "all our work, naive",
    "handoff": "Handoff",
}
ROUNDS = 5
REQUESTS = 1_500
PACED, RATE = 1_000, 200.0
_numbers = count(1, 100_000)


@dataclass(slots=True)
class Figures:
    throughput: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    failures: int = 0


def measure(redis_url: str) -> dict[str, Figures]:
    """All servers run all the time; one of them works at a time, in turn, so that drift hits all alike."""
    figures = {name: Figures() for name in APPS}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(serving(name, redis_url)) for name in APPS}
        for server in servers.values():
            drive(server.port, raw_requests(next(_numbers), 300), connections=8)
        for _ in range(ROUNDS):
            for name, server in servers.items():
                _round(figures[name], server)
    return figures


def _round(figures: Figures, server: Server) -> None:
    before = server.cpu_seconds()
    fast = drive(server.port, raw_requests(next(_numbers), REQUESTS), connections=8)
    figures.cpu_us.append((server.cpu_seconds() - before) / REQUESTS * 1e6)
    figures.throughput.append(fast.per_second)
    paced = drive(server.port, raw_requests(next(_numbers), PACED), connections=16, rate=RATE)
    figures.p50_ms.append(paced.percentile(0.50))
    figures.p99_ms.append(paced.percentile(0.99))
    figures.failures += fast.failures + paced.failures


def report(figures: dict[str, Figures]) -> str:
    base = figures["tutorial"]

    def ratio(values: list[float], of: list[float]) -> float:
        return median(a / b for a, b in zip(values, of, strict=True))

    lines = [f"{'÷ tutorial, median of ' + str(ROUNDS) + ' rounds':44}throughput   CPU  p50  p99   CPU µs  failures"]
    for name, title in APPS.items():
        own = figures[name]
        lines.append(
            f"{title:44}{ratio(own.throughput, base.throughput):10.2f}{ratio(own.cpu_us, base.cpu_us):6.2f}"
            f"{ratio(own.p50_ms, base.p50_ms):5.2f}{ratio(own.p99_ms, base.p99_ms):5.2f}"
            f"{median(own.cpu_us):9.0f}{own.failures:10}"
        )
    ours, naive = figures["handoff"], figures["naive"]
    lines.append(f"\nHandoff ÷ naive, throughput: {ratio(ours.throughput, naive.throughput):.2f}")
    return "\n".join(lines)
