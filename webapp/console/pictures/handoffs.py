"""Handoffs per hour by outcome, as stacked bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from webapp.console.pictures.svg import element, picture

WIDTH, HEIGHT, FLOOR, LEFT = 344, 140, 118, 34
"""As wide as a phone has room."""
HALF_LABEL = 18


@dataclass(frozen=True, slots=True)
class Hour:
    """What became of the calls that began in the hour from `start`, a time in the site's zone.

    In `left` ones the caller hung up first, or nothing has told the end yet.
    """

    start: datetime
    answered: int
    elsewhere: int
    left: int
    failed: int

    @property
    def total(self) -> int:
        return self.answered + self.elsewhere + self.left + self.failed


def handoffs_per_hour(hours: Sequence[Hour]) -> Markup:
    """Stacked bars: answered at the bottom, then voicemail and messages, then left ones, then failed on top."""
    most = max((hour.total for hour in hours), default=0) or 1
    step = (WIDTH - LEFT) / max(len(hours), 1)
    shapes = _grid(most)
    for place, hour in enumerate(hours):
        shapes += _bar(hour, left=LEFT + place * step + step * 0.15, width=step * 0.7, most=most)
        if hour.start.hour % 6 == 0:
            label = hour.start.strftime("%H:%M")
            # The latest hours' time would else be cut by the picture's edge.
            x = min(LEFT + (place + 0.5) * step, WIDTH - HALF_LABEL)
            shapes.append(element("text", label, x=x, y=HEIGHT - 6, text_anchor="middle"))
    return picture(
        "handoffs",
        narrow=True,
        width=WIDTH,
        height=HEIGHT,
        title="Handoffs per hour",
        text=in_words(hours),
        shapes=shapes,
    )


def in_words(hours: Sequence[Hour]) -> str:
    total = sum(hour.total for hour in hours)
    if not total:
        return f"No handoffs in the last {len(hours)} hours."
    busiest = max(hours, key=lambda hour: hour.total)
    failed, left = sum(hour.failed for hour in hours), sum(hour.left for hour in hours)
    return (
        f"{total} handoff{'s' if total != 1 else ''} in the last {len(hours)} hours: "
        f"{sum(hour.answered for hour in hours)} answered, "
        f"{sum(hour.elsewhere for hour in hours)} to voicemail or a message, "
        f"{left} left by the caller or not over yet, {failed} failed. "
        f"The busiest hour began at {busiest.start:%H:%M} with {busiest.total}."
    )


def _grid(most: int) -> list[Markup]:
    lines = []
    for share in (0, 0.5, 1):
        y = FLOOR - share * (FLOOR - 12)
        lines.append(element("path", d=f"M{LEFT} {y:.0f}H{WIDTH}", class_="f-grid"))
        if share != 0.5 or most % 2 == 0:
            lines.append(element("text", f"{most * share:g}", x=LEFT - 6, y=y + 4, text_anchor="end"))
    return lines


def _bar(hour: Hour, *, left: float, width: float, most: int) -> list[Markup]:
    shapes, bottom = [], float(FLOOR)
    kinds = (("f-ok", hour.answered), ("f-rest", hour.elsewhere), ("f-warn", hour.left), ("f-bad", hour.failed))
    for kind, count in kinds:
        height = count / most * (FLOOR - 12)
        bottom -= height
        if count:
            shapes.append(element("rect", x=left, y=bottom, width=width, height=height, class_=kind))
    return shapes
