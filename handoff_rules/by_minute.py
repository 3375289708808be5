"""What tests of time (hours, day, date) say about the rows, remembered for the minute that was asked about last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handoff_rules.atoms import Atom
from handoff_rules.evaluation import Evaluation


@dataclass(frozen=True, slots=True)
class TimedRows:
    """The rows that one test of time brings in when it is true, and those that it brings in when it is not."""

    atom: Atom
    when_true: int
    when_false: int


class ByMinute:
    """Read by any number of threads: schedules, days and dates change on whole minutes only, and replacing the
    remembered pair is one assignment."""

    __slots__ = ("_remembered", "_tests")

    def __init__(self, tests: Sequence[TimedRows]) -> None:
        self._tests = tuple(tests)
        self._remembered: tuple[int, int] = (-1, 0)

    def rows(self, evaluation: Evaluation) -> int:
        """The rows that any of the tests brings in at this instant."""
        if not self._tests:
            return 0
        minute = int(evaluation.at.timestamp() // 60)
        known_minute, rows = self._remembered
        if minute != known_minute:
            rows = 0
            for test in self._tests:
                rows |= test.when_true if test.atom.truth(evaluation) else test.when_false
            self._remembered = (minute, rows)
        return rows
