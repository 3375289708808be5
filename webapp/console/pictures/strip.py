"""The next days of a set of hours, one row for each day, open time as bars on a 24-hour line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from webapp.console.pictures.svg import element, picture

LEFT, ROW, TOP, WIDTH = 90, 22, 22, 344
"""As wide as the window of a phone leaves it, so that a whole day is in sight."""
LETTER = 6.6
"""About as wide is a letter of the picture's text."""
MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Day:
    """One local day: open spans as minutes from its midnight (0 to 1440), and why it differs, if it does."""

    date: date
    open: tuple[tuple[int, int], ...]
    because: str = ""

    @property
    def in_words(self) -> str:
        if not self.open:
            return "closed"
        return ", ".join(f"{clock(start)}\u2013{clock(end)}" for start, end in self.open)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def open_strip(days: Sequence[Day], *, name: str, identifier: str) -> Markup:
    """`identifier` tells the pictures of one page apart."""
    height = TOP + ROW * len(days) + 4
    shapes = _scale(height)
    for place, day in enumerate(days):
        shapes += _row(day, y=TOP + place * ROW)
    text = "; ".join(f"{day.date:%a %-d %b} {day.in_words}{_why(day)}" for day in days)
    title = f"{name}: the next {len(days)} days"
    return picture(
        f"strip-{identifier}", width=WIDTH, height=height, title=title, text=text, shapes=shapes, narrow=True
    )


def _why(day: Day) -> str:
    return f" ({day.because})" if day.because not in ("", day.in_words) else ""


def _x(minutes: int) -> float:
    return LEFT + minutes / MINUTES * (WIDTH - LEFT - 10)


def _scale(height: int) -> list[Markup]:
    shapes = []
    for hour in (0, 6, 12, 18, 24):
        shapes.append(element("path", d=f"M{_x(hour * 60):.1f} {TOP - 4}V{height}", class_="f-grid"))
        shapes.append(element("text", f"{hour:02}", x=_x(hour * 60), y=TOP - 9, text_anchor="middle"))
    return shapes


def _row(day: Day, *, y: int) -> list[Markup]:
    shapes = [
        element("text", f"{day.date:%a %-d %b}", x=0, y=y + 14, class_="name"),
        element("rect", x=_x(0), y=y + 3, width=_x(MINUTES) - _x(0), height=ROW - 8, class_="f-track", rx=3),
    ]
    for start, end in day.open:
        shapes.append(
            element("rect", x=_x(start), y=y + 3, width=_x(end) - _x(start), height=ROW - 8, class_="f-ok", rx=3)
        )
    return [*shapes, *_reason(day.because or ("" if day.open else "closed"), day, y=y + 14)]


def _reason(words: str, day: Day, *, y: int) -> list[Markup]:
    """On the longer part of the line that is closed, cut to its length."""
    first, last = (day.open[0][0], day.open[-1][1]) if day.open else (MINUTES, 0)
    before, after = _x(first) - _x(0), _x(MINUTES) - _x(last)
    fits = words[: int((max(before, after) - 12) / LETTER)]
    if not fits:
        return []
    if after >= before:
        return [element("text", fits, x=_x(last) + 6, y=y)]
    return [element("text", fits, x=_x(first) - 6, y=y, text_anchor="end")]
