"""What is different between two configurations, as changes of named things that people recognise."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from handoff_rules.configuration import Configuration, Variable
from handoff_rules.destinations import Destination
from handoff_rules.hours import Hours
from handoff_rules.model import Model
from handoff_rules.rules import Rule
from handoff_rules.saved_tests import SavedTest


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `part` is the list or section it is in, `id` and `name` the thing, `field` what of it.

    `before` and `after` are plain values of the document (None: not there); a moved thing has its places, from 1.
    """

    part: str
    kind: Kind
    id: str
    name: str
    field: str = ""
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        thing = f"{WORDS.get(self.part, self.part)} \u201c{self.name}\u201d" if self.name else "The configuration"
        match self.kind:
            case Kind.ADDED | Kind.REMOVED:
                return f"{thing} is {self.kind}."
            case Kind.MOVED:
                return f"{thing} moves from place {self.before} to place {self.after}."
            case _:
                field = self.field.replace("_", " ")
                return f"{thing}: {field} changes from {plain(self.before)} to {plain(self.after)}."

    def to_plain(self) -> dict[str, Any]:
        """For JSON: the same fields, and the sentence. A whole thing as a document has it, without its defaults."""
        tell = self._as_written if self.kind in (Kind.ADDED, Kind.REMOVED) else _set
        both = {"before": tell(self.before), "after": tell(self.after)}
        return {**asdict(self), **both, "kind": self.kind.value, "sentence": str(self)}

    def _as_written(self, thing: Any) -> Any:
        if thing is None:
            return None
        read = THINGS[self.part].model_validate(thing)
        return read.model_dump(mode="json", by_alias=True, exclude_defaults=True)


THINGS: Mapping[str, type[Model]] = {
    "destinations": Destination, "rules": Rule, "hours": Hours, "variables": Variable, "tests": SavedTest,
}  # fmt: skip
WORDS = {"destinations": "Destination", "rules": "Rule", "hours": "Hours", "variables": "Variable", "tests": "Test"}
LISTS = ("destinations", "rules", "hours", "tests")
ORDERED = ("rules",)
"""Only here does the order decide anything: the first rule that matches wins."""


def diff(before: Configuration, after: Configuration) -> list[Change]:
    """Every difference, things in the order of the document, rules by their place. Equal configurations give none."""
    if before == after:
        return []
    old, new = _dump(before), _dump(after)
    found: list[Change] = []
    for key in new:
        if key in LISTS:
            found += _of_list(key, old[key], new[key])
        elif key == "variables":
            found += _of_mapping(key, old[key], new[key])
        elif old[key] != new[key]:
            found.append(Change("settings", Kind.CHANGED, key, "", key, old[key], new[key]))
    return found


def plain(value: Any) -> str:
    """A value in a sentence: short, and a missing one is `nothing`."""
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {plain(item)}" for key, item in value.items() if item not in (None, "", [], {}))
    if isinstance(value, list | tuple):
        return "; ".join(plain(item) for item in value)
    return str(value)


def _set(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _set(item) for key, item in value.items() if item is not None}
    return [_set(item) for item in value] if isinstance(value, list | tuple) else value


def _dump(configuration: Configuration) -> dict[str, Any]:
    return configuration.model_dump(mode="json", by_alias=True)


def _of_list(part: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterator[Change]:
    before, after = _by_identity(old), _by_identity(new)
    for identity, thing in before.items():
        if identity not in after:
            yield Change(part, Kind.REMOVED, identity, thing["name"], before=thing)
    for identity, thing in after.items():
        if identity not in before:
            yield Change(part, Kind.ADDED, identity, thing["name"], after=thing)
            continue
        for field in thing:
            was = before[identity].get(field)
            if was != thing[field]:
                yield Change(part, Kind.CHANGED, identity, thing["name"], field, was, thing[field])
    if part in ORDERED:
        yield from _moves(part, list(before), list(after), after)


def _of_mapping(part: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in [*old, *(name for name in new if name not in old)]:
        was, now = old.get(name), new.get(name)
        if was is None or now is None:
            yield Change(part, Kind.ADDED if was is None else Kind.REMOVED, name, name, before=was, after=now)
            continue
        for field in now:
            if was.get(field) != now[field]:
                yield Change(part, Kind.CHANGED, name, name, field, was.get(field), now[field])


def _by_identity(things: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Saved tests have no id: their name is what they are known by."""
    return {str(thing.get("id", thing["name"])): thing for thing in things}


def _moves(part: str, old: list[str], new: list[str], things: Mapping[str, Mapping[str, Any]]) -> Iterator[Change]:
    """The fewest things that moved: all that stay in the longest run of unchanged order did not."""
    was = {identity: place for place, identity in enumerate(old)}
    common = [(identity, place) for place, identity in enumerate(new) if identity in was]
    still = _longest_rising([was[identity] for identity, _ in common])
    for number, (identity, place) in enumerate(common):
        if number not in still:
            name = things[identity]["name"]
            yield Change(part, Kind.MOVED, identity, name, "place", was[identity] + 1, place + 1)


def _longest_rising(values: Sequence[int]) -> set[int]:
    """The places of a longest rising run (patience sorting, n log n)."""
    tops: list[int] = []
    top_places: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        pile = bisect_left(tops, value)
        before.append(top_places[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [value]
        top_places[pile : pile + 1] = [place]
    kept: set[int] = set()
    place = top_places[-1] if top_places else -1
    while place >= 0:
        kept.add(place)
        place = before[place]
    return kept
