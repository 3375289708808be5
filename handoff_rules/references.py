"""Names that must exist: duplicate ids and references to nothing, read from the plain document, whole or faulty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from handoff_rules.problems import Problem
from handoff_rules.suggestions import shown, suggestion

WORDS = {"destinations": "destination", "rules": "rule", "hours": "set of hours"}


def reference_faults(document: Mapping[str, Any]) -> list[Problem]:
    """Never raises, whatever the document holds: what has the wrong shape is somebody else's to report."""
    ids = {part: [entry["id"] for _, entry in _entries(document, part) if _is_text(entry.get("id"))] for part in WORDS}
    known = {part: set(names) for part, names in ids.items()}
    problems = list(_duplicates(document))
    for path, part, name in _references(document):
        if _is_text(name) and name not in known[part]:
            word = WORDS[part]
            fix = suggestion(name, ids[part], f"Add a {word} with this id, or name one that there is.")
            problems.append(Problem(path, f"There is no {word} {shown(name)}.", fix))
    return problems


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _entries(document: Any, part: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The mappings of a list with their paths; anything else there is passed over."""
    found = document.get(part) if isinstance(document, Mapping) else None
    if isinstance(found, Sequence) and not isinstance(found, str):
        for index, entry in enumerate(found):
            if isinstance(entry, Mapping):
                yield f"{part}/{index}", entry


def _duplicates(document: Mapping[str, Any]) -> Iterator[Problem]:
    for part, word in WORDS.items():
        seen: dict[str, str] = {}
        for path, entry in _entries(document, part):
            identifier = entry.get("id")
            if not isinstance(identifier, str):
                continue
            if identifier in seen:
                message = f"{shown(identifier)} is the id of {seen[identifier]} already."
                yield Problem(f"{path}/id", message, f"Give this {word} an id of its own.")
            seen.setdefault(identifier, path)


def _references(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Path, part and name of each reference."""
    if "default_destination" in document:
        yield "default_destination", "destinations", document["default_destination"]
    for path, destination in _entries(document, "destinations"):
        yield f"{path}/hours", "hours", destination.get("hours")
        for step_path, step in _entries(destination, "fallback"):
            yield f"{path}/{step_path}/destination", "destinations", step.get("destination")
    for path, rule in _entries(document, "rules"):
        yield f"{path}/destination", "destinations", rule.get("destination")
        yield from _in_condition(f"{path}/when", rule.get("when"))
    for path, test in _entries(document, "tests"):
        yield from _in_expectation(f"{path}/expect", test.get("expect"))
        call = test.get("call")
        if isinstance(call, Mapping):
            yield from _in_list(f"{path}/call/failing", "destinations", call.get("failing"))


def _in_condition(path: str, condition: Any) -> Iterator[tuple[str, str, Any]]:
    """With a list of its own instead of recursion: nothing has yet bounded the depth."""
    pending = [(path, condition)]
    while pending:
        path, condition = pending.pop()
        if not isinstance(condition, Mapping):
            continue
        if "variable" not in condition:
            yield f"{path}/hours", "hours", condition.get("hours")
        pending.append((f"{path}/not", condition.get("not")))
        for word in ("all", "any"):
            pending.extend((f"{path}/{inner}", child) for inner, child in _entries(condition, word))


def _in_expectation(path: str, expectation: Any) -> Iterator[tuple[str, str, Any]]:
    if not isinstance(expectation, Mapping):
        return
    yield f"{path}/rule", "rules", expectation.get("rule")
    yield from _in_list(f"{path}/path", "destinations", expectation.get("path"))


def _in_list(path: str, part: str, names: Any) -> Iterator[tuple[str, str, Any]]:
    if isinstance(names, Sequence) and not isinstance(names, str):
        for index, name in enumerate(names):
            yield f"{path}/{index}", part, name
