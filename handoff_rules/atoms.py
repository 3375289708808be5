"""Atoms: the single tests that conditions are made of, each kept once however many rules use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING

from handoff_rules.hours_grid import WEEKDAYS
from handoff_rules.operators import OPERATORS, Operand, Test, texts
from handoff_rules.share import Salt, draw

if TYPE_CHECKING:
    from handoff_rules.evaluation import Evaluation

Truth = bool | None
"""True, False, or None when the variable is missing; a missing variable makes its condition false."""

HIDDEN = "•••"
NOT_KEPT = "not kept, because it is secret"
"""What a trace says of a secret of which a stored call does not know how this condition came out."""


def _key(variable: str, operator: str, operand: Operand) -> str:
    text = "\0".join((variable, operator, *texts(operand)))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def told_key(variable: str) -> str:
    """The key of the condition that the variable is present: stored facts answer it for every secret that was told."""
    return _key(variable, "is_present", True)


def was_told(variable: str, kept: Mapping[str, Truth]) -> bool:
    return bool(kept) and kept.get(told_key(variable)) is True


@dataclass(frozen=True, slots=True, eq=False)
class VariableAtom:
    variable: str
    operator: str
    operand: Operand
    test: Test
    secret: bool

    @property
    def key(self) -> str:
        """A short name that is the same in every version and does not show the operand."""
        return _key(self.variable, self.operator, self.operand)

    @property
    def subject(self) -> str:
        return self.variable

    def truth(self, evaluation: Evaluation) -> Truth:
        value = evaluation.variables.get(self.variable)
        if isinstance(value, str):
            return self.test(value)
        if evaluation.kept and (key := self.key) in evaluation.kept:
            return evaluation.kept[key]
        if self.operator == "is_missing":
            return not was_told(self.variable, evaluation.kept)
        return None

    def is_unknown(self, evaluation: Evaluation) -> bool:
        """For facts from storage: the variable was told and is not kept, and this was not asked about it then."""
        told = self.variable not in evaluation.variables and was_told(self.variable, evaluation.kept)
        return told and self.operator not in ("is_present", "is_missing") and self.key not in evaluation.kept

    def expected(self) -> str:
        words = OPERATORS[self.operator].words
        if isinstance(self.operand, bool):
            return words
        if self.secret:
            return f"{words} {HIDDEN}"
        joiner = " and " if self.operator == "between" else ", "
        return f"{words} {joiner.join(texts(self.operand))}"

    def actual(self, evaluation: Evaluation, truth: Truth) -> str:
        value = evaluation.variables.get(self.variable)
        present = isinstance(value, str) or self._was_present(evaluation)
        if not present:
            return "missing"
        if self.is_unknown(evaluation):
            return NOT_KEPT
        return HIDDEN if self.secret or value is None else value

    def _was_present(self, evaluation: Evaluation) -> bool:
        """For facts from storage: `is_missing` was kept as true for a missing variable, all others as None."""
        kept = evaluation.kept.get(self.key) if evaluation.kept else None
        held = kept is False if self.operator == "is_missing" else kept is not None
        return held or was_told(self.variable, evaluation.kept)


@dataclass(frozen=True, slots=True, eq=False)
class HoursAtom:
    hours: str
    open: bool

    @property
    def subject(self) -> str:
        return self.hours

    def truth(self, evaluation: Evaluation) -> Truth:
        return evaluation.is_open(self.hours) is self.open

    def expected(self) -> str:
        return "is open" if self.open else "is closed"

    def actual(self, evaluation: Evaluation, truth: Truth) -> str:
        return "open" if evaluation.is_open(self.hours) else "closed"


@dataclass(frozen=True, slots=True, eq=False)
class DayAtom:
    days: tuple[str, ...]

    @property
    def subject(self) -> str:
        return "day"

    def truth(self, evaluation: Evaluation) -> Truth:
        return WEEKDAYS[evaluation.today.weekday()] in self.days

    def expected(self) -> str:
        return f"is one of {', '.join(self.days)}"

    def actual(self, evaluation: Evaluation, truth: Truth) -> str:
        return WEEKDAYS[evaluation.today.weekday()]


@dataclass(frozen=True, slots=True, eq=False)
class DateAtom:
    first: date
    last: date

    @property
    def subject(self) -> str:
        return "date"

    def truth(self, evaluation: Evaluation) -> Truth:
        return self.first <= evaluation.today <= self.last

    def expected(self) -> str:
        return f"is between {self.first.isoformat()} and {self.last.isoformat()}"

    def actual(self, evaluation: Evaluation, truth: Truth) -> str:
        return evaluation.today.isoformat()


@dataclass(frozen=True, slots=True, eq=False)
class ShareAtom:
    percent: int
    salt: Salt

    @property
    def subject(self) -> str:
        return "call"

    def truth(self, evaluation: Evaluation) -> Truth:
        call = evaluation.call
        return None if call is None else draw(call, self.salt) < self.percent

    def expected(self) -> str:
        return f"is in the share of {self.percent} in 100"

    def actual(self, evaluation: Evaluation, truth: Truth) -> str:
        call = evaluation.call
        return "call_sid is missing" if call is None else f"this call drew {draw(call, self.salt)}"


Atom = VariableAtom | HoursAtom | DayAtom | DateAtom | ShareAtom
