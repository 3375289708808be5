"""Which patterns a value may be like, by grams: two or three characters at fixed distances from each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import chain
from operator import itemgetter, or_
from typing import NamedTuple

from handoff_rules.like_pattern import PatternRows
from handoff_rules.tables import FEW, bits_of

GRAMS = 2
"""A row waits for so many."""
FORMS = 5
"""A value is gone through once for each form of gram."""
WORTH = 50
"""A form is one of them when it gives one in so many of the grams that rows may wait for."""
OFTEN = 4
"""Triples are one of them when they give one in so many, because fewest values have them."""
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

Form = tuple[int, ...]
"""How far the second character is from the first, and the third, if there is one."""
TRIPLE: Form = (1, 2)
Characters = tuple[str, ...]


class Gram(NamedTuple):
    form: Form
    characters: Characters


class Origin(NamedTuple):
    """Where a pattern has a gram: the number of the piece, and the place in it of the run in which the gram begins."""

    piece: int
    run: int


Waiting = dict[Form, dict[Characters, list[int]]]


class Grams:
    """A row waits for the two of its grams that fewest other rows have, and fewest values. Both are looked up at once:
    each gram has the rows that wait for it as the first one, and as the second one. A row without a gram is left by
    every value."""

    __slots__ = ("_always", "_rare", "_waiting", "_width")

    def __init__(self, patterns: PatternRows) -> None:
        grams = [(_grams_of(pattern.text), rows) for pattern, rows in patterns]
        self._width = 1 + max(row for _, rows in patterns for row in rows)
        always, waiting = self._collected(grams)
        self._always = self._by_number(always)
        kept_apart = FEW if sum(map(len, waiting.values())) > MANY else 0
        self._waiting = {
            form: {gram: self._by_number(bits) for gram, bits in by_gram.items() if len(bits) > kept_apart}
            for form, by_gram in waiting.items()
        }
        self._rare = {
            form: {gram: tuple(bits) for gram, bits in by_gram.items() if len(bits) <= kept_apart}
            for form, by_gram in waiting.items()
        } if kept_apart else {}  # fmt: skip

    def _collected(self, grams: Sequence[tuple[dict[Gram, Origin], list[int]]]) -> tuple[list[int], Waiting]:
        """The bits of those that wait for nothing, and of those that wait for a gram, by its form."""
        uses = Counter(gram for own, rows in grams for gram in own for _ in rows)
        always: list[int] = []
        waiting: Waiting = {form: defaultdict(list) for form in _forms(grams)}
        for own, rows in grams:
            rarest = _rarest({gram: origin for gram, origin in own.items() if gram.form in waiting}, uses)
            for number in range(GRAMS):
                bits = [number * self._width + row for row in rows]
                if number < len(rarest):
                    waiting[rarest[number].form][rarest[number].characters] += bits
                else:
                    always += bits
        return always, waiting

    def fitting(self, value: str, rows: int) -> int:
        """Of these rows, those of which the value has both grams."""
        if not self._waiting or len(value) > LONGEST:
            return rows
        found: list[tuple[int, ...]] = [self._always]
        for form, waiting in self._waiting.items():
            found += filter(None, map(waiting.get, _with_form(form, value)))
        for form, rare in self._rare.items():
            few = filter(None, map(rare.get, _with_form(form, value)))
            found.append(self._by_number(chain.from_iterable(few)))
        for number in range(GRAMS):
            rows &= reduce(or_, filter(None, map(itemgetter(number), found)), 0)
        return rows

    def _by_number(self, bits: Iterable[int]) -> tuple[int, ...]:
        """The rows that wait for a first gram, and for a second one, whose bits stand behind those of all rows."""
        waiting = bits_of(bits)
        return tuple(waiting >> number * self._width & (1 << self._width) - 1 for number in range(GRAMS))


def _with_form(form: Form, value: str) -> Iterator[Characters]:
    """The grams of this form that the value has, from left to right."""
    return zip(value, *(value[distance:] for distance in form), strict=False)


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
            yield Gram((other - place,), (first, second))
        elif steps == len(TRIPLE):
            yield Gram(TRIPLE, (first, behind[0][1], second))


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


def _forms(grams: Sequence[tuple[dict[Gram, Origin], Sequence[int]]]) -> list[Form]:
    """Those with which most rows have two grams, the best one first; triples, if many rows have them, before pairs."""
    left = [(_useful(own), GRAMS, len(rows)) for own, rows in grams]
    wanted = GRAMS * sum(rows for _, _, rows in left)
    chosen: list[Form] = []
    while len(chosen) < FORMS:
        gain: Counter[Form] = Counter()
        for useful, missing, rows in left:
            for form, count in useful.items():
                gain[form] += min(count, missing) * rows
        for form in chosen:
            gain.pop(form, None)
        best = min(gain, key=lambda form: (-gain[form], form), default=None)
        if gain[TRIPLE] * OFTEN > wanted:
            best = TRIPLE
        if best is None or gain[best] * WORTH < wanted:
            break
        chosen.append(best)
        left = [(useful, missing - useful[best], rows) for useful, missing, rows in left if missing > useful[best]]
    return chosen


def _useful(own: dict[Gram, Origin]) -> Counter[Form]:
    """How many grams of each form say something of their own: where there are several runs, one of each."""
    if len(set(own.values())) == 1:
        return Counter(gram.form for gram in own)
    return Counter(form for form, _ in {(gram.form, origin) for gram, origin in own.items()})
