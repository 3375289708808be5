"""`/metrics` for Prometheus: the counters of all processes together, from Redis, and the state of this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from webapp.api.endpoint import Endpoint
from webapp.calls.counters import Counters, Counts
from webapp.people.roles import Role
from webapp.services import Services


class HandoffCollector(Collector):
    """Asked at each scrape. With the store away the gauges remain, and `handoff_store_available` says why."""

    def __init__(self, services: Services, counters: Counters) -> None:
        self._services = services
        self._counters = counters

    def collect(self) -> Iterator[Metric]:
        yield from _of_the_process(self._services)
        counts = self._counters.read()
        if counts is not None:
            yield from _of_all_processes(counts)


def _of_the_process(services: Services) -> Iterator[Metric]:
    store, reasons = services.voice_store.state(), services.live.reasons()
    yield GaugeMetricFamily("handoff_store_available", "1 while commands to Redis are tried.", store.available)
    yield GaugeMetricFamily("handoff_deferred_writes", "Writes of this process that wait for Redis.", store.waiting)
    yield GaugeMetricFamily("handoff_dropped_writes", "Deferred writes of this process that were lost.", store.dropped)
    faults = len(reasons.faults)
    yield GaugeMetricFamily("handoff_configuration_faults", "Faults of what this process holds.", faults)
    version = GaugeMetricFamily(
        "handoff_version", "The number of the version in use.", labels=["environment", "source"]
    )
    for name, facts in reasons.environments.items():
        version.add_metric([name, facts["source"]], float(facts["version"].partition("-")[0]))
    yield version
    failing = GaugeMetricFamily("handoff_failing_destinations", "Destinations that keep failing.")
    failing.add_metric([], len(services.health.failing()))
    yield failing


def _of_all_processes(counts: Counts) -> Iterator[Metric]:
    calls = CounterMetricFamily("handoff_calls", "Calls that are over, by Twilio's last word.", labels=["status"])
    for status, count in counts.calls.items():
        calls.add_metric([status], count)
    yield calls
    attempts = CounterMetricFamily("handoff_attempts", "Handoffs by outcome.", labels=["destination", "outcome"])
    for (destination, outcome), count in counts.attempts.items():
        attempts.add_metric([destination, outcome], count)
    yield attempts


def metrics_view(services: Services) -> Callable[[], Response]:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(HandoffCollector(services, Counters(services.configurations.store.client)))

    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return metrics


def _served_elsewhere(_: object) -> None:
    raise AssertionError("metrics are text, and have a view of their own")


METRICS = Endpoint(
    method="GET", path="/metrics", role=Role.VIEWER, answer=None, handle=_served_elsewhere,  # type: ignore[arg-type]
    summary="Counters for Prometheus",
)  # fmt: skip
