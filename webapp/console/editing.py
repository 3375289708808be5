"""Saving from a form: on which version it was opened, what the save said, and what the page must show then."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from pydantic_core import from_json, to_json

from handoff_rules.configuration import Configuration, read_configuration
from handoff_rules.problems import ConfigurationError, Problem
from webapp.configurations.conflicts import ConflictError, EditRefusedError
from webapp.configurations.published import Published
from webapp.configurations.version_id import VersionId
from webapp.configurations.versions import Saved
from webapp.console.access import author
from webapp.console.asked import whole_number
from webapp.console.destination_names import with_ids
from webapp.console.forms import Draft, read_draft
from webapp.console.needs import needs
from webapp.people.store_away import STORE_AWAY

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a save: exactly one of `saved`, `conflict`, `refusal` and errors among `problems` is there."""

    saved: Saved | None = None
    conflict: ConflictError | None = None
    refusal: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def status(self) -> int:
        if self.conflict:
            return 409
        return 503 if self.refusal else 422


def sandbox() -> Published:
    return needs().live.environment("sandbox")


def typed() -> Draft:
    draft: Draft = with_ids(read_draft(request.form.items(multi=True)))
    return draft


def opened_at() -> int:
    """The version that the form was opened at; an unreadable one is 0, which no version has, so the save is stale."""
    return whole_number(request.form.get("_version", "")) or 0


def request_id() -> str:
    """Names this attempt, so that a save that is sent twice is made once."""
    return request.form.get("_request", "")[:64] or secrets.token_hex(8)


def document_at(number: int) -> Document:
    """A copy of that version's document, to be edited. The newest one is at hand; another comes from the store."""
    newest = sandbox()
    if newest.version.number == number:
        return _copied(newest.document)
    return _copied(needs().versions.get(number).document)


def _copied(document: Mapping[str, Any]) -> Document:
    """It is plain JSON data, and at a thousand rules this way takes a quarter of the time that `deepcopy` takes."""
    copied: Document = from_json(to_json(document))
    return copied


def look_over(document: Mapping[str, Any]) -> tuple[Configuration | None, tuple[Problem, ...]]:
    """The configuration, if it can be one, and every problem: what a save would say, without saving."""
    try:
        configuration, warnings = needs().versions.check(document)
    except ConfigurationError as fault:
        return _readable(document), fault.problems
    return configuration, warnings


def _readable(document: Mapping[str, Any]) -> Configuration | None:
    try:
        return read_configuration(document)
    except ConfigurationError:
        return None


def save(document: Mapping[str, Any], *, note: str) -> Attempt:
    try:
        saved = needs().versions.save(document, expected=opened_at(), author=author(), note=note, request=request_id())
    except ConfigurationError as fault:
        return Attempt(problems=fault.problems)
    except ConflictError as conflict:
        return Attempt(conflict=conflict)
    except EditRefusedError as refusal:
        return Attempt(refusal=str(refusal))
    except STORE_AWAY as fault:
        return Attempt(refusal=f"The store does not answer, so nothing was saved. {store_words(fault)}")
    return Attempt(saved=saved, problems=saved.problems)


def store_words(fault: Exception) -> str:
    """The fix, where the fault carries one; an outside message may hold addresses, so it is never shown."""
    fix = getattr(fault, "fix", "")
    return str(fix) if fix else "What you typed is still here: try again when it is back."


def named(items: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Identifier to name, for sentences and choices."""
    return {item["id"]: item["name"] for item in items}


def place_of(items: Sequence[Mapping[str, Any]], identifier: str) -> int | None:
    return next((place for place, item in enumerate(items) if item.get("id") == identifier), None)


def standing_problems(published: Published | None = None) -> tuple[Problem, ...]:
    """What the check says about a version that stands, worked out once for each; without one about the sandbox."""
    published = published or sandbox()
    known = needs()
    numbers, by_sip = known.live.deployment.own_numbers, known.versions.arrives_by_sip()
    key = (published.version, tuple(numbers.items()), by_sip, known.clock().date())
    if key not in _PROBLEMS:
        if len(_PROBLEMS) >= 4:
            _PROBLEMS.clear()
        _PROBLEMS[key] = look_over(published.document)[1]
    return _PROBLEMS[key]


_PROBLEMS: dict[tuple[VersionId, tuple[tuple[str, bool], ...], bool | None, date], tuple[Problem, ...]] = {}
