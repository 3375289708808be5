"""One fault in a configuration: where it is, what is wrong, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` is a slash-joined pointer (`rules/2/when/all/0/variable`); errors block a save, warnings are shown."""

    path: str
    message: str
    fix: str
    severity: Severity = "error"

    @property
    def place(self) -> str:
        """The path, also for a person when it is the whole document."""
        return self.path or "(document)"

    def __str__(self) -> str:
        return f"{self.place}: {self.message} {self.fix}"


class ConfigurationError(ValueError):
    """A document that cannot become a configuration; `problems` lists every fault at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} with the configuration")


def errors_in(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]
