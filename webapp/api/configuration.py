"""`/configuration`: the whole document, read from an environment or a version, replaced as a new version."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, WithJsonSchema

from handoff_rules.configuration import Configuration
from handoff_rules.model import Value
from webapp.api.endpoint import Asked, Endpoint, Given, Strict, Write
from webapp.api.placing import in_the_body, told_at
from webapp.api.reading import no_etag_of_this
from webapp.api.shapes import SavedAnswer, checked_answer, saved_answer
from webapp.configurations.conflicts import STORE_FAULTS, ConflictError, StoreEmptyError, StoreNotTrustedError
from webapp.configurations.published import ENVIRONMENTS
from webapp.configurations.records import Version
from webapp.configurations.version_id import VersionId
from webapp.people.roles import Role

VersionName = Annotated[
    Value,
    StringConstraints(max_length=20),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": 20}, {"type": "integer"}]}),
    Field(description="sandbox, production or a number."),
]
"""In a body, where a number may also be one."""


class Which(Strict):
    version: str = "sandbox"


class Replace(Write):
    version: Literal["sandbox"] = Field(default="sandbox", description="A save is always the sandbox's next version.")


def at(asked: Asked, wanted: str) -> Version:
    """From the store; an environment is also known while the store is away, as this process holds it."""
    try:
        return asked.house.services.configurations.versions.get(wanted)
    except (*STORE_FAULTS, StoreEmptyError, StoreNotTrustedError):
        environment = next((one for one in ENVIRONMENTS if one == wanted), None)
        if environment is None:
            raise
        held = asked.house.services.live.environment(environment)
        return Version(number=held.version.number, digest=held.version.digest, author="", at="", note="", parent=None,
                       document=held.document)  # fmt: skip


def read(asked: Asked) -> Given:
    version = at(asked, asked.query.version)
    return Given(dict(version.document), etag=str(version.version))


def expected_number(asked: Asked) -> int | None:
    """The number in If-Match, when that very version (not another one of that number) is the newest."""
    if asked.if_match in (None, "*"):
        return None
    newest = asked.house.services.configurations.versions.pointers().sandbox
    if asked.if_match == newest:
        return VersionId.parse(newest).number
    try:
        seen = VersionId.parse(str(asked.if_match)).number
    except ValueError:
        raise no_etag_of_this() from None
    theirs = asked.house.services.configurations.versions.get("sandbox")
    raise ConflictError(
        f"{theirs.author} saved version {theirs.number} meanwhile; this edit began at version {asked.if_match}. "
        "Compare both, then save again on top of theirs.",
        expected=seen, current=theirs.number, theirs=theirs.document, yours=asked.body,
    )  # fmt: skip


def replace(asked: Asked) -> Given:
    expected = expected_number(asked)
    versions = asked.house.services.configurations.versions
    with told_at(in_the_body()):
        if asked.query.dry_run:
            return Given(checked_answer(versions.check(asked.body)[1]))
        saved = versions.save(
            asked.body, expected=expected, author=asked.author, note=asked.query.note, request=asked.request_id
        )
    return Given(saved_answer(saved), etag=str(saved.version))


ENDPOINTS = (
    Endpoint(
        method="GET", path="/configuration", role=Role.VIEWER, query=Which, answer=Configuration, gives_etag=True,
        summary="The document of an environment or a version", handle=read, faults=("not_found", "store_away"),
    ),
    Endpoint(
        method="PUT", path="/configuration", role=Role.OPERATOR, query=Replace, body=Configuration,
        plain_body=True, answer=SavedAnswer, if_match="required", gives_etag=True, idempotent=True, handle=replace,
        summary="Replace the document: a new version in the sandbox", faults=("conflict", "refused", "store_away"),
    ),
)  # fmt: skip
