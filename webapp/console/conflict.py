"""Two people at work: what the other one saved meanwhile, beside what was typed here, which is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handoff_rules.configuration import read_configuration
from handoff_rules.diff import diff
from webapp.configurations.conflicts import ConflictError, EditRefusedError
from webapp.console.change_words import sentences
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
    """About one destination, rule or schedule; none that is new here can have been changed elsewhere."""

    def item(document: Mapping[str, Any]) -> Any:
        return next((each for each in document.get(part, ()) if each["id"] == identifier), None)

    return _conflict(conflict, item)


def settings_conflict(conflict: ConflictError, fields: Sequence[str]) -> Conflict:
    """About fields of the document itself."""
    return _conflict(conflict, lambda document: [document.get(field) for field in fields])


def _conflict(conflict: ConflictError, mine: Callable[[Mapping[str, Any]], Any]) -> Conflict:
    try:
        before = document_at(conflict.expected)
    except (EditRefusedError, *STORE_AWAY):
        before = dict(conflict.theirs)
    old, new = read_configuration(before), read_configuration(conflict.theirs)
    said = tuple(sentences(diff(old, new)[:MOST_SENTENCES], old, new))
    return Conflict(_author(conflict.current), conflict.current, said, mine(before) != mine(conflict.theirs))


def _author(number: int) -> str:
    try:
        return needs().versions.get(number).author
    except (EditRefusedError, *STORE_AWAY):
        return "Somebody"
