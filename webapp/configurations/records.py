"""What the store keeps: the pointers, a version, and a version without its document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal, TypeVar

from webapp.configurations.canonical import digest_of
from webapp.configurations.version_id import VersionId
from webapp.store.sealed import SealError

LONGEST_NOTE = 500
"""Characters of a note, wherever it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A version without its document: what a list of versions shows."""

    number: int
    digest: str
    author: str
    at: str
    note: str
    parent: str | None
    request: str = ""

    @property
    def version(self) -> VersionId:
        return VersionId(self.number, self.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(About):
    """One save: immutable, numbered, with its author, time (RFC 3339 UTC), note, parent and whole document."""

    document: Mapping[str, Any]

    def about(self) -> About:
        return About(**{field.name: getattr(self, field.name) for field in fields(About)})

    @property
    def is_whole(self) -> bool:
        """Whether the document is the one that the digest was taken of."""
        return digest_of(self.document) == self.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointers:
    """The one value that is replaced to publish: everything else in the store is reached from it.

    `serial` grows by one with every change of anything, through re-seeds too, so that a store that lost
    writes is noticed. `production_at` (RFC 3339 UTC) and `production_by` say since when and by whom
    `production` answers calls; both are empty in a record of before they were kept. `seeded_from` is the
    serial of the snapshot that an otherwise untouched store was seeded from (0: from the file), None after
    the first edit by a person. `restored_at` is the serial at which an operator last put an older state
    back on purpose.
    """

    epoch: str
    serial: int
    newest: int
    sandbox: str
    production: str
    previous_production: str | None = None
    production_at: str = ""
    production_by: str = ""
    deployment: int = 0
    audited: int = 0
    audit_head: str = ""
    audit_base: int = 0
    audit_base_head: str = ""
    seeded_from: int | None = None
    restored_at: int = 0

    def of(self, environment: Literal["sandbox", "production"]) -> VersionId:
        return VersionId.parse(self.sandbox if environment == "sandbox" else self.production)

    @property
    def edited_until(self) -> int:
        """The serial of the last edit by a person that is in it: what makes one state worth more than another."""
        return self.serial if self.seeded_from is None else self.seeded_from

    def producing(self, version: str, *, at: str, by: str) -> Pointers:
        """The next state after an edit that puts this version in production."""
        return self.moved(production=version, previous_production=self.production, production_at=at, production_by=by)

    def moved(self, **changes: Any) -> Pointers:
        """The next state after an edit: one serial on, and no longer an untouched seed."""
        return replace(self, **({"serial": self.serial + 1, "seeded_from": None} | changes))


@dataclass(frozen=True, slots=True)
class Promoted:
    """What is in production: since when, by whom (as the audit log names them), and in whose place."""

    version: VersionId
    at: datetime
    by: str
    before: VersionId | None


def promoted(pointers: Pointers) -> Promoted:
    before = pointers.previous_production
    at = datetime.fromisoformat(pointers.production_at)
    return Promoted(pointers.of("production"), at, pointers.production_by, VersionId.parse(before) if before else None)


def to_plain(record: About | Pointers) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


Record = TypeVar("Record", About, Version, Pointers)


def from_plain(kind: type[Record], plain: Mapping[str, Any]) -> Record:
    """A record of another release may lack a field or carry one more: what is known is read, the rest is left."""
    known = {field.name: plain[field.name] for field in fields(kind) if field.name in plain}
    try:
        return kind(**known)
    except TypeError as fault:
        raise SealError(f"A stored {kind.__name__.lower()} lacks a field.") from fault
