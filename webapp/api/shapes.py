"""The answers that several resources share, as models: the documentation is made from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from handoff_rules.problems import Problem
from webapp.configurations.deployments import DeploymentSaved
from webapp.configurations.parts import Written
from webapp.configurations.versions import Saved

Item = TypeVar("Item")


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PageOf(Answer, Generic[Item]):
    """`next_cursor` continues the list; null at its end."""

    data: list[Item]
    next_cursor: str | None


class Warned(Answer):
    """A problem of the document that does not block: shown, never silent."""

    path: str
    message: str
    fix: str
    severity: str


class SavedAnswer(Answer):
    """What a write made. `version` is null for a dry run. `durable` false: `why` says how it could still be lost."""

    version: int | None
    digest: str | None
    durable: bool
    why: str
    dry_run: bool
    problems: list[Warned] = Field(description="Warnings; errors would have refused the write.")


class DeploymentSavedAnswer(Answer):
    """As of a version; `serial` is null for a dry run."""

    serial: int | None
    durable: bool
    why: str
    dry_run: bool
    problems: list[Warned] = Field(description="Routes that ring a number whose calls come here: a loop.")


def warned(problems: Sequence[Problem]) -> list[Warned]:
    return [Warned(path=one.path, message=one.message, fix=one.fix, severity=one.severity) for one in problems]


def saved_answer(saved: Saved) -> SavedAnswer:
    return SavedAnswer(
        version=saved.version.number, digest=saved.version.digest, durable=saved.durable, why=saved.why,
        dry_run=False, problems=warned(saved.problems),
    )  # fmt: skip


def checked_answer(problems: Sequence[Problem]) -> SavedAnswer:
    """Of a dry run."""
    return SavedAnswer(version=None, digest=None, durable=False, why="", dry_run=True, problems=warned(problems))


def written_answer(written: Written) -> SavedAnswer:
    return saved_answer(written.saved) if written.saved else checked_answer(written.problems)


def deployment_answer(saved: DeploymentSaved | None, problems: Sequence[Problem]) -> DeploymentSavedAnswer:
    """`saved` None: of a dry run."""
    if saved is None:
        return DeploymentSavedAnswer(serial=None, durable=False, why="", dry_run=True, problems=warned(problems))
    return DeploymentSavedAnswer(
        serial=saved.serial, durable=saved.durable, why=saved.why, dry_run=False, problems=warned(problems)
    )
