"""Which of very many texts begin a value: one binary search, whatever their number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

NONE = -1


class Beginnings:
    """Texts in order. The one sorted next to a value is the longest that begins it, or has that one as its beginning:
    so each text knows the next shorter one that begins it, and a further one that makes a long way short."""

    __slots__ = ("_further", "_longest", "nested", "shorter", "texts")

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = sorted(texts)
        self._longest = max(map(len, self.texts), default=0)
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
