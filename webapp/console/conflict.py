"""Two people at work: what the other one saved meanwhile, beside what was typed here, which is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from handoff_rules.configuration import Configuration, read_configuration
from handoff_rules.diff import diff
from webapp.configurations.conflicts import ConflictError, EditRefusedError
from webapp.configurations.published import Published
from webapp.console.change_words import sentences
from webapp.console.editing import document_at, opened_at, sandbox
from webapp.console.forms import Draft, without_blanks
from webapp.console.needs import needs
from webapp.people.store_away import STORE_AWAY

MOST_SENTENCES = 12
ADDS = "add_kind"
"""The field beside a button that adds a row."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """`changes` are sentences; `same_thing` is True when the other person changed the very thing that is open here,
    which was `before` when it was opened and is `after` now; both None for a thing that is not there."""

    who: str
    theirs: int
    changes: tuple[str, ...]
    same_thing: bool
    before: Any = None
    after: Any = None

    def followed(self, typed: Draft, draft_of: Callable[[Any], Draft]) -> Draft:
        """The form in which every field that nobody typed in here says what the other person saved there: a save on
        top of theirs then takes back nothing that its author never looked at."""
        if not self.same_thing or self.before is None or self.after is None:
            return typed
        draft: Draft = _followed(typed, draft_of(self.before), draft_of(self.after))
        return draft


def _followed(mine: Any, before: Any, after: Any) -> Any:
    if all(isinstance(side, dict) for side in (mine, before, after)):
        both = {name: _followed(mine.get(name), before.get(name), after.get(name)) for name in {**before, **after}}
        return mine | {name: value for name, value in both.items() if value is not None}
    return after if _is_same(mine, before) else mine


def _is_same(mine: Any, before: Any) -> bool:
    """A browser sends no tick that is not set, and no list without rows; what is only chosen for the next row that
    may be added says nothing yet."""
    one, other = without_blanks(_said(mine)), without_blanks(_said(before))
    return one == other or not (one or other)


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _said(item) for name, item in value.items() if name != ADDS}
    return [_said(item) for item in value] if isinstance(value, list) else value


def conflict_page(conflict: ConflictError, part: str, identifier: str) -> Conflict:
    """About one destination, rule or set of hours; none that is new here can have been changed elsewhere."""

    def item(document: Mapping[str, Any]) -> Any:
        return next((each for each in document.get(part, ()) if each["id"] == identifier), None)

    return _conflict(conflict, item)


def settings_conflict(conflict: ConflictError, fields: Sequence[str]) -> Conflict:
    """About fields of the document itself."""
    return _conflict(conflict, lambda document: {name: document.get(name) for name in fields})


def conflict_of_all(conflict: ConflictError) -> Conflict:
    """Where a button was pressed that says nothing of its own."""
    return _conflict(conflict, lambda document: document)


def opened_at_or(published: Published, conflict: Conflict | None) -> int:
    """The version that a form is drawn for. One that was sent, and comes back with a row more or with faults, stays at
    the version it was opened at: nobody's save meanwhile is overwritten before it was shown in a conflict."""
    if conflict is not None:
        return conflict.theirs
    return opened_at() if "_version" in request.form else published.version.number


def configuration_with(parts: Mapping[str, Any]) -> Configuration:
    """The sandbox with these fields of its document; one that is None is not in it."""
    whole = {**sandbox().document, **parts}
    return read_configuration({name: part for name, part in whole.items() if part is not None})


def _conflict(conflict: ConflictError, part_of: Callable[[Mapping[str, Any]], Any]) -> Conflict:
    try:
        opened = document_at(conflict.expected)
    except (EditRefusedError, *STORE_AWAY):
        opened = dict(conflict.theirs)
    old, new = read_configuration(opened), read_configuration(conflict.theirs)
    said = tuple(sentences(diff(old, new)[:MOST_SENTENCES], old, new))
    before, after = part_of(opened), part_of(conflict.theirs)
    return Conflict(_author(conflict.current), conflict.current, said, before != after, before, after)


def _author(number: int) -> str:
    try:
        return needs().versions.get(number).author
    except (EditRefusedError, *STORE_AWAY):
        return "Somebody"
