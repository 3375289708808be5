"""Looking further into a faulty document: its sound parts are checked too, so that all faults show in one run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from handoff_rules.problems import Problem, errors_in

Place = tuple[str, ...]
"""A path of the document in its parts."""
Places = dict[Place, list[int]]
"""For the place of a shortened list, in the whole document: the indexes that were kept."""
STAND_IN = {"id": "stand-in", "name": "Stand-in", "method": "INVITE", "route": "sip:stand-in@example.com"}
"""Takes the place of a part without which there is no configuration at all, and of what a rule names in vain; nothing
is reported about it."""
DECIDES = frozenset({"method", "kind"})
"""Keys that say what the keys beside them mean: without one of these nothing can be said about the others."""


def filled(document: Mapping[str, Any], paths: Iterable[str]) -> tuple[Mapping[str, Any], set[str]]:
    """A document in which an entry with a fault in its name or id, or without one, has a made up one, as a rule has a
    destination; and at which of these paths it has."""
    made_up = set()
    for number, path in enumerate(paths):
        *parents, key = path.split("/")
        leads_nowhere = key == "destination" and len(parents) == 2 and parents[0] == "rules"
        if leads_nowhere or (key in ("id", "name") and parents):
            more = _with(document, parents, key, STAND_IN["id"] if leads_nowhere else f"stand-in-{number}")
            if more is not document:
                document = more
                made_up.add(path)
    return document, made_up


def _with(value: Any, path: Sequence[str], key: str, text: str) -> Any:
    """The value with this text at the end of the path, the value itself where there is no such place."""
    if not path:
        return {**value, key: text} if isinstance(value, Mapping) else value
    part, *rest = path
    if isinstance(value, Mapping) and part in value:
        inner = _with(value[part], rest, key, text)
        return value if inner is value[part] else {**value, part: inner}
    if isinstance(value, list | tuple) and part.isdigit() and int(part) < len(value):
        inner = _with(value[int(part)], rest, key, text)
        return value if inner is value[int(part)] else [*value[: int(part)], inner, *value[int(part) + 1 :]]
    return value


def part_with(path: Sequence[str], document: Any, *, as_little_as_possible: bool = False) -> Place:
    """The part of the document to leave out for a fault at this path: the innermost item of a list that holds it (one
    exception of a schedule, one step of a ladder), where nothing more is known the key alone (its ring time). A
    setting that is in no list goes as a whole."""
    value, items = document, [1]
    for length, part in enumerate(path, 1):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list | tuple) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
            items.append(length)
        else:
            break
    else:
        if as_little_as_possible and path[-1] not in DECIDES:
            return tuple(path)
    return tuple(path[: items[-1]])


def without(document: Mapping[str, Any], dropped: Set[Place]) -> tuple[dict[str, Any], Places]:
    """A document without these parts, and where the items of each shortened list were."""
    touched = {part[:length] for part in dropped for length in range(len(part))}
    places: Places = {}
    left = {key: value for key, value in document.items() if (key,) not in dropped}
    kept = {key: _kept(value, (key,), dropped, touched, places) for key, value in left.items()}
    destinations = kept.get("destinations") or ()
    if isinstance(destinations, list | tuple):
        places.setdefault(("destinations",), list(range(len(destinations))))
        kept["destinations"] = [*destinations, STAND_IN]
    return {"schema": 1, "name": "-", "default_destination": "stand-in", **kept}, places


def _kept(value: Any, place: Place, dropped: Set[Place], touched: Set[Place], places: Places) -> Any:
    if place not in touched:
        return value
    if isinstance(value, Mapping):
        left = {key: item for key, item in value.items() if (*place, key) not in dropped}
        return {key: _kept(item, (*place, key), dropped, touched, places) for key, item in left.items()}
    left_over = [index for index in range(len(value)) if (*place, str(index)) not in dropped]
    places[place] = left_over
    return [_kept(value[index], (*place, str(index)), dropped, touched, places) for index in left_over]


def errors_at_their_places(problems: Iterable[Problem], places: Places) -> list[Problem]:
    """The errors with the paths of the whole document. Warnings are left out: they may come from what is missing."""
    there = [(problem, place_before(problem.path.split("/"), places)) for problem in errors_in(problems)]
    return [Problem("/".join(place), problem.message, problem.fix) for problem, place in there if place is not None]


def is_item_around(path: str, faults: Iterable[str]) -> bool:
    """Whether one of the faults stands inside this item of a list: an error of the whole item may come from what was
    left out, such as an exception of hours with neither `closed` nor a window that can be read."""
    return path.rpartition("/")[2].isdigit() and any(fault.startswith(f"{path}/") for fault in faults)


def place_before(path: Sequence[str], places: Places) -> Place | None:
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
