"""How long callers heard ringing before somebody answered, as a histogram."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from markupsafe import Markup

from webapp.console.pictures.svg import element, picture

EDGES = (0, 5, 10, 15, 20, 30, 45, 60, 601)
"""Seconds. A European or American ring cycle is five to six seconds, so five is about one ring."""
WIDTH, HEIGHT, FLOOR = 312, 140, 118
"""As wide as a phone has room: a picture that is scrolled hides its slow calls."""


def ring_time(seconds: Sequence[float]) -> Markup:
    """A bar for each span of waiting, with its shortest wait below its left side; the last one is open."""
    counts = [sum(1 for value in seconds if low <= value < high) for low, high in pairwise(EDGES)]
    most, step = max(counts) or 1, WIDTH / len(counts)
    shapes = [element("path", d=f"M0 {FLOOR}H{WIDTH}", class_="f-grid")]
    for place, count in enumerate(counts):
        middle, height = (place + 0.5) * step, count / most * (FLOOR - 24)
        if count:
            bar = {"x": place * step + 4, "y": FLOOR - height, "width": step - 8, "height": height}
            shapes.append(element("rect", **bar, class_="f-accent"))
            shapes.append(element("text", str(count), x=middle, y=FLOOR - height - 5, text_anchor="middle"))
        anchor = "middle" if place else "start"
        shapes.append(element("text", str(EDGES[place]), x=place * step, y=FLOOR + 18, text_anchor=anchor))
    title = "Ring time before an answer"
    return picture(
        "ring-time", narrow=True, width=WIDTH, height=HEIGHT, title=title, text=in_words(seconds), shapes=shapes
    )


def in_words(seconds: Sequence[float]) -> str:
    if not seconds:
        return "No answered calls yet."
    slow = sum(1 for value in seconds if value >= 30)
    half = f"Half of the answered calls rang for less than {median(seconds):.0f} seconds"
    return f"{half}; {slow} of {len(seconds)} rang for 30 or more."
