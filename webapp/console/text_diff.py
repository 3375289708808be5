"""Two YAML documents side by side and line by line, with the changed words marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from typing import Any, Literal

from webapp.configurations.yaml_file import write_yaml

MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class TextLine:
    kind: Literal["same", "add", "del", "skip"]
    text: str


def yaml_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[TextLine]:
    """The unified difference, three lines of surroundings each."""
    old, new = (write_yaml(document, schema=None).splitlines() for document in (before, after))
    found = []
    for line in list(unified_diff(old, new, lineterm="", n=3))[2 : MOST_LINES + 2]:
        kind: Literal["same", "add", "del", "skip"] = {"+": "add", "-": "del", "@": "skip"}.get(line[:1], "same")  # type: ignore[assignment]
        found.append(TextLine(kind, "\u2026" if kind == "skip" else line[1:]))
    return found


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


def side_by_side(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Pair]:
    old, new = (write_yaml(document, schema=None).splitlines() for document in (before, after))
    pairs: list[Pair] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(3):
        for tag, left, left_end, right, right_end in group:
            rows = max(left_end - left, right_end - right)
            for row in range(rows):
                one = old[left + row] if left + row < left_end else ""
                two = new[right + row] if right + row < right_end else ""
                pairs.append(_pair(one, two, changed=tag != "equal"))
        pairs.append(Pair((Part("\u2026", False),), (Part("\u2026", False),), False))
    return pairs[:-1][:MOST_LINES]


def _pair(one: str, two: str, *, changed: bool) -> Pair:
    if not changed:
        return Pair((Part(one, False),), (Part(two, False),), False)
    left, right = [], []
    for tag, start, end, start2, end2 in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if end > start:
            left.append(Part(one[start:end], tag != "equal"))
        if end2 > start2:
            right.append(Part(two[start2:end2], tag != "equal"))
    return Pair(tuple(left), tuple(right), True)
