"""The decision alone: 10 to 10,000 rules, with the time and the memory that building the index takes."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from time import thread_time
from typing import Any

from bench.conditions import CALL, Shape
from bench.configuration import document
from bench.shapes import AT, HOW_MANY_CALLS, of_shape
from handoff_rules.compiled import Compiled, compile_configuration
from handoff_rules.configuration import read_configuration
from handoff_rules.decide import Facts, decide

SIZES = (10, 100, 1_000, 10_000)
REPEATS = 2_000
MOST_TIMES = 8
PART = 20
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


@dataclass(frozen=True, slots=True)
class Measured:
    """Microseconds of one decision for the fewest rules and for the most: as the shape makes them, and without those
    that the call matches."""

    shape: str
    first_us: tuple[float, float]
    none_us: tuple[float, float]

    @property
    def most_times(self) -> float:
        return max(many / few for few, many in (self.first_us, self.none_us))

    @property
    def most_us(self) -> float:
        return max(self.first_us[1], self.none_us[1])


def by_shape(shapes: Mapping[str, Shape], rules: int = SIZES[-1]) -> Iterator[Measured]:
    for name, shape in shapes.items():
        sizes = (SIZES[0], rules)
        calls = [CALL | {"call_sid": f"CA{number:032x}"} for number in range(HOW_MANY_CALLS.get(name, 1))]
        first, none = (
            tuple(_mean(of_shape(shape, size, matching=matching), calls) for size in sizes)
            for matching in (True, False)
        )
        yield Measured(name, (first[0], first[1]), (none[0], none[1]))


def _mean(configuration: dict[str, Any], calls: Sequence[dict[str, str]]) -> float:
    compiled = compile_configuration(read_configuration(configuration))
    return mean(microseconds(compiled, call, REPEATS // len(calls)) for call in calls)


def report_shapes(measured: Iterable[Measured]) -> str:
    lines = [
        f"{'':>40}{'as they come, µs':>20}{'none matches, µs':>20}",
        f"{'conditions':>40}{'10':>10}{'10,000':>10}{'10':>10}{'10,000':>10}{'times':>8}",
    ]
    for one in measured:
        (few, many), (few_none, many_none) = one.first_us, one.none_us
        lines.append(
            f"{one.shape:>40}{few:>10.1f}{many:>10.1f}{few_none:>10.1f}{many_none:>10.1f}{one.most_times:>8.1f}"
        )
    return "\n".join(lines)


def report_share(largest: Size, webhook_us: float) -> str:
    return f"A decision over {largest.rules} plain rules is {largest.last_us / webhook_us:.1%} of a webhook's CPU."


def report_goals(what: str, shapes: Sequence[Measured], webhook_us: float) -> str:
    """How the shapes keep to the goals: at most 8 times as much for 10,000 rules as for 10, at most a twentieth of a
    webhook. Those that do not are named."""
    times = [f"{one.shape} {one.most_times:.1f}" for one in shapes if one.most_times > MOST_TIMES]
    dear = sorted((one for one in shapes if one.most_us > webhook_us / PART), key=lambda one: -one.most_us)
    parts = [f"{one.shape} {one.first_us[1] / webhook_us:.1%} ({one.none_us[1] / webhook_us:.1%})" for one in dear]
    return (
        f"{what}: of {len(shapes)} shapes, {len(shapes) - len(times)} cost at most {MOST_TIMES} times as much for "
        f"{SIZES[-1]} rules as for {SIZES[0]}{_but(times)}, and {len(shapes) - len(parts)} at most a twentieth of a "
        f"webhook's CPU{_but(parts)}"
    )


def _but(named: Sequence[str]) -> str:
    return f"; not: {', '.join(named)}" if named else ""


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
