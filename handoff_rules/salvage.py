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
NAMED = frozenset({"destinations", "rules", "hours"})
NEVER_ALONE = frozenset({"id", "method"})
"""What the other keys of a destination are judged by: without one of these the whole destination is left out."""


def without_faulty_parts(
    document: Mapping[str, Any], faults: Sequence[Problem], *, whole_entries: bool
) -> tuple[dict[str, Any], Places]:
    """A document without what has a fault, and where the items of each shortened list were.

    Dropped is the innermost item of a list that holds the fault (one exception of a schedule, one step of a ladder) or,
    with `whole_entries`, the outermost (the schedule); a setting that is in no list goes as a whole. Of a destination a
    faulty key goes alone where the rest can be judged without it, and a faulty name is stood in for.
    """
    dropped = {_part_with(fault.path.split("/"), document, whole_entries) for fault in faults}
    touched = {part[:length] for part in dropped for length in range(len(part))}
    places: Places = {}
    kept: dict[str, Any] = _kept(document, (), dropped, touched, places)
    if not kept.get("destinations"):
        kept["destinations"], places["destinations",] = [STAND_IN], []
    return {"schema": 1, "name": "-", "default_destination": "stand-in", **kept}, places


def _part_with(path: Sequence[str], document: Any, whole_entries: bool) -> Place:
    """The part of the document to leave out for a fault at this path."""
    value, items = document, [1]
    if _can_go_alone(path):
        return tuple(path)
    for length, part in enumerate(path, 1):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list | tuple) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
            items.append(length)
        else:
            break
    return tuple(path[: items[-1]] if not whole_entries else path[: items[1]] if items[1:] else path[:1])


def _can_go_alone(path: Sequence[str]) -> bool:
    """Whether the rest of a named thing can be judged without this key of it (`destinations/0/ring_seconds`)."""
    if len(path) != 3:
        return False
    part, _, key = path
    return (key == "name" and part in NAMED) or (part == "destinations" and key not in NEVER_ALONE)


def _kept(value: Any, place: Place, dropped: Set[Place], touched: Set[Place], places: Places) -> Any:
    if place not in touched:
        return value
    if isinstance(value, Mapping):
        left_keys = {key: item for key, item in value.items() if (*place, key) not in dropped}
        kept = {key: _kept(item, (*place, key), dropped, touched, places) for key, item in left_keys.items()}
        return kept | {"name": STAND_IN["name"]} if (*place, "name") in dropped and place else kept
    left = [index for index in range(len(value)) if (*place, str(index)) not in dropped]
    places[place] = left
    return [_kept(value[index], (*place, str(index)), dropped, touched, places) for index in left]


def errors_at_their_places(problems: Sequence[Problem], places: Places, faults: Sequence[Problem]) -> list[Problem]:
    """The errors with the paths of the whole document. Warnings are left out, and errors where a fault was reported:
    they may come from what is missing."""
    reported = {fault.path for fault in faults}
    there = [(problem, _place_before(problem.path.split("/"), places)) for problem in errors_in(problems)]
    found = [Problem("/".join(place), problem.message, problem.fix) for problem, place in there if place is not None]
    return [problem for problem in found if problem.path not in reported]


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
