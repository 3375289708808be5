"""Looking further into a faulty document: its sound parts are checked too, so that all faults show in one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from handoff_rules.problems import Problem, errors_in

Place = tuple[str, ...]
"""A path of the document in its parts."""
Places = dict[Place, list[int]]
"""For the place of a shortened list, in the whole document: the indexes that were kept."""
STAND_IN = {"id": "stand-in", "name": "Stand-in", "method": "INVITE", "route": "sip:stand-in@example.com"}
"""Takes the place of a part without which there is no configuration at all; nothing is reported about it."""


def without_faulty_parts(
    document: Mapping[str, Any], faults: Sequence[Problem], *, whole_entries: bool
) -> tuple[dict[str, Any], Places]:
    """A document without what has a fault, and where the items of each shortened list were.

    Dropped is the innermost item of a list that holds the fault (one exception of a schedule, one step of a ladder) or,
    with `whole_entries`, the outermost (the schedule); a setting that is in no list goes as a whole.
    """
    dropped = {_part_with(fault.path.split("/"), document, whole_entries) for fault in faults}
    touched = {part[:length] for part in dropped for length in range(len(part))}
    places: Places = {}
    left = {key: value for key, value in document.items() if (key,) not in dropped}
    kept = {key: _kept(value, (key,), dropped, touched, places) for key, value in left.items()}
    if not kept.get("destinations"):
        kept["destinations"], places["destinations",] = [STAND_IN], []
    return {"schema": 1, "name": "-", "default_destination": "stand-in", **kept}, places


def _part_with(path: Sequence[str], document: Any, whole_entries: bool) -> Place:
    """The part of the document to leave out for a fault at this path."""
    value, items = document, [1]
    for length, part in enumerate(path, 1):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list | tuple) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
            items.append(length)
        else:
            break
    return tuple(path[: items[-1]] if not whole_entries else path[: items[1]] if items[1:] else path[:1])


def _kept(value: Any, place: Place, dropped: Set[Place], touched: Set[Place], places: Places) -> Any:
    if place not in touched:
        return value
    if isinstance(value, Mapping):
        return {key: _kept(item, (*place, key), dropped, touched, places) for key, item in value.items()}
    left = [index for index in range(len(value)) if (*place, str(index)) not in dropped]
    places[place] = left
    return [_kept(value[index], (*place, str(index)), dropped, touched, places) for index in left]


def errors_at_their_places(problems: Sequence[Problem], places: Places) -> list[Problem]:
    """The errors with the paths of the whole document. Warnings are left out: they may come from what is missing."""
    there = [(problem, _place_before(problem.path.split("/"), places)) for problem in errors_in(problems)]
    return [Problem("/".join(place), problem.message, problem.fix) for problem, place in there if place is not None]


def _place_before(path: Sequence[str], places: Places) -> Place | None:
    """Where this part was before others were left out; None for what stands in for a missing part."""
    place: Place = ()
    for part in path:
        left = places.get(place)
        if left is None or not part.isdigit():
            place = (*place, part)
        elif int(part) < len(left):
            place = (*place, str(left[int(part)]))
        else:
            return None
    return place
