"""Which of very many texts a value has, and where: the value is read once, whatever their number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from handoff_rules.beginnings import NONE, Beginnings
from handoff_rules.one_of_many import expression_of

HEAD = 32
"""A longer text is found by so much of it."""


class Anywhere:
    """Texts, none of them empty, named by their position in `beginnings.texts`."""

    __slots__ = ("_expression", "_heads", "_whole", "beginnings")

    def __init__(self, texts: Iterable[str]) -> None:
        self.beginnings = Beginnings(texts)
        self._heads: dict[str, int] = {}
        for position, text in enumerate(self.beginnings.texts):
            self._heads[text[:HEAD]] = position if len(text) <= HEAD else NONE  # NONE: which one it is must be searched
        self._whole = NONE not in self._heads.values()
        self._expression = re.compile(f"(?=({expression_of(self._heads)}))")

    def places(self, value: str) -> list[tuple[int, int]]:
        """The places where texts begin, in order, each with the longest one there."""
        return list(self._longest_at(value))

    def longest(self, value: str) -> Iterable[int]:
        """The longest text at each place where one begins, in order: `places` for those who need not know where."""
        if self._whole:
            return map(self._heads.__getitem__, self._expression.findall(value))
        return [position for _, position in self._longest_at(value)]

    def _longest_at(self, value: str) -> Iterator[tuple[int, int]]:
        heads, longest = self._heads, self.beginnings.longest
        for found in self._expression.finditer(value):
            place, position = found.start(), heads[found[1]]
            if position == NONE:
                position = longest(value, place)
            if position != NONE:
                yield place, position
