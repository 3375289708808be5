"""Which patterns a value may be like, by pairs of characters that stand at a fixed distance from each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import reduce
from itertools import chain
from operator import or_

from handoff_rules.like_pattern import PatternRows
from handoff_rules.tables import FEW, bits_of

DISTANCES = 5
"""A value is gone through once for each."""
WORTH = 20
"""A distance is one of them when it gives one in so many of the pairs that rows may wait for."""
NEIGHBOURS = 3
"""A character is paired with so many behind it. Inside a run, which neighbours say enough about, with the next one."""
LONGEST = 512
"""A longer value has most pairs."""
MANY = 5000
"""Of so many different pairs, those that few rows wait for are kept apart: their bit sets would be mostly empty."""
FREQUENT = " etaoinshrdlcumwfgypbvkjxqz"
"""The characters of English by how often a text has them. Where values are in another language, a few more rows are
left."""
_FREQUENCIES = {character: 1 / place for place, character in enumerate(FREQUENT, 2)}
_RARE = 1 / (len(FREQUENT) + 2)

Pair = tuple[int, str, str]
"""The distance, the first character and the second one."""
Waiting = dict[int, dict[tuple[str, str], list[int]]]


class Pairs:
    """A row waits for the two of its pairs that fewest other rows have, and fewest values. Both are looked up at once:
    who waits for a pair as the second one stands in the same bit set, behind all rows. A row without a pair is left by
    every value."""

    __slots__ = ("_always", "_rare", "_waiting", "_width")

    def __init__(self, patterns: PatternRows) -> None:
        pairs = [(_pairs_of(pattern.text), rows) for pattern, rows in patterns]
        self._width = 1 + max(row for _, rows in patterns for row in rows)
        always, waiting = self._collected(pairs)
        self._always = bits_of(always)
        kept_apart = FEW if sum(map(len, waiting.values())) > MANY else 0
        self._waiting = {
            distance: {pair: bits_of(bits) for pair, bits in by_pair.items() if len(bits) > kept_apart}
            for distance, by_pair in waiting.items()
        }
        self._rare = {
            distance: {pair: tuple(bits) for pair, bits in by_pair.items() if len(bits) <= kept_apart}
            for distance, by_pair in waiting.items()
        } if kept_apart else {}  # fmt: skip

    def _collected(self, pairs: Sequence[tuple[Collection[Pair], list[int]]]) -> tuple[list[int], Waiting]:
        """The bits of those that wait for nothing, and of those that wait for a pair, by its distance."""
        uses = Counter(pair for own, rows in pairs for pair in own for _ in rows)
        always: list[int] = []
        waiting: Waiting = {distance: defaultdict(list) for distance in _distances(pairs)}
        for own, rows in pairs:
            rarest = sorted((uses[pair] * _frequency(pair), pair) for pair in own if pair[0] in waiting)[:2]
            for number in range(2):
                bits = [number * self._width + row for row in rows]
                if number < len(rarest):
                    distance, first, second = rarest[number][1]
                    waiting[distance][first, second] += bits
                else:
                    always += bits
        return always, waiting

    def fitting(self, value: str, rows: int) -> int:
        """Of these rows, those of which the value has both pairs."""
        if not self._waiting or len(value) > LONGEST:
            return rows
        found = self._always
        for distance, waiting in self._waiting.items():
            found = reduce(or_, filter(None, map(waiting.get, zip(value, value[distance:], strict=False))), found)
        for distance, rare in self._rare.items():
            few = filter(None, map(rare.get, zip(value, value[distance:], strict=False)))
            found |= bits_of(chain.from_iterable(few))
        return rows & found & (found >> self._width)


def _pairs_of(pattern: str) -> Collection[Pair]:
    pairs = []
    for piece in pattern.split("*"):
        known = [(place, character) for place, character in enumerate(piece) if character != "?"]
        for number, (place, first) in enumerate(known, 1):
            for steps, (other, second) in enumerate(known[number : number + NEIGHBOURS], 1):
                if steps == 1 or other - place > steps:
                    pairs.append((other - place, first, second))
    return set(pairs)


def _frequency(pair: Pair) -> float:
    _, first, second = pair
    return _FREQUENCIES.get(first, _RARE) * _FREQUENCIES.get(second, _RARE)


def _distances(pairs: Iterable[tuple[Collection[Pair], Sequence[int]]]) -> list[int]:
    """Those with which most rows have two pairs, the best one first."""
    left = [(Counter(distance for distance, _, _ in own), 2, len(rows)) for own, rows in pairs]
    enough = 2 * sum(rows for _, _, rows in left) / WORTH
    chosen: list[int] = []
    while len(chosen) < DISTANCES:
        gain: Counter[int] = Counter()
        for counted, missing, rows in left:
            for distance, count in counted.items():
                gain[distance] += min(count, missing) * rows
        for distance in chosen:
            gain.pop(distance, None)
        best = min(gain, key=lambda distance: (-gain[distance], distance), default=None)
        if best is None or gain[best] < enough:
            break
        chosen.append(best)
        left = [(counted, missing - counted[best], rows) for counted, missing, rows in left if missing > counted[best]]
    return chosen
