"""The trace: a decision told as plain data, with each vote and each rule and why it counted or did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from handoff_rules.hours_open import CLOSED_NOW, REGULAR

_CLAUSES = {"": "", str(REGULAR): "", str(CLOSED_NOW): ", by hand"}


class RuleResult(StrEnum):
    MATCHED = "matched"
    NOT_MATCHED = "not_matched"
    SKIPPED = "skipped"


class VoteResult(StrEnum):
    CHOSEN = "chosen"
    PASSED_OVER = "passed_over"
    OVERRIDES_ONLY = "overrides_only"
    UNKNOWN_DESTINATION = "unknown_destination"


@dataclass(frozen=True, slots=True)
class ConditionTrace:
    """One test: where it stands, what it is about, what was expected, what was found, and whether it came true.

    Values of secret variables are shown as dots, on both sides. Under a `not`, `expected` says so and `holds` is the
    answer to that. `because`: of hours, what makes them open or closed, as `hours show` says it.
    """

    path: str
    subject: str
    expected: str
    actual: str
    holds: bool
    because: str = ""

    @property
    def found(self) -> str:
        """`actual` in a sentence: with its reason, when that is not the week's own hours."""
        return self.actual + _CLAUSES.get(self.because, f", because of {self.because}")


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """For a rule that did not match, `conditions` are the tests that were to blame; for one that did, those that held.

    `note` says why a rule was skipped, or that it has no condition.
    """

    id: str
    name: str
    path: str
    destination: str
    result: RuleResult
    note: str = ""
    conditions: tuple[ConditionTrace, ...] = ()


@dataclass(frozen=True, slots=True)
class VoteTrace:
    source: str
    destination: str | None
    result: VoteResult


@dataclass(frozen=True, slots=True)
class Trace:
    """`rule` and `vote` as in `Decision`; `set_variables` with secrets as dots.

    `asked_for`: the destination that an agent or the API named, when that decided; None when the rules did.
    """

    destination: str
    rule: str | None
    vote: str | None
    reason: str
    set_variables: Mapping[str, str]
    votes: tuple[VoteTrace, ...]
    rules: tuple[RuleTrace, ...]
    asked_for: str | None = None

    def as_document(self) -> dict[str, Any]:
        """Dictionaries, lists and texts, ready for JSON."""
        return asdict(self)
