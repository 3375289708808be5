"""Saved tests are run on a save as well: who breaks one hears it at once, and not only when a promote is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from handoff_rules.configuration import Configuration
from handoff_rules.problems import Problem

RunSavedTests = Callable[[Configuration], Sequence[str]]
"""Runs the required saved tests of a configuration and returns the names of those that fail."""
MOST_ON_SAVE = 200
"""About a tenth of a second, in a process that answers calls; with more, `handoff test` and the promote run them."""
FIX = "`handoff test` shows the difference. A promote is refused until it passes."


def failing_tests_of(problems: Iterable[Problem]) -> list[Problem]:
    """Those that are about a test as a whole; what is wrong in how one is written has a longer path."""
    return [problem for problem in problems if problem.path.startswith("tests/") and problem.path.count("/") == 1]


def failing_on_save(configuration: Configuration, run: RunSavedTests) -> tuple[Problem, ...]:
    """A warning for each required test that fails: a save is not refused, because the test may be what is to change."""
    if len(configuration.tests) > MOST_ON_SAVE:
        return ()
    failing = frozenset(run(configuration))
    return tuple(
        Problem(f"tests/{place}", f"The saved test “{test.name}” fails now.", FIX, "warning")
        for place, test in enumerate(configuration.tests) if test.name in failing
    )  # fmt: skip
