"""Between a form and the document: field names are paths (`headers/0/value`), so a problem's path is a field's name.

A form is read into a draft: nested dictionaries, lists and strings, exactly as typed. The page is always drawn
from the draft, so nothing typed is lost, whether a row is added, a fault is found or a save is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoff_rules.problems import Problem
from webapp.console.asked import whole_number

MANY = "*"
"""A field whose name ends with it is a list of ticked values: `fallback/0/on*`."""
DEEPEST = 24
Draft = dict[str, Any]


def read_draft(pairs: Iterable[tuple[str, str]]) -> Draft:
    """The draft that a submitted form holds. Rows keep their order and are numbered anew, whatever their names said."""
    tree: Draft = {}
    for name, text in pairs:
        segments = name.split("/")
        if name.startswith("_") or len(segments) > DEEPEST:
            continue
        node = tree
        for segment in segments[:-1]:
            child = node.setdefault(segment, {})
            if not isinstance(child, dict):
                break
            node = child
        else:
            _put(node, segments[-1], text.replace("\r\n", "\n"))
    return {key: _rows(value) for key, value in tree.items()}


def _put(node: Draft, key: str, text: str) -> None:
    if key.endswith(MANY):
        node.setdefault(key[: -len(MANY)], _Ticked()).append(text)
    else:
        node[key] = text


class _Ticked(list[str]):
    """Ticked values: already a list, not rows to be numbered."""


def _rows(value: Any) -> Any:
    """Dictionaries whose keys are all numbers are rows."""
    if not isinstance(value, dict):
        return list(value) if isinstance(value, _Ticked) else value
    read = {key: _rows(item) for key, item in value.items()}
    if read and all(whole_number(key) is not None for key in read):
        return [read[key] for key in sorted(read, key=int)]
    return read


def rearrange(draft: Draft, order: str, new_row: Mapping[str, Any] | None = None) -> None:
    """Carry out what a row's button says, in place: `add:headers`, `remove:headers/0`, `up:…`, `down:…`."""
    verb, _, path = order.partition(":")
    if verb == "add":
        _rows_at(draft, path, create=True).append(dict(new_row or {}))
        return
    holder, _, place = path.rpartition("/")
    rows = _rows_at(draft, holder)
    index = whole_number(place, below=len(rows))
    if index is None:
        return
    if verb == "remove":
        rows.pop(index)
        return
    other = index - 1 if verb == "up" else index + 1
    if verb in {"up", "down"} and 0 <= other < len(rows):
        rows[index], rows[other] = rows[other], rows[index]


def _rows_at(draft: Draft, path: str, *, create: bool = False) -> list[Any]:
    node: Any = draft
    segments = path.split("/")
    for segment in segments[:-1]:
        if isinstance(node, list):
            index = whole_number(segment, below=len(node))
            node = {} if index is None else node[index]
        else:
            node = node.get(segment, {})
    if not isinstance(node, dict):
        return []
    rows = node.get(segments[-1])
    if isinstance(rows, list):
        return rows
    fresh: list[Any] = []
    if create:
        node[segments[-1]] = fresh
    return fresh


def without_blanks(value: Any) -> Any:
    """A copy in which what was left empty does not exist: a blank field means "not said", never an empty text."""
    if isinstance(value, Mapping):
        cleaned = {key: without_blanks(item) for key, item in value.items()}
        return {key: item for key, item in cleaned.items() if item not in ("", None, {}, [])}
    if isinstance(value, list):
        return [without_blanks(item) for item in value]
    return value.strip() if isinstance(value, str) else value


def as_typed(value: Any) -> Any:
    """A document's value as the strings that a form shows."""
    if isinstance(value, Mapping):
        return {key: as_typed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_typed(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else ""
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Form:
    """A draft with the problems found in it, each at the field that it is about."""

    draft: Draft
    problems: tuple[Problem, ...] = ()
    by_field: Mapping[str, Problem] = field(default_factory=dict)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "warning"]

    def fault(self, name: str) -> Problem | None:
        return self.by_field.get(name)

    def typed(self, name: str) -> Any:
        """What stands in the field of this name; an empty text when there is none."""
        node: Any = self.draft
        for segment in name.removesuffix(MANY).split("/"):
            index = whole_number(segment, below=len(node)) if isinstance(node, list) else None
            if index is not None:
                node = node[index]
            elif isinstance(node, dict):
                node = node.get(segment, "")
            else:
                return ""
        return node


Rename = Callable[[str], str]
"""Turns a path of the document (below the thing that is edited) into the name of the field that stands for it."""


def aliases(*pairs: tuple[str, str]) -> Rename:
    """Patterns of paths and the field that stands for them, first match wins; other paths are their own field."""
    compiled = [(re.compile(pattern), target) for pattern, target in pairs]

    def rename(path: str) -> str:
        return next((pattern.sub(target, path) for pattern, target in compiled if pattern.fullmatch(path)), path)

    return rename


def form_with(draft: Draft, problems: Sequence[Problem], *, root: str, renamed: Rename = str) -> Form:
    """Attach the problems under `root` (`destinations/3`) to fields; the first error at a field is the one it shows.

    Errors elsewhere in the document keep no field: they stand in the summary alone. Warnings elsewhere are left out,
    because they stood there before and would bury what is to be mended here.
    """
    placed: dict[str, Problem] = {}
    kept = []
    for problem in problems:
        path = _below(problem.path, root)
        if problem.severity == "warning" and _is_elsewhere(problem.path, path):
            continue
        name = renamed(path) if path else ""
        message, fix = _of_a_form(name, draft, problem)
        moved = Problem(path=name, message=message, fix=fix, severity=problem.severity)
        kept.append(moved)
        if name and (name not in placed or (placed[name].severity, problem.severity) == ("warning", "error")):
            placed[name] = moved
    return Form(draft, tuple(kept), placed)


PARTS = ("destinations", "rules", "hours", "tests")
"""Of the document, whose things have forms of their own."""


def _is_elsewhere(whole: str, below: str | None) -> bool:
    return below is None or (below == whole and whole.partition("/")[0] in PARTS)


EMPTY = ("The text is empty.", "\u201c\u201d ", "`")
"""How the document's words about a key that says nothing begin; other faults of an empty field say what it needs."""


def _of_a_form(name: str, draft: Draft, problem: Problem) -> tuple[str, str]:
    """A person who left a field empty hears of the field, and not of a key of the document."""
    if problem.severity == "error" and name and not Form(draft).typed(name) and problem.message.startswith(EMPTY):
        return f"{name.rpartition('/')[2].replace('_', ' ').capitalize()} is empty.", "Fill it in."
    return problem.message, problem.fix


def _below(path: str, root: str) -> str | None:
    if not root or path == root:
        return path if not root else ""
    return path.removeprefix(f"{root}/") if path.startswith(f"{root}/") else None


def lines_of(text: str) -> list[str]:
    """One entry for each line or comma, without blanks: how a form takes a list of short values."""
    return [entry for entry in (part.strip() for part in re.split(r"[\n,]", text)) if entry]
