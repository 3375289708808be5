"""The decision alone: 10 to 10,000 rules, with the time and the memory that building the index takes."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import mean
from time import thread_time

from bench.configuration import document
from bench.shapes import CALL, SHAPES, with_shape
from handoff_rules.compiled import Compiled, compile_configuration
from handoff_rules.configuration import read_configuration
from handoff_rules.decide import Facts, decide

SIZES = (10, 100, 1_000, 10_000)
REPEATS = 2_000
AT = datetime(2026, 11, 20, 20, tzinfo=UTC)
MATCHES_LAST = {"caller_id": "+12125550123", "called_number": "+14155550199", "call_sid": "CA" + "a" * 32}
MATCHES_NONE = MATCHES_LAST | {"called_number": "+14155550100"}


@dataclass(frozen=True, slots=True)
class Size:
    rules: int
    last_us: float
    none_us: float
    build_ms: float
    kilobytes: float


def measure() -> list[Size]:
    return [_size(rules) for rules in SIZES]


def _size(rules: int) -> Size:
    configuration = read_configuration(document(rules))
    gc.collect()
    tracemalloc.start()
    compiled = compile_configuration(configuration)
    kilobytes = tracemalloc.get_traced_memory()[0] / 1024
    tracemalloc.stop()
    began = thread_time()
    compiled = compile_configuration(configuration)
    build = (thread_time() - began) * 1000
    last, none = microseconds(compiled, MATCHES_LAST), microseconds(compiled, MATCHES_NONE)
    return Size(rules, last, none, build, kilobytes)


def microseconds(compiled: Compiled, variables: Mapping[str, str], repeats: int = REPEATS) -> float:
    """CPU time of one decision, the best of several runs: neighbours on a busy machine must not decide the ratio."""
    facts = Facts(variables, AT)
    best = []
    for _ in range(5):
        began = thread_time()
        for _ in range(repeats // 5):
            decide(compiled, facts)
        best.append((thread_time() - began) / (repeats // 5) * 1e6)
    return min(best)


def by_shape(rules: int = SIZES[-1]) -> Iterator[tuple[str, float, float]]:
    """For each shape of conditions: its name, microseconds for the fewest rules, and for `rules`. The shares are
    asked with 50 calls each, because how many rules draw before one takes the call differs from call to call."""
    for name, shape in SHAPES.items():
        calls = [CALL | {"call_sid": f"CA{number:032x}"} for number in range(50 if "share" in name else 1)]
        few, many = (
            mean(microseconds(compiled, call, REPEATS // len(calls)) for call in calls)
            for compiled in (
                compile_configuration(read_configuration(with_shape(shape, size))) for size in (SIZES[0], rules)
            )
        )
        yield name, few, many


def report_shapes(measured: Iterable[tuple[str, float, float]]) -> str:
    lines = [f"{'conditions':>40}{'10 rules µs':>14}{'10,000 rules µs':>18}{'times':>8}"]
    lines += [f"{name:>40}{few:>14.1f}{many:>18.1f}{many / few:>8.1f}" for name, few, many in measured]
    return "\n".join(lines)


def report_share(largest: Size, shapes: Sequence[tuple[str, float, float]], webhook_us: float) -> str:
    """What a decision is of a whole webhook's CPU: plainly, and in the shape of conditions that costs most."""
    dearest, _, most_us = max(shapes, key=lambda shape: shape[2])
    return (
        f"A decision over {largest.rules} rules: {largest.last_us / webhook_us:.1%} of a webhook's CPU, "
        f"with {dearest}: {most_us / webhook_us:.1%}; the goal is a twentieth, {1 / 20:.0%}"
    )


def report(sizes: list[Size]) -> str:
    lines = [f"{'rules':>7}{'last matches µs':>18}{'none matches µs':>18}{'build ms':>11}{'index kB':>11}"]
    lines += [
        f"{size.rules:>7}{size.last_us:>18.1f}{size.none_us:>18.1f}{size.build_ms:>11.1f}{size.kilobytes:>11.0f}"
        for size in sizes
    ]
    first, last = sizes[0], sizes[-1]
    lines.append(
        f"{last.rules} rules cost {last.last_us / first.last_us:.1f} times as much as {first.rules} when the last "
        f"matches, {last.none_us / first.none_us:.1f} times when none does"
    )
    return "\n".join(lines)
