"""Two people at work: what the other one saved meanwhile, beside what was typed here, which is kept."""

from __future__ import annotations

from dataclasses import dataclass

from handoff_rules.configuration import read_configuration
from handoff_rules.diff import diff
from webapp.configurations.conflicts import ConflictError, EditRefusedError
from webapp.console.editing import document_at
from webapp.console.needs import needs
from webapp.people.store_away import STORE_AWAY

MOST_SENTENCES = 12


@dataclass(frozen=True, slots=True)
class Conflict:
    """`changes` are sentences; `same_thing` is True when the other person changed the very thing that is open here."""

    who: str
    theirs: int
    changes: tuple[str, ...]
    same_thing: bool


def conflict_page(conflict: ConflictError, part: str, identifier: str) -> Conflict:
    try:
        before = document_at(conflict.expected)
    except (EditRefusedError, *STORE_AWAY):
        before = dict(conflict.theirs)
    changes = diff(read_configuration(before), read_configuration(conflict.theirs))
    mine = {item["id"]: item for item in before.get(part, ())}.get(identifier)
    other = {item["id"]: item for item in conflict.theirs.get(part, ())}.get(identifier)
    sentences = tuple(str(change) for change in changes[:MOST_SENTENCES])
    return Conflict(_author(conflict.current), conflict.current, sentences, bool(identifier) and mine != other)


def _author(number: int) -> str:
    try:
        return needs().versions.get(number).author
    except (EditRefusedError, *STORE_AWAY):
        return "Somebody"
