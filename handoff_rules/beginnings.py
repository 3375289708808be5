"""Which of very many texts begin at a place of a value: one binary search, whatever their number."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

NONE = -1
HEAD = 4
"""Long enough that few of 10,000 numbers share a run of digits with the caller's."""
SEARCH = 30
"""Searching a value for one text costs about as much as cutting out so many runs of it."""


class Beginnings:
    """Texts in order. The one sorted next to a value is the longest that begins it, or has that one as its beginning:
    so each text knows the next shorter one that begins it, and a further one that makes a long way short."""

    __slots__ = ("_further", "_head_lengths", "_heads", "_longest", "_only_length", "nested", "shorter", "texts")

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = sorted(texts)
        self._longest = max(map(len, self.texts), default=0)
        heads: dict[str, int] = {}
        for position, text in enumerate(self.texts):
            heads[text[:HEAD]] = position if len(text) <= HEAD else NONE  # NONE: which one it is must be searched
        self._heads = dict(sorted(heads.items(), key=lambda item: len(item[0])))
        self._head_lengths = _lengths_by_first(self._heads)
        alike = self._longest <= HEAD and all(len(text) == self._longest for text in self.texts)
        self._only_length = self._longest if alike else None
        self.shorter: list[int] = []
        self._further: list[int] = []
        stack: list[int] = []
        for position, text in enumerate(self.texts):
            while stack and not text.startswith(self.texts[stack[-1]]):
                stack.pop()
            self._link(stack)
            stack.append(position)
        self.nested = any(position != NONE for position in self.shorter)

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

    def found_in(self, value: str) -> list[tuple[int, int]]:
        """The places where texts begin, in order, each with the position of the longest one there. None is empty."""
        heads = self._heads
        if len(heads) * SEARCH < len(value):
            known = {place: heads[head] for head in heads for place in _places(head, value)}
            return list(self._longest_at(sorted(known.items()), value))
        if self._only_length:
            return [(place, heads[part]) for place, part in _parts(value, self._only_length) if part in heads]
        return list(self._longest_at(self._begun_in(value), value))

    def _longest_at(self, begun: Iterable[tuple[int, int]], value: str) -> Iterator[tuple[int, int]]:
        """`begun`: places with what `heads` knows of them."""
        for place, known in begun:
            position = self.longest(value, place) if known == NONE else known
            if position != NONE:
                yield place, position

    def _begun_in(self, value: str) -> Iterator[tuple[int, int]]:
        """By the longest head at each place."""
        heads, lengths = self._heads, self._head_lengths
        for place, character in enumerate(value):
            for length in lengths.get(character, ()):
                head = value[place : place + length]
                if head in heads:
                    yield place, heads[head]
                    break


def _lengths_by_first(heads: Iterable[str]) -> dict[str, list[int]]:
    """Of the heads that begin with a character; the longest first."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for head in heads:
        lengths[head[:1]].add(len(head))
    return {first: sorted(known, reverse=True) for first, known in lengths.items()}


def _parts(value: str, length: int) -> Iterable[tuple[int, str]]:
    """All that are so long, with their places."""
    if length == 1:
        return enumerate(value)
    return enumerate([value[place : place + length] for place in range(len(value) - length + 1)])


def _places(text: str, value: str) -> Iterator[int]:
    place = value.find(text)
    while place != -1:
        yield place
        place = value.find(text, place + 1)
