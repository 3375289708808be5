"""Changed things as YAML, side by side and line by line, with the changed words marked.

Only what changed is written and compared, thing by thing: whole documents of a thousand rules took seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from typing import Any, Literal

from handoff_rules.diff import LISTS
from webapp.configurations.yaml_file import write_yaml
from webapp.console.change_words import Thing

MOST_LINES, LONGEST = 400, 400
"""Of one thing, and of one line: beyond them every line counts as changed, and a line is marked as a whole."""

Kind = Literal["same", "add", "del", "skip"]
KINDS: Mapping[str, Kind] = {"+": "add", "-": "del", "@": "skip"}


@dataclass(frozen=True, slots=True)
class TextLine:
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of the side-by-side view; parts say which words differ."""

    left: tuple[Part, ...]
    right: tuple[Part, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One changed thing, with its lines for one of the two views; both are empty when only its place changed."""

    thing: Thing
    lines: tuple[TextLine, ...] = ()
    pairs: tuple[Pair, ...] = ()


def yaml_lines(found: Iterable[Thing], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Compared]:
    """The unified difference of each thing, three lines of surroundings each."""
    compared = []
    for thing, old, new in _texts(found, before, after):
        lines = list(unified_diff(old, new, lineterm="", n=3))[2:]
        told = (TextLine(KINDS.get(line[:1], "same"), "\u2026" if line[:1] == "@" else line[1:]) for line in lines)
        compared.append(Compared(thing, lines=tuple(told)))
    return compared


def side_by_side(found: Iterable[Thing], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Compared]:
    return [Compared(thing, pairs=tuple(_pairs(old, new))) for thing, old, new in _texts(found, before, after)]


def _texts(
    found: Iterable[Thing], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterable[tuple[Thing, list[str], list[str]]]:
    indexes = [_index(before), _index(after)]
    for thing in found:
        key = (thing.part, thing.id)
        old, new = ([] if key not in index else _lines(index[key]) for index in indexes)
        yield thing, old, new


def _index(document: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """Every named thing and setting by the part and id that a change names it with (`handoff_rules.diff`)."""
    index: dict[tuple[str, str], Any] = {}
    for key, value in document.items():
        if key in LISTS:
            index |= {(key, str(item.get("id", item.get("name")))): item for item in value}
        elif key == "variables":
            index |= {(key, name): {name: about} for name, about in value.items()}
        else:
            index["settings", key] = {key: value}
    return index


def _lines(value: Any) -> list[str]:
    lines = write_yaml(value, schema=None).splitlines()
    return lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], "\u2026"]


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterable[Pair]:
    groups = list(SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(3))
    for place, group in enumerate(groups):
        if place:
            yield Pair((Part("\u2026", False),), (Part("\u2026", False),), False)
        for tag, left, left_end, right, right_end in group:
            for row in range(max(left_end - left, right_end - right)):
                one = old[left + row] if left + row < left_end else ""
                two = new[right + row] if right + row < right_end else ""
                yield _pair(one, two, changed=tag != "equal")


def _pair(one: str, two: str, *, changed: bool) -> Pair:
    if not changed or max(len(one), len(two)) > LONGEST:
        return Pair((Part(one, changed),), (Part(two, changed),), changed)
    left, right = [], []
    for tag, start, end, start2, end2 in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if end > start:
            left.append(Part(one[start:end], tag != "equal"))
        if end2 > start2:
            right.append(Part(two[start2:end2], tag != "equal"))
    return Pair(tuple(left), tuple(right), True)
