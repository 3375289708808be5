"""Which of very many texts begin at a place of a value: one binary search, whatever their number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

NONE = -1
HEAD = 4
"""Long enough that few of 10,000 numbers share a run of digits with the caller's."""
SEARCH = 30
"""Searching a value for one text costs about as much as cutting out so many runs of it."""


class Beginnings:
    """Texts in order. The one sorted next to a value is the longest that begins it, or has that one as its beginning:
    so each text knows the next shorter one that begins it, and a further one that makes a long way short."""

    __slots__ = ("_further", "_heads", "_lengths", "_longest", "shorter", "texts")

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = sorted(texts)
        self._longest = max(map(len, self.texts), default=0)
        heads: dict[str, int] = {}
        for position, text in enumerate(self.texts):
            heads[text[:HEAD]] = position if len(text) <= HEAD else NONE  # NONE: which one it is must be searched
        self._heads = dict(sorted(heads.items(), key=lambda item: len(item[0])))
        self._lengths = sorted({len(head) for head in self._heads})
        self.shorter: list[int] = []
        self._further: list[int] = []
        stack: list[int] = []
        for position, text in enumerate(self.texts):
            while stack and not text.startswith(self.texts[stack[-1]]):
                stack.pop()
            self._link(stack)
            stack.append(position)

    def _link(self, above: list[int]) -> None:
        """`above`: the texts that begin this one, the longest last. The further one is as many steps away as the lowest
        bit of their number says: from anywhere to anywhere, few such steps and single ones are enough."""
        number = len(above)
        self.shorter.append(above[-1] if above else NONE)
        self._further.append(above[number - (number & -number)] if above else NONE)

    def longest(self, value: str, place: int = 0) -> int:
        """The position in `texts` of the longest that `value` has at this place, or NONE."""
        position = bisect_right(self.texts, value[place : place + self._longest]) - 1
        while position != NONE and not value.startswith(self.texts[position], place):
            further = self._further[position]
            if further != NONE and not value.startswith(self.texts[further], place):
                position = further
            else:
                position = self.shorter[position]
        return position

    def all_of(self, position: int) -> Iterator[int]:
        """This text and every one that begins it."""
        while position != NONE:
            yield position
            position = self.shorter[position]

    def found_in(self, value: str) -> list[tuple[int, int]]:
        """The places where texts begin, in order, each with the position of the longest one there."""
        known: dict[int, int] = {}
        for place, head in self._heads_in(value):
            known[place] = self._heads[head]
        found = [
            (place, self.longest(value, place) if position == NONE else position)
            for place, position in sorted(known.items())
        ]
        return [(place, position) for place, position in found if position != NONE]

    def _heads_in(self, value: str) -> Iterator[tuple[int, str]]:
        """With their places: of one place the longer one last."""
        if len(self._heads) * SEARCH < len(value):
            for head in self._heads:
                yield from ((place, head) for place in _places(head, value))
            return
        for length in self._lengths:
            for place in range(len(value) - length + 1):
                if (head := value[place : place + length]) in self._heads:
                    yield place, head


def _places(text: str, value: str) -> Iterator[int]:
    place = value.find(text)
    while place != -1:
        yield place
        place = value.find(text, place + 1)
