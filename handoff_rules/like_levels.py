"""How far each row is on its way through its pattern: at level `n` it has found `n` of its runs."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heappop

from handoff_rules.tables import FEW, Rows, bits_of

MANY = 1000
"""From so many rows on, a step up by a shift costs more than several steps by "and" and "or"."""
SMALL = 500
"""A bit set of so few rows is as small as a list of their numbers."""

Arriving = list[tuple[int, int, int]]
"""A heap of rows that have found a run which does not end yet: the place where it does, their lane, and their bits."""


class Levels:
    """Together, all levels are one bit set, level behind level, and a step up is a shift. Apart, each has a lane, a bit
    set of its own. `shift`: the bits from one level to the next; `up`: the lanes; one of them is 0."""

    __slots__ = ("lanes", "shift", "up")

    def __init__(self, width: int, apart: int = 0) -> None:
        """`apart`: so many levels, or 0."""
        self.shift, self.up, self.lanes = (0, 1, apart) if apart else (width, 0, 1)

    def lane(self, level: int) -> int:
        return level * self.up

    def bits(self, level: int, rows: Iterable[int]) -> list[int]:
        return [level * self.shift + row for row in rows]

    def rows(self, bits: int) -> int:
        """At whatever level they are."""
        if not self.shift:
            return bits
        rows, one_level = 0, (1 << self.shift) - 1
        while bits:
            rows |= bits & one_level
            bits >>= self.shift
        return rows


def arrive(arriving: Arriving, place: int, at_level: list[int]) -> None:
    while arriving and arriving[0][0] <= place:
        _, lane, bits = heappop(arriving)
        at_level[lane] |= bits


def kept(bits: list[int]) -> Rows:
    """As a bit set that can be read as it is, unless ten thousand of them would be too large."""
    return tuple(bits) if 0 < len(bits) <= FEW and max(bits) > SMALL else bits_of(bits)
