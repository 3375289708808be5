"""Which patterns a value may be like, by grams: two characters at a fixed distance from each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import itemgetter, or_
from typing import NamedTuple

from handoff_rules.like_pattern import PatternRows
from handoff_rules.tables import FEW, bits_of

GRAMS = 2
"""A row waits for so many."""
DISTANCES = 5
"""A value is gone through once for each distance."""
WORTH = 50
"""A distance is one of them when it gives one in so many of the grams that rows may wait for."""
NEIGHBOURS = 3
"""A character is paired with so many behind it. Inside a run, which neighbours say enough about, with the next one."""
SAME_RUN = 64
"""Of one run, a second gram is mostly there when the first is: so many times rarer it must be than one of another."""
SAME_PIECE = 4
"""The same of another run in one piece, because people write words with a character left open."""
LONGEST = 512
"""A longer value has most pairs."""
MANY = 5000
"""Of so many different grams, those that few rows wait for are kept apart: their bit sets would be mostly empty."""
FREQUENT = " etaoinshrdlcumwfgypbvkjxqz"
"""The characters of English by how often a text has them. Where values are in another language, a few more rows are
left."""
_FREQUENCIES = {character: 1 / place for place, character in enumerate(FREQUENT, 2)}
_RARE = 1 / (len(FREQUENT) + 2)

Characters = tuple[str, str]


class Gram(NamedTuple):
    distance: int
    characters: Characters


class Origin(NamedTuple):
    """Where a pattern has a gram: the number of the piece, and the place in it of the run in which the gram begins."""

    piece: int
    run: int


class Waiting(NamedTuple):
    """The rows that wait for a gram as their first one, and as their second one."""

    first: list[int]
    second: list[int]


ByGram = dict[Characters, Waiting]


class Grams:
    """A row waits for the two of its grams that fewest other rows have, and fewest values. Both are looked up at once:
    each gram has the rows that wait for it as the first one, and as the second one. A row without a gram is left by
    every value."""

    __slots__ = ("_always", "_frequent", "_rare", "rows")

    def __init__(self, patterns: PatternRows) -> None:
        grams = [(_grams_of(pattern.text), rows) for pattern, rows in patterns]
        always, waiting = _collected(grams)
        self.rows = bits_of(row for _, rows in patterns for row in rows)
        self._always = _bits([always])
        kept_apart = FEW if sum(map(len, waiting.values())) > MANY else 0
        self._frequent: dict[int, dict[Characters, tuple[int, int]]] = {}
        self._rare: dict[int, ByGram] = {}
        for distance, by_gram in waiting.items():
            rare = {gram: one for gram, one in by_gram.items() if sum(map(len, one)) <= kept_apart}
            self._frequent[distance] = {gram: _bits([one]) for gram, one in by_gram.items() if gram not in rare}
            if rare:
                self._rare[distance] = rare

    def fitting(self, value: str, rows: int) -> int:
        """Of these rows, those of which the value has both grams."""
        if not self._frequent or len(value) > LONGEST:
            return rows
        found = [self._always]
        for distance, frequent in self._frequent.items():
            found += filter(None, map(frequent.get, zip(value, value[distance:], strict=False)))
        for distance, rare in self._rare.items():
            found.append(_bits(filter(None, map(rare.get, zip(value, value[distance:], strict=False)))))
        for number in range(GRAMS):
            rows &= reduce(or_, filter(None, map(itemgetter(number), found)), 0)
        return rows


def _collected(grams: Sequence[tuple[dict[Gram, Origin], list[int]]]) -> tuple[Waiting, dict[int, ByGram]]:
    """Those that wait for nothing, and those that wait for a gram, by its distance."""
    uses = Counter(gram for own, rows in grams for gram in own for _ in rows)
    always = Waiting([], [])
    waiting: dict[int, ByGram] = {distance: defaultdict(lambda: Waiting([], [])) for distance in _distances(grams)}
    for own, rows in grams:
        rarest = _rarest({gram: origin for gram, origin in own.items() if gram.distance in waiting}, uses)
        for number in range(GRAMS):
            by_number = waiting[rarest[number].distance][rarest[number].characters] if number < len(rarest) else always
            by_number[number].extend(rows)
    return always, waiting


def _bits(waiting: Iterable[Waiting]) -> tuple[int, int]:
    first, second = [], []
    for one in waiting:
        first += one.first
        second += one.second
    return bits_of(first), bits_of(second)


def _grams_of(pattern: str) -> dict[Gram, Origin]:
    grams: dict[Gram, Origin] = {}
    for piece_number, piece in enumerate(pattern.split("*")):
        known = [(place, character) for place, character in enumerate(piece) if character != "?"]
        run = 0
        for number, (place, first) in enumerate(known):
            if number and place > known[number - 1][0] + 1:
                run = place
            for gram in _grams_at(place, first, known[number + 1 : number + 1 + NEIGHBOURS]):
                grams.setdefault(gram, Origin(piece_number, run))
    return grams


def _grams_at(place: int, first: str, behind: Sequence[tuple[int, str]]) -> Iterator[Gram]:
    for steps, (other, second) in enumerate(behind, 1):
        if steps == 1 or other - place > steps:
            yield Gram(other - place, (first, second))


def _rarest(own: dict[Gram, Origin], uses: Counter[Gram]) -> list[Gram]:
    """Those after the first from elsewhere in the pattern, if they are not much more frequent."""
    weights = {gram: uses[gram] * _frequency(gram) for gram in own}
    chosen: list[Gram] = []
    while weights and len(chosen) < GRAMS:
        rarest = min(weights, key=lambda gram: (weights[gram], gram))
        del weights[rarest]
        chosen.append(rarest)
        weights = {gram: weight * _likely_too(own[rarest], own[gram]) for gram, weight in weights.items()}
    return chosen


def _likely_too(here: Origin, there: Origin) -> int:
    if here == there:
        return SAME_RUN
    return SAME_PIECE if here.piece == there.piece else 1


def _frequency(gram: Gram) -> float:
    product = 1.0
    for character in gram.characters:
        product *= _FREQUENCIES.get(character, _RARE)
    return product


def _distances(grams: Sequence[tuple[dict[Gram, Origin], Sequence[int]]]) -> list[int]:
    """Those with which most rows have two grams, the best one first."""
    left = [(_useful(own), GRAMS, len(rows)) for own, rows in grams]
    wanted = GRAMS * sum(rows for _, _, rows in left)
    chosen: list[int] = []
    while len(chosen) < DISTANCES:
        gain: Counter[int] = Counter()
        for useful, missing, rows in left:
            for distance, count in useful.items():
                gain[distance] += min(count, missing) * rows
        for distance in chosen:
            gain.pop(distance, None)
        best = min(gain, key=lambda distance: (-gain[distance], distance), default=None)
        if best is None or gain[best] * WORTH < wanted:
            break
        chosen.append(best)
        left = [(useful, missing - useful[best], rows) for useful, missing, rows in left if missing > useful[best]]
    return chosen


def _useful(own: dict[Gram, Origin]) -> Counter[int]:
    """How many grams of each distance say something of their own: where there are several runs, one of each."""
    if len(set(own.values())) == 1:
        return Counter(gram.distance for gram in own)
    return Counter(distance for distance, _ in {(gram.distance, origin) for gram, origin in own.items()})
