"""`/versions`, `/promotions`, `/rollbacks`, `/audit`: what stood when, what differs, and what production is."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from handoff_rules.configuration import Configuration
from handoff_rules.model import Whole
from webapp.api.endpoint import Asked, DryRun, Endpoint, Given, Paged, Strict
from webapp.api.placing import at_field, told_at
from webapp.api.problem import Fault
from webapp.api.reading import unknown_cursor
from webapp.api.shapes import Answer, PageOf, SavedAnswer, checked_answer, saved_answer
from webapp.calls.plain import masked
from webapp.configurations.differences import difference
from webapp.configurations.plain import plain_about, plain_difference
from webapp.configurations.records import LONGEST_NOTE
from webapp.people.roles import Role


class VersionAbout(Answer):
    version: int
    digest: str
    environments: list[Literal["sandbox", "production"]]
    author: str
    at: str
    note: str
    parent: str | None


class VersionWhole(VersionAbout):
    document: Configuration


class ChangeAnswer(Answer):
    """One difference of a named thing, with its sentence."""

    part: str
    kind: Literal["added", "removed", "changed", "moved"]
    id: str
    name: str
    field: str
    before: Any
    after: Any
    sentence: str


class DiffAnswer(Answer):
    before: int
    after: int
    changes: list[ChangeAnswer]
    yaml: str = Field(description="The same as unified YAML.")


class Against(Strict):
    against: str = Field(default="production", description="sandbox, production or a number.")


class Promotion(Strict):
    version: Whole = Field(ge=1, le=999_999_999)
    expected_production: Whole = Field(ge=0, le=999_999_999, description="The production that you compared it with.")
    note: str = Field(default="", max_length=LONGEST_NOTE)


class Rollback(Strict):
    """Without a version: the production before this one; after another roll back one must be named."""

    version: Whole | None = Field(default=None, ge=1, le=999_999_999)
    expected_production: Whole | None = Field(
        default=None, ge=1, le=999_999_999, description="The production that you want to leave: another one is a 409."
    )
    note: str = Field(default="", max_length=LONGEST_NOTE)


class AuditEntry(Answer):
    """`before` and `after` are version identities, or the values where nothing else keeps them."""

    sequence: int
    at: str
    actor: str
    action: str
    subject: str
    before: Any
    after: Any
    note: str


def before(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 9 or int(cursor) < 1:
        raise unknown_cursor()
    return int(cursor)


def page(asked: Asked) -> Given:
    versions = asked.house.services.configurations.versions
    pointers = versions.pointers()
    found = versions.list(before=before(asked.query.cursor), limit=asked.query.limit)
    following = str(found.next_before) if found.next_before else None
    return Given({"data": [plain_about(about, pointers) for about in found.versions], "next_cursor": following})


def read(asked: Asked) -> Given:
    versions = asked.house.services.configurations.versions
    version = versions.get(asked.path["version"])
    whole = plain_about(version, versions.pointers()) | {"document": dict(version.document)}
    return Given(whole, etag=str(version.version))


def diff(asked: Asked) -> Given:
    versions = asked.house.services.configurations.versions
    after, other = versions.get(asked.path["version"]), versions.get(asked.query.against)
    return Given(plain_difference(other, after, difference(other, after)))


def _of_the_order(fault: Fault) -> Fault:
    """What this deployment wants of a promote concerns a field of the order, every other fault the version in it."""
    if fault.path in Promotion.model_fields:
        return fault.model_copy(update={"pointer": f"/{fault.path}", "path": None})
    return at_field("version")(fault)


def promote(asked: Asked) -> Given:
    versions, wanted = asked.house.services.configurations.versions, asked.body
    with told_at(_of_the_order):
        if asked.query.dry_run:
            found = versions.may_promote(
                wanted.version, wanted.expected_production, author=asked.author, note=wanted.note
            )
            return Given(checked_answer(found))
        saved = versions.promote(
            wanted.version, expected_production=wanted.expected_production, author=asked.author, note=wanted.note
        )
    return Given(saved_answer(saved), status=201)


def roll_back(asked: Asked) -> Given:
    versions, wanted = asked.house.services.configurations.versions, asked.body
    with told_at(_of_the_order if wanted.version is not None else lambda fault: fault):
        if asked.query.dry_run:
            _, warnings = versions.may_roll_back(wanted.version, expected_production=wanted.expected_production)
            return Given(checked_answer(warnings))
        saved = versions.roll_back(
            wanted.version, expected_production=wanted.expected_production, author=asked.author, note=wanted.note
        )
    return Given(saved_answer(saved), status=201)


def audit(asked: Asked) -> Given:
    limit = asked.query.limit
    found = asked.house.services.configurations.editor.audit_entries(before=before(asked.query.cursor), limit=limit)
    data = [{name: getattr(entry, name) for name in AuditEntry.model_fields} for entry in found]
    following = str(found[-1].sequence) if len(found) == limit and found[-1].sequence > 1 else None
    data = data if asked.token.role.may_act_as(Role.OPERATOR) else masked(data)
    return Given({"data": data, "next_cursor": following})


ENDPOINTS = (
    Endpoint(
        method="GET", path="/versions", role=Role.VIEWER, query=Paged, answer=PageOf[VersionAbout], handle=page,
        summary="The versions, newest first", faults=("store_away",),
    ),
    Endpoint(
        method="GET", path="/versions/{version}", role=Role.VIEWER, answer=VersionWhole, handle=read, gives_etag=True,
        summary="One version with its document", faults=("not_found", "store_away"),
    ),
    Endpoint(
        method="GET", path="/versions/{version}/diff", role=Role.VIEWER, query=Against, answer=DiffAnswer, handle=diff,
        summary="What differs, as sentences and as YAML", faults=("not_found", "invalid", "store_away"),
    ),
    Endpoint(
        method="POST", path="/promotions", role=Role.RELEASER, query=DryRun, body=Promotion, answer=SavedAnswer,
        status=201, also=(200,), production=True, idempotent=True, handle=promote,
        summary="Put a version in production, after its checks",
        faults=("conflict", "not_found", "tests_failed", "refused", "store_away"),
    ),
    Endpoint(
        method="POST", path="/rollbacks", role=Role.RELEASER, query=DryRun, body=Rollback, answer=SavedAnswer,
        status=201, also=(200,), body_optional=True, production=True, idempotent=True, handle=roll_back,
        summary="Put an older version back in production",
        faults=("conflict", "not_found", "refused", "store_away"),
    ),
    Endpoint(
        method="GET", path="/audit", role=Role.VIEWER, query=Paged, answer=PageOf[AuditEntry], handle=audit,
        summary="Who changed what, newest first", faults=("store_away",),
    ),
)  # fmt: skip
