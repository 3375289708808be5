"""Which of very many texts a value has, and where: the value is read once, whatever their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from ahocorasick import Automaton

from handoff_rules.beginnings import NONE, Beginnings

HEAD = 32
"""A longer text is found by so much of it: texts that are parts of each other must not make a value cost more."""

T = TypeVar("T")


def finder(things: Mapping[str, T]) -> Callable[[str], Iterable[tuple[int, T]]]:
    """Wherever one of these texts ends in a value, in order: the place of its last character, and the thing that
    belongs to the text. No text is empty. Aho and Corasick, "Efficient string matching", CACM 18 (1975)."""
    if not things:
        return lambda _: ()
    automaton = Automaton()
    for text, thing in things.items():
        automaton.add_word(text, thing)
    automaton.make_automaton()
    find: Callable[[str], Iterable[tuple[int, T]]] = automaton.iter
    return find


class Anywhere:
    """Texts, none of them empty, named by their position in `beginnings.texts`."""

    __slots__ = ("_find", "beginnings")

    def __init__(self, texts: Iterable[str]) -> None:
        self.beginnings = Beginnings(texts)
        heads: dict[str, tuple[int, int]] = {}
        for position, text in enumerate(self.beginnings.texts):
            head = text[:HEAD]
            heads[head] = (len(head), position if head == text else NONE)  # NONE: which one it is must be searched
        self._find = finder(heads)

    def found(self, value: str) -> set[int]:
        """Those that the value has. One that begins another one may be left out where that one is."""
        return {position for _, position in self._found(value)}

    def places(self, value: str) -> list[tuple[int, int]]:
        """The places where texts begin, in order, each with the longest one there."""
        return sorted(dict(self._found(value)).items())

    def _found(self, value: str) -> Iterator[tuple[int, int]]:
        """Places with texts that begin there, shorter ones before longer ones."""
        for end, (length, position) in self._find(value):
            place = end + 1 - length
            longest = self.beginnings.longest(value, place) if position == NONE else position
            if longest != NONE:
                yield place, longest
