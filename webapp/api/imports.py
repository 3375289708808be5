"""`/import`: a document of ours, or PolyAI's `handoffs.yaml`, becomes a new version, with a report."""

from __future__ import annotations

from typing import Literal

from handoff_rules.configuration import Configuration
from webapp.api.configuration import expected_number
from webapp.api.endpoint import JSON, YAML, Asked, Endpoint, Given, Write
from webapp.api.shapes import Answer, SavedAnswer, checked_answer, saved_answer
from webapp.configurations.polyai import Report, import_polyai, is_polyai
from webapp.configurations.versions import checked
from webapp.people.roles import Role


class ImportAnswer(Answer):
    format: Literal["handoff", "polyai"]
    mapped: list[str]
    changed: list[str]
    without_meaning: list[str]
    saved: SavedAnswer


def bring_in(asked: Asked) -> Given:
    versions = asked.house.services.configurations.versions
    expected = expected_number(asked)
    foreign = is_polyai(asked.body)
    report = import_polyai(asked.body, versions.get("sandbox").document) if foreign else Report(document=asked.body)
    if asked.query.dry_run:
        saved = checked_answer(checked(report.document)[1])
    else:
        note = asked.query.note or f"Imported from {'PolyAI' if foreign else 'a document'}"
        made = versions.save(
            report.document, expected=expected, author=asked.author, note=note, request=asked.request_id
        )
        saved = saved_answer(made)
    answer = ImportAnswer(
        format="polyai" if foreign else "handoff", mapped=report.mapped, changed=report.changed,
        without_meaning=report.without_meaning, saved=saved,
    )  # fmt: skip
    return Given(answer, status=200 if asked.query.dry_run else 201)


ENDPOINTS = (
    Endpoint(
        method="POST", path="/import", role=Role.OPERATOR, query=Write, body=Configuration, plain_body=True,
        body_types=(JSON, *YAML), answer=ImportAnswer, status=201, also=(200,), if_match="optional", idempotent=True,
        summary="Bring a document in as a new version", handle=bring_in, faults=("conflict", "refused", "store_away"),
    ),
)  # fmt: skip
