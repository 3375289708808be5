"""`/import`: a document of ours or PolyAI's `handoffs.yaml` becomes a new version if it is none yet, with a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from handoff_rules.configuration import Configuration
from webapp.api.configuration import expected_number
from webapp.api.endpoint import JSON, YAML, Asked, Endpoint, Given, Write
from webapp.api.placing import Place, in_the_body, told_at
from webapp.api.shapes import Answer, SavedAnswer
from webapp.configurations.bringing_in import bring_in
from webapp.configurations.polyai import is_polyai
from webapp.people.roles import Role


class ImportAnswer(Answer):
    """`unchanged`: the sandbox holds just this already, so no version was made; `saved` is the one that holds it."""

    format: Literal["handoff", "polyai"]
    mapped: list[str]
    changed: list[str]
    without_meaning: list[str]
    unchanged: bool
    saved: SavedAnswer


def take(asked: Asked) -> Given:
    expected = expected_number(asked)
    with told_at(_place(asked.body)):
        brought = bring_in(
            asked.house.services.configurations.versions, asked.body, expected=expected, author=asked.author,
            note=asked.query.note, dry_run=asked.query.dry_run, request=asked.request_id,
        )  # fmt: skip
    return Given(brought.to_plain(), status=200 if brought.saved is None or brought.unchanged else 201)


def _place(document: Mapping[str, Any]) -> Place:
    """What PolyAI's file became is told by its path there: the body has no such place."""
    inside = in_the_body()
    if not is_polyai(document):
        return inside
    return lambda fault: inside(fault) if (fault.path or "").startswith("handoffs") else fault


ENDPOINTS = (
    Endpoint(
        method="POST", path="/import", role=Role.OPERATOR, query=Write, body=Configuration, plain_body=True,
        body_types=(JSON, *YAML), answer=ImportAnswer, status=201, also=(200,), if_match="optional", idempotent=True,
        summary="Bring a document in as a new version", handle=take, faults=("conflict", "refused", "store_away"),
    ),
)  # fmt: skip
