"""Runs the saved tests of a configuration: a call, a far end, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from handoff_rules.configuration import Configuration
from handoff_rules.saved_tests import Expectation, SavedTest
from webapp.configurations import Published
from webapp.configurations.deployment import Deployment
from webapp.configurations.published import publish_read
from webapp.configurations.version_id import VersionId
from webapp.simulator.call import SimulatedCall
from webapp.simulator.play import AS_CONFIGURED, simulate
from webapp.simulator.result import Simulation
from webapp.voice.code_rules import Votes
from webapp.voice.installed_code_rules import installed_code_rules


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected and what came instead, in the words of the document."""

    what: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, got {self.actual}"


@dataclass(frozen=True, slots=True)
class TestResult:
    __test__ = False

    name: str
    required: bool
    differences: tuple[Difference, ...]
    simulation: Simulation

    @property
    def passed(self) -> bool:
        return not self.differences

    def to_plain(self) -> dict[str, Any]:
        return {
            "name": self.name, "passed": self.passed, "required": self.required,
            "ends": self.simulation.ends.value, "path": list(self.simulation.path),
            "differences": [asdict(difference) for difference in self.differences],
        }  # fmt: skip


def run_saved_test(
    published: Published,
    test: SavedTest,
    *,
    now: datetime | None = None,
    deployment: Deployment | None = None,
    code_rules: Votes | None = None,
) -> TestResult:
    """Play one test. `now` counts where the test pins no time of its own."""
    call = SimulatedCall.of_test(test.call, now or datetime.now(UTC))
    simulation = simulate(
        published, call, test.far_end, environment=AS_CONFIGURED, deployment=deployment, code_rules=code_rules
    )
    return TestResult(test.name, test.required, tuple(differences(test.expect, simulation)), simulation)


def run_saved_tests(
    published: Published,
    *,
    now: datetime | None = None,
    deployment: Deployment | None = None,
    code_rules: Votes | None = None,
) -> Iterator[TestResult]:
    """Play all tests of a version, one after another, in their order; a long list can show its progress."""
    now = now or datetime.now(UTC)
    for test in published.compiled.configuration.tests:
        yield run_saved_test(published, test, now=now, deployment=deployment, code_rules=code_rules)


def promotion_gate(
    code_rules: Callable[[], Votes] = installed_code_rules,
) -> Callable[[Configuration], tuple[str, ...]]:
    """What a save and a promote ask: the names of the required tests that fail, with the code rules that calls meet."""

    def failing(configuration: Configuration) -> tuple[str, ...]:
        if not any(test.required for test in configuration.tests):
            return ()
        published = publish_read(configuration, configuration.to_document(), VersionId(0, ""))
        results = run_saved_tests(published, code_rules=code_rules())
        return tuple(result.name for result in results if result.required and not result.passed)

    return failing


def differences(expect: Expectation, simulation: Simulation) -> Iterator[Difference]:
    """Only what the test says is compared."""
    if expect.path is not None and expect.path != simulation.path:
        yield Difference("path", " → ".join(expect.path) or "nobody", " → ".join(simulation.path) or "nobody")
    if expect.ends is not None and expect.ends is not simulation.ends:
        yield Difference("ends", expect.ends.value, simulation.ends.value)
    if expect.rule is not None and expect.rule != simulation.rule:
        yield Difference("rule", expect.rule, simulation.rule or "no rule")
    if expect.reason is not None and expect.reason != simulation.reason:
        yield Difference("reason", expect.reason or "none", simulation.reason or "none")
    if expect.says is not None and expect.says not in simulation.says:
        yield Difference("says", f"“{expect.says}” somewhere", f"“{simulation.says}”")
    sent = {name.lower(): value for step in simulation.steps for name, value in step.headers.items()}
    for name, value in (expect.headers or {}).items():  # header names know no case (RFC 3261 section 7.3.1)
        found = sent.get(name.lower())
        if found != value:
            yield Difference(f"header {name}", _visible(value), "not sent" if found is None else _visible(found))


def _visible(value: str) -> str:
    """In quotes where nobody would see what is expected: nothing, or blanks at an end."""
    return value if value and value == value.strip() else f"\u201c{value}\u201d"
