"""What stands before a promote: the required tests, and a confirmation as strong as the risk for callers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial

from handoff_rules.diff import Change
from webapp.configurations.published import Published
from webapp.console.change_words import moves_callers
from webapp.console.impact import MINUTES, Impact
from webapp.console.needs import Needs, needs
from webapp.simulator.saved_tests import TestResult, run_saved_test

MANY = 0.25
"""From more than this share of calls on a promote is confirmed by a word and not by a click."""
WORD = "production"


class Risk(Enum):
    """How a promote is confirmed. Its name is what the page asks for."""

    NONE = "none"
    TICK = "tick"
    TYPED = "typed"

    def is_confirmed(self, form: Mapping[str, str]) -> bool:
        if self is Risk.TYPED:
            return form.get("confirm", "").strip().casefold() == WORD
        return self is Risk.NONE or form.get("understood") == "true"


def risk_of(changes: Sequence[Change], impact: Impact | None, shown_share: float = 0.0) -> Risk:
    """Texts alone need nothing, whatever moves callers a tick, and moving many of them the word."""
    if not moves_callers(changes):
        return Risk.NONE
    share = max(impact.share if impact else 0.0, shown_share)
    return Risk.TYPED if share > MANY else Risk.TICK


@dataclass(frozen=True, slots=True)
class TestRun:
    """How far the required tests of a version are."""

    __test__ = False

    required: int
    results: tuple[TestResult, ...]
    is_over: bool

    @property
    def failed(self) -> list[TestResult]:
        return [result for result in self.results if not result.passed]


def run_tests(published: Published) -> TestRun:
    """The first look begins them, and what is pinned to no time is played anew every few minutes."""
    house = needs()
    period = int(house.clock().timestamp()) // (MINUTES * 60)
    required = sum(test.required for test in published.compiled.configuration.tests)
    job = house.jobs.of(("tests", published.version, period), partial(_play, house, published))
    over = job.is_over and not job.has_failed
    return TestRun(required, tuple(job.found), over)


def _play(house: Needs, published: Published) -> Iterator[TestResult]:
    now, deployment, rules = house.clock(), house.live.deployment, house.services.code_rules
    for test in published.compiled.configuration.tests:
        if test.required:
            yield run_saved_test(published, test, now=now, deployment=deployment, code_rules=rules)
