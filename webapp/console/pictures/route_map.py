"""The map of routes: rules on the left, destinations in the middle, what follows when nobody answers on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination, FallbackStep
from handoff_rules.rules import Rule
from webapp.console.pictures.svg import element, picture

MOST = 40
"""Destinations on one map."""
WIDTH, BOX, TALL, GAP, TOP = 900, 250, 34, 12, 26
COLUMNS = (0, 325, 650)


@dataclass(frozen=True, slots=True)
class Box:
    text: str
    column: int
    row: int
    faded: bool = False

    @property
    def middle(self) -> int:
        return TOP + self.row * (TALL + GAP) + TALL // 2


def route_map(configuration: Configuration, rules: Sequence[Rule]) -> Markup:
    """Of these rules. A map of all rules has the destinations too that no rule leads to."""
    others = [item.id for item in configuration.destinations] if len(rules) == len(configuration.rules) else []
    places = _places(configuration, [*[rule.destination for rule in rules], configuration.default_destination, *others])
    lefts = [Box(rule.name, 0, row, not rule.enabled) for row, rule in enumerate(rules)]
    targets = [rule.destination for rule in rules]
    lefts.append(Box("Otherwise", 0, len(rules)))
    targets.append(configuration.default_destination)
    seconds, links = _seconds(places, {item.id: item.name for item in configuration.destinations})
    edges = [_edge(left, places[target][0]) for left, target in zip(lefts, targets, strict=True) if target in places]
    edges += [_edge(places[start][0], end) for start, end in links]
    middles = [box for box, _ in places.values()]
    boxes = [*lefts, *middles, *seconds.values()]
    height = TOP + max(len(lefts), len(middles), len(seconds)) * (TALL + GAP)
    shapes = [*_headings(), *edges, *[shape for box in boxes for shape in _box(box)]]
    return picture(
        "map", width=WIDTH, height=height, title="Where calls go", text=in_words(configuration, rules), shapes=shapes
    )


def in_words(configuration: Configuration, rules: Sequence[Rule]) -> str:
    names = {destination.id: destination.name for destination in configuration.destinations}
    lines = [f"{rule.name} goes to {names.get(rule.destination, rule.destination)}" for rule in rules]
    default = names.get(configuration.default_destination, configuration.default_destination)
    return "; ".join([*lines, f"every other call goes to {default}"]) + "."


def follow_up(step: FallbackStep, names: dict[str, str]) -> str:
    """What one fallback step is, in two or three words."""
    if step.destination:
        return names.get(step.destination, step.destination)
    if step.voicemail:
        return "Voicemail"
    return "A spoken message" if step.say else "Hang up"


def _places(configuration: Configuration, wanted: list[str]) -> dict[str, tuple[Box, Destination]]:
    """The destinations that rules lead to, in the order of the rules, so that lines cross as little as possible."""
    known = configuration.destination_by_id
    chosen = [known[key] for key in dict.fromkeys(wanted) if key in known][:MOST]
    return {item.id: (Box(item.name, 1, row, not item.enabled), item) for row, item in enumerate(chosen)}


def _seconds(
    places: dict[str, tuple[Box, Destination]], names: dict[str, str]
) -> tuple[dict[str, Box], list[tuple[str, Box]]]:
    boxes: dict[str, Box] = {}
    links = []
    for key, (_, destination) in places.items():
        for step in destination.fallback[:1]:
            text = follow_up(step, names)
            boxes.setdefault(text, Box(text, 2, len(boxes)))
            links.append((key, boxes[text]))
    return boxes, links


def _headings() -> list[Markup]:
    words = ("Rule", "Destination", "If nobody takes the call")
    return [element("text", word, x=x + 2, y=14) for word, x in zip(words, COLUMNS, strict=True)]


def _box(box: Box) -> list[Markup]:
    x, y = COLUMNS[box.column], box.middle - TALL // 2
    text = box.text if len(box.text) <= 32 else box.text[:31] + "\u2026"
    name = element("text", text, y=TALL // 2 + 4, class_="" if box.faded else "name")
    return [
        element("rect", x=x + 1, y=y, width=BOX - 2, height=TALL, rx=6, class_="f-box"),
        # A picture of its own ends at its edge: a name of wide letters is cut there, and not by their number alone.
        element("svg", name, x=x + 12, y=y, width=BOX - 16, height=TALL),
    ]


def _edge(start: Box, end: Box) -> Markup:
    x1, x2 = COLUMNS[start.column] + BOX, COLUMNS[end.column]
    bend = (x1 + x2) // 2
    return element(
        "path", d=f"M{x1} {start.middle}C{bend} {start.middle} {bend} {end.middle} {x2} {end.middle}", class_="f-line"
    )
