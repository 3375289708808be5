"""What a value must have to be like a pattern at all: characters and runs that very many patterns need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from handoff_rules.like_pattern import Pattern, PatternRows
from handoff_rules.tables import bits_of

SHARED = 16
"""A character or a run is looked for by itself when so many rows need it, and one in so many of all."""


class Shared:
    """Characters and runs that very many rows have: what a value has not takes all of these rows away at once."""

    __slots__ = ("_texts",)

    def __init__(self, patterns: PatternRows) -> None:
        everything = [row for _, rows in patterns for row in rows]
        characters = _without(everything, patterns, lambda pattern: set().union(*pattern.runs))
        runs = _without(everything, patterns, lambda pattern: pattern.runs)
        self._texts = tuple({**runs, **characters}.items())  # who needs a run needs its characters

    def fitting(self, value: str, rows: int) -> int:
        for text, others in self._texts:
            if text not in value:
                rows &= others
        return rows


T = TypeVar("T", bound=Hashable)


def _without(everything: list[int], patterns: PatternRows, needs: Callable[[Pattern], Iterable[T]]) -> dict[T, int]:
    """For each thing that very many rows need, the other rows."""
    needing: dict[T, list[int]] = defaultdict(list)
    for pattern, rows in patterns:
        for needed in set(needs(pattern)):
            needing[needed] += rows
    enough, every = max(SHARED, len(everything) // SHARED), bits_of(everything)
    return {needed: every & ~bits_of(rows) for needed, rows in needing.items() if len(rows) >= enough}
