"""Looking further into a faulty document: its sound parts are checked too, so that all faults show in one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handoff_rules.problems import Problem, errors_in

LISTS = ("destinations", "rules", "hours", "tests")
STAND_IN = {"id": "stand-in", "name": "Stand-in", "method": "INVITE", "route": "sip:stand-in@example.com"}
"""Takes the place of a part without which there is no configuration at all; nothing is reported about it."""


def without_faulty_parts(
    document: Mapping[str, Any], faults: Sequence[Problem]
) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """A document that holds only entries and settings without a fault, and for each list where its entries were."""
    faulty = {tuple(fault.path.split("/")[:2]) for fault in faults} | {
        tuple(fault.path.split("/")[:1]) for fault in faults if fault.path.split("/")[0] not in LISTS
    }
    kept: dict[str, Any] = {}
    places: dict[str, list[int]] = {}
    for key, value in document.items():
        if (key,) in faulty:
            continue
        if key in LISTS and isinstance(value, list | tuple):
            places[key] = [index for index in range(len(value)) if (key, str(index)) not in faulty]
            kept[key] = [value[index] for index in places[key]]
        else:
            kept[key] = value
    if not kept.get("destinations"):
        kept["destinations"], places["destinations"] = [STAND_IN], []
    return {"schema": 1, "name": "-", "default_destination": "stand-in", **kept}, places


def errors_at_their_places(problems: Sequence[Problem], places: Mapping[str, list[int]]) -> list[Problem]:
    """The errors with the paths of the whole document. Warnings are left out: they may come from what is missing."""
    found: list[Problem] = []
    for problem in errors_in(problems):
        part, _, rest = problem.path.partition("/")
        if part in places:
            index, slash, inner = rest.partition("/")
            if not index.isdigit() or int(index) >= len(places[part]):
                continue
            found.append(Problem(f"{part}/{places[part][int(index)]}{slash}{inner}", problem.message, problem.fix))
        else:
            found.append(problem)
    return found
