"""Changes between two versions as sentences for people, grouped by the thing that changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from handoff_rules.conditions import Condition
from handoff_rules.configuration import Configuration
from handoff_rules.destinations import FallbackStep
from handoff_rules.diff import WORDS, Change, Kind, plain
from handoff_rules.hours_text import Times, text_of, week_of
from webapp.console.exception_rows import row_in_words, rows_from
from webapp.console.masking import readable, readable_inside
from webapp.console.sentences import condition_in_words, follows_in_words, when_in_words
from webapp.console.setting_words import TITLES, lines_of

CONDITION: TypeAdapter[Any] = TypeAdapter(Condition)
LABELS = {
    "when": "condition", "utterance": "what the caller hears first", "ring_seconds": "ring time in seconds",
    "enabled": "in use", "caller_id": "caller ID shown", "time_limit_seconds": "longest call in seconds",
    "closed_now": "closed by hand", "weekly": "weekly hours",
    "holidays": "closed on the public holidays of",
    "headers": "SIP headers", "set": "variables that it sets", "screen": "screening",
}  # fmt: skip
TEXT_ONLY = {"name", "description", "reason", "utterance", "language", "voice", "label", "tests", "sample"}
"""Changes of these never send a caller anywhere else."""
TOLD_OF_A_WHOLE = {
    "route", "method", "destination", "when", "sample", "time_zone", "weekly", "holidays", "exceptions", "closed_now",
}  # fmt: skip
"""What the line of a thing says that was added or removed as a whole."""
NUMBERS = {"caller_id", "call"}
"""Fields that hold a number among other things: of a destination, and of a saved test. Texts are shown as written."""


@dataclass(frozen=True, slots=True)
class Line:
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Thing:
    """One named thing and everything that changes about it."""

    part: str
    id: str
    name: str
    title: str
    kind: Kind
    lines: tuple[Line, ...]


def things(changes: Sequence[Change], before: Configuration, after: Configuration) -> list[Thing]:
    words = _Words(before, after)
    grouped: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        grouped.setdefault((change.part, change.id), []).append(change)
    return [_thing(group, words) for group in grouped.values()]


def moves_callers(changes: Sequence[Change]) -> bool:
    """Whether any call may end up somewhere else, or be treated differently on the way."""
    return any(
        change.part != "tests" and (change.kind is not Kind.CHANGED or change.field not in TEXT_ONLY)
        for change in changes
    )


def counted(found: Sequence[Thing]) -> str:
    """`2 changed, 1 added`."""
    counts = {kind: sum(1 for thing in found if thing.kind is kind) for kind in Kind}
    return ", ".join(f"{count} {kind.value}" for kind, count in counts.items() if count)


def sentences(changes: Sequence[Change], before: Configuration, after: Configuration) -> list[str]:
    """One for each thing and line of it, where a page has no room for more."""
    said = []
    for thing in things(changes, before, after):
        if thing.kind in (Kind.ADDED, Kind.REMOVED):
            said.append(f"{thing.title} is {thing.kind}.")
        else:
            said += [
                f"{thing.title}: {f'{line.what}: ' if line.what else ''}{line.before} → {line.after}"
                for line in thing.lines
            ]
    return said


_OF_HOURS: Mapping[str, Callable[[Any], str]] = {
    "weekly": lambda value: text_of(Times(week_of(value or {}))),
    "holidays": lambda value: ", ".join(filter(None, (value or {}).values())) or "nothing",
    "exceptions": lambda value: "; ".join(row_in_words(row) for row in rows_from(value or ())) or "nothing",
}


class _Words:
    def __init__(self, before: Configuration, after: Configuration) -> None:
        self.names = {item.id: item.name for item in (*before.destinations, *after.destinations)}
        self.hours = {item.id: item.name for item in (*before.hours, *after.hours)}

    def value(self, field: str, value: Any) -> str:
        if field == "when":
            return self._condition(value)
        if field in {"destination", "default_destination"}:
            return self.names.get(value, plain(value))
        if field == "hours":
            return self.hours.get(value, "always")
        if field == "fallback":
            return self._fallback(value)
        if field == "route":
            routes = [value] if isinstance(value, str) else value or []
            return ", ".join(readable(route) for route in routes) or "nothing"
        if field in _OF_HOURS:
            return _OF_HOURS[field](value)
        return readable_inside(plain(value)) if field in NUMBERS else plain(value)

    def _condition(self, value: Any) -> str:
        try:
            return condition_in_words(CONDITION.validate_python(value) if value else None, self.hours)
        except ValidationError:
            return plain(value)

    def _fallback(self, steps: Any) -> str:
        said = []
        for step in steps or ():
            read = FallbackStep.model_validate(step)
            said.append(f"{when_in_words(read)}: {follows_in_words(read, self.names)}")
        return "; ".join(said) or "nothing"


def _thing(group: Sequence[Change], words: _Words) -> Thing:
    first = group[0]
    kind = Kind.CHANGED if len({change.kind for change in group}) > 1 else first.kind
    title = f"{WORDS.get(first.part, 'Setting')} {first.name}" if first.name else _title(first.field)
    lines = tuple(line for change in group for line in _lines(change, words))
    return Thing(first.part, first.id, first.name, title, kind, lines)


def _title(field: str) -> str:
    title = TITLES.get(field, field.replace("_", " "))
    return title[:1].upper() + title[1:]


def _lines(change: Change, words: _Words) -> list[Line]:
    sides = change.before, change.after
    if change.part == "settings" and any(isinstance(side, Mapping) for side in sides):
        return [Line(*line) for line in lines_of(*sides)]
    return [_line(change, words)]


def _line(change: Change, words: _Words) -> Line:
    if change.kind is Kind.MOVED:
        return Line("place", str(change.before), str(change.after))
    if change.kind in (Kind.ADDED, Kind.REMOVED):
        whole: Mapping[str, Any] = change.after or change.before or {}
        text = "; ".join(
            f"{LABELS.get(name, name.replace('_', ' '))}: {words.value(name, value)}"
            for name, value in whole.items()
            if name in TOLD_OF_A_WHOLE and (value or name == "weekly")
        )
        return Line("", text if change.kind is Kind.REMOVED else "", text if change.kind is Kind.ADDED else "")
    # A setting is its own title.
    label = LABELS.get(change.field, change.field.replace("_", " ")) if change.name else ""
    return Line(label, words.value(change.field, change.before), words.value(change.field, change.after))
