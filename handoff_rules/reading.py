"""Reading a document: its bounds first, then pydantic's errors as problems with the paths that the document has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from handoff_rules.problems import Problem
from handoff_rules.wording import Fault, words_for

MAX_NESTING = 64
MAX_NODES = 1_000_000
MAX_PROBLEMS = 500
"""Nobody mends five hundred faults from one list; the rest is counted."""

ABSENT = object()


def bounds_faults(document: object) -> list[Problem]:
    """What makes a document unfit to be looked at any closer: not a mapping, too deep, too large, a key not text."""
    if not isinstance(document, Mapping):
        return [Problem("", "The document is not a mapping of keys to values.", "Begin it with `schema: 1`.")]
    pending: list[tuple[object, str, int]] = [(document, "", 0)]
    nodes = 0
    while pending:
        value, path, depth = pending.pop()
        nodes += 1
        if depth > MAX_NESTING:
            return [Problem(path[:100], f"The document is nested deeper than {MAX_NESTING} levels.", "Flatten it.")]
        if nodes + len(pending) > MAX_NODES:
            return [Problem("", f"The document has more than {MAX_NODES:,} values.", "Split it, or leave parts out.")]
        if isinstance(value, str):
            continue  # Most values are texts, and asking for abstract types costs more.
        if isinstance(value, Mapping):
            if not all(isinstance(key, str) for key in value):
                return [Problem(path, "A key is not text.", "Write every key as text, in quotes if need be.")]
            pending.extend((item, _join(path, key[:80]), depth + 1) for key, item in value.items())
        elif isinstance(value, list | tuple):
            pending.extend((item, _join(path, str(index)), depth + 1) for index, item in enumerate(value))
    return []


def _join(path: str, key: str) -> str:
    return f"{path}/{key}" if path else key


def faults_of(error: ValidationError, model: type[BaseModel], document: Mapping[str, Any]) -> list[Problem]:
    """Pydantic's errors as problems, one for each place, in the order of the models."""
    errors = error.errors(include_url=False, include_input=False)
    problems: dict[str, Problem] = {}
    lists: set[str] = set()
    for details in errors[: 4 * MAX_PROBLEMS]:
        parts, value = place_in(document, details["loc"], missing=details["type"] == "missing")
        if details["type"] == "too_short" and _is_long_enough(value, details.get("ctx", {})):
            continue  # Only what was left after other faults is too short, and those are reported.
        path = "/".join(str(part) for part in parts)
        if path not in problems and details["type"] == "string_type" and isinstance(value, list | tuple):
            lists.add(path)
        fault = Fault(details["type"], details["msg"], details.get("ctx", {}), details["loc"], value, model)
        message, fix = words_for(fault)
        if path not in problems or path in lists:  # What is wrong with a list says more than that it is no text.
            problems[path] = Problem(path, message, fix)
    for path in lists:  # Where one text or a list of texts may stand, a list with a faulty member is a list.
        if any(other.startswith(f"{path}/") for other in problems):
            del problems[path]
    found = list(problems.values())[:MAX_PROBLEMS]
    if len(errors) > 4 * MAX_PROBLEMS or len(problems) > MAX_PROBLEMS:
        found.append(Problem("", f"There are more than {MAX_PROBLEMS} faults.", "Mend these first."))
    return found


def place_in(document: Any, location: Sequence[int | str], *, missing: bool) -> tuple[list[int | str], Any]:
    """The path as the document has it, and the value there. Pydantic also names the members of unions and `[key]`
    in its locations; what the document does not have is such a name, except the last part when a key is missing."""
    parts: list[int | str] = []
    value = document
    for part in location:
        inner = _step(value, part)
        if inner is not ABSENT:
            parts.append(part)
            value = inner
    if missing:
        parts.append(location[-1])
        value = None
    return parts, value


def _step(value: Any, part: int | str) -> Any:
    if isinstance(value, Mapping) and isinstance(part, str):
        return value.get(part, ABSENT)
    if isinstance(value, list | tuple) and isinstance(part, int) and part < len(value):
        return value[part]
    return ABSENT


def _is_long_enough(value: Any, context: Mapping[str, Any]) -> bool:
    return isinstance(value, Mapping | list | tuple) and len(value) >= int(context.get("min_length", 0))
