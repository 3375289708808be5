"""Which patterns a value may be like, by words: runs that it must have, one behind another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import NamedTuple

from handoff_rules.anywhere import HEAD, finder
from handoff_rules.like_levels import SMALL
from handoff_rules.like_pattern import Pattern, PatternRows
from handoff_rules.tables import FEW, bits_of, unpacked

SHORTEST = 2
"""Shorter runs are in most values."""
TELLING = 3
"""A row needs one so long to be asked by words, because grams find short ones sooner. Patterns with question marks are
asked by shorter ones as well: what stands around an open letter is short, and few values have it."""
OFTEN = 16
"""A run that more than one in so many rows has says too little by itself."""
MOST = 8
"""When more than one in so many rows has no word, grams are asked of all: both would cost more."""


class Waiting(NamedTuple):
    """The rows that have a word as their last one, between the first and the last, as the first of two, and as the
    first of three: a row waits for three words at most."""

    last: list[int]
    between: list[int]
    first_of_two: list[int]
    first_of_three: list[int]


Step = tuple[int, int, int, int]
"""The same, each as a bit set."""


class Words:
    """A row waits for those of its runs that fewest rows have, in the order of their ends. Whether one ends before the
    next begins, and how far from each other they are, is not asked, so a few rows too many are left."""

    __slots__ = ("_find", "_steps", "_with_one", "rows")

    def __init__(self, patterns: PatternRows) -> None:
        """The patterns are those that `apart` finds to have words."""
        uses = _uses(patterns)
        with_one: list[int] = []
        by_word: dict[str, Waiting] = defaultdict(lambda: Waiting([], [], [], []))
        for pattern, rows in patterns:
            *before, last = _rarest(pattern, uses)
            by_word[last].last.extend(rows)
            if not before:
                with_one += rows
            elif len(before) == 1:
                by_word[before[0]].first_of_two.extend(rows)
            else:
                by_word[before[0]].first_of_three.extend(rows)
                by_word[before[1]].between.extend(rows)
        self.rows = bits_of(row for _, rows in patterns for row in rows)
        self._with_one = bits_of(with_one)
        self._find = finder({word: word for word in by_word})
        self._steps = Steps(by_word, kept_apart=FEW if self.rows.bit_length() > SMALL else 0)

    def fitting(self, value: str, rows: int) -> int:
        """Of these rows, those whose words the value has, in their order."""
        steps = self._steps
        waiting_between = done = 0
        waiting_last = self._with_one
        for _, word in self._find(value):
            last, between, first_of_two, first_of_three = steps[word]
            if last:  # before the others, so that no row takes two steps with one word
                done |= waiting_last & last
            if between:
                waiting_last |= waiting_between & between
            if first_of_two:
                waiting_last |= first_of_two
            if first_of_three:
                waiting_between |= first_of_three
        return rows & done


class Steps(dict[str, Step]):
    """By word. Of very many rows, the few that have a rare word are made bit sets when a value has it."""

    __slots__ = ("_rare",)

    def __init__(self, by_word: Mapping[str, Waiting], kept_apart: int) -> None:
        self._rare = {word: waiting for word, waiting in by_word.items() if max(map(len, waiting)) <= kept_apart}
        super().__init__((word, _step(bits_of, waiting)) for word, waiting in by_word.items() if word not in self._rare)

    def __missing__(self, word: str) -> Step:
        return _step(_few_bits, self._rare[word])


def _step(bits: Callable[[list[int]], int], waiting: Waiting) -> Step:
    last, between, first_of_two, first_of_three = map(bits, waiting)
    return last, between, first_of_two, first_of_three


def _few_bits(rows: list[int]) -> int:
    return unpacked(tuple(rows)) if rows else 0


def apart(patterns: PatternRows) -> tuple[PatternRows, PatternRows]:
    """Those with a word that few rows have, and the others; or all as others, when these are many."""
    uses = _uses(patterns)
    every_row = sum(len(rows) for _, rows in patterns)
    few = max(1, every_row // OFTEN)
    with_words: PatternRows = []
    others: PatternRows = []
    for item in patterns:
        telling = any(uses[word] <= few for word in _words_of(item[0], TELLING if item[0].in_order else SHORTEST))
        (with_words if telling else others).append(item)
    if sum(len(rows) for _, rows in others) * MOST > every_row:
        return [], patterns
    return with_words, others


def _words_of(pattern: Pattern, shortest: int = SHORTEST) -> list[str]:
    return [run[:HEAD] for run in pattern.runs if len(run) >= shortest]


def _uses(patterns: PatternRows) -> Counter[str]:
    return Counter(word for pattern, rows in patterns for word in set(_words_of(pattern)) for _ in rows)


def _rarest(pattern: Pattern, uses: Counter[str]) -> list[str]:
    """At most three, in the order of the pattern."""
    words = _words_of(pattern)
    places = sorted(range(len(words)), key=lambda place: (uses[words[place]], -len(words[place])))
    return [words[place] for place in sorted(places[:3])]
