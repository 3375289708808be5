"""`like` for very many patterns at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_

from handoff_rules.glob import LONGEST_VALUE
from handoff_rules.like_ends import Ends
from handoff_rules.like_grams import Grams
from handoff_rules.like_kinds import Kind, Renumbered
from handoff_rules.like_levels import MANY
from handoff_rules.like_pattern import PatternRows, read
from handoff_rules.like_shared import Shared
from handoff_rules.like_words import Words, apart
from handoff_rules.tables import bits_of, chosen, more_than, without

FEW_PATTERNS = 48
"""So many are tested one by one sooner than by words or grams."""
REPEATED = 8
"""A pattern that so many rows have is asked once for all of them."""
FEW_REPEATED = 16
"""So many of these are tested before a row is tried that has one of them."""
WORTH = 16
"""If one in so many rows has such a pattern: to ask these apart has a price of its own."""


class LikeTable:
    """`look_up`, `by_parts` and `exactly` get closer, and cost more: who needs only the first of all hits may try a
    few rows in between."""

    __slots__ = ("_kinds", "_part", "_repeated", "_slots", "rows")

    def __init__(self, rows_by_pattern: Mapping[str, list[int]]) -> None:
        repeated, others = _apart(rows_by_pattern)
        slots = _slots(others)
        self._repeated = Repeated(repeated)
        self._slots = tuple(map(Slot, slots))
        self._kinds = _kinds(slots)
        self._part = None if repeated else _only(self._slots)
        self.rows = self._repeated.rows | bits_of(row for slot in slots for _, rows in slot for row in rows)

    def hits(self, value: str, among: int | None = None) -> int:
        """The rows, of those in `among`, with a pattern that the value is like."""
        asked = self.rows if among is None else self.rows & among
        repeated = self._repeated.hits(value, asked)
        rows = self.look_up(value, without(asked, self._repeated.rows))
        if more_than(FEW_PATTERNS, rows):
            rows = self.by_parts(value, rows)
        return repeated | self.exactly(value, rows)

    def look_up(self, value: str, rows: int) -> int:
        """Of these rows, those with a pattern that the value may be like, as look-ups tell."""
        left = 0
        if len(value) <= LONGEST_VALUE:
            left = rows & self._repeated.rows
            for slot in self._slots:
                if asked := rows & slot.rows:
                    left |= slot.look_up(value, asked)
        return left

    def by_parts(self, value: str, rows: int) -> int:
        """The same, as the words or the grams of each pattern tell."""
        if self._part:
            return self._part.fitting(value, rows)
        left = self._repeated.by_parts(value, rows)
        for slot in self._slots:
            if asked := rows & slot.rows:
                left |= slot.by_parts(value, asked)
        return left

    def exactly(self, value: str, rows: int) -> int:
        """Of rows that `look_up` left, those with a pattern that the value is like."""
        hits = self._repeated.hits(value, rows)
        for kind in self._kinds:
            if asked := rows & kind.rows:
                hits |= kind.hits(value, asked)
        return hits


class Repeated:
    """Patterns that many rows have, each row one. Look-ups leave all: the patterns are few, and are asked together."""

    __slots__ = ("_patterns", "_rows", "rows")

    def __init__(self, rows_by_pattern: Mapping[str, list[int]]) -> None:
        self._patterns = (
            LikeTable({text: [number] for number, text in enumerate(rows_by_pattern)}) if rows_by_pattern else None
        )
        self._rows = [bits_of(rows) for rows in rows_by_pattern.values()]
        self.rows = reduce(or_, self._rows, 0)

    def by_parts(self, value: str, rows: int) -> int:
        if self._patterns is None or not rows & self.rows:
            return 0
        patterns = self._patterns
        like = patterns.by_parts(value, patterns.look_up(value, patterns.rows))
        if like.bit_count() <= FEW_REPEATED:
            like = patterns.exactly(value, like)
        return rows & self._rows_of(like)

    def hits(self, value: str, rows: int) -> int:
        if self._patterns is None or not rows & self.rows:
            return 0
        return rows & self._rows_of(self._patterns.hits(value))

    def _rows_of(self, like: int) -> int:
        assert self._patterns is not None
        unlike = self._patterns.rows ^ like
        if unlike.bit_count() < like.bit_count():
            return self.rows ^ self._joined(unlike)
        return self._joined(like)

    def _joined(self, patterns: int) -> int:
        return reduce(or_, chosen(self._rows, patterns), 0)


class Slot:
    """One pattern each of many rows."""

    __slots__ = ("_ends", "_shared", "_unasked", "parts", "rows")

    def __init__(self, patterns: PatternRows) -> None:
        self.rows = bits_of(row for _, rows in patterns for row in rows)
        self._shared = Shared(patterns)
        self._ends = Ends(patterns)
        with_words, others = apart(patterns)
        self.parts = (
            *([Words(with_words)] if _many(with_words) else ()),
            *([Grams(others)] if _many(others) else ()),
        )
        self._unasked = without(self.rows, reduce(or_, (part.rows for part in self.parts), 0))

    def look_up(self, value: str, rows: int) -> int:
        rows = self._ends.fitting(value, rows)
        return self._shared.fitting(value, rows) if rows else rows

    def by_parts(self, value: str, rows: int) -> int:
        left = rows & self._unasked
        for part in self.parts:
            if asked := rows & part.rows:
                left |= part.fitting(value, asked) if more_than(FEW_PATTERNS, asked) else asked
        return left


def _only(slots: Sequence[Slot]) -> Words | Grams | None:
    """The one part that has all rows, which need not be found out then."""
    parts = [part for slot in slots for part in slot.parts]
    return parts[0] if len(slots) == len(parts) == 1 and parts[0].rows == slots[0].rows else None


def _many(patterns: PatternRows) -> bool:
    return sum(len(rows) for _, rows in patterns) > FEW_PATTERNS


def _apart(rows_by_pattern: Mapping[str, list[int]]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """The patterns that many rows have which have no other, and the others."""
    once = {text: list(dict.fromkeys(rows)) for text, rows in rows_by_pattern.items()}
    uses = Counter(row for rows in once.values() for row in rows)
    repeated: dict[str, list[int]] = {}
    others: dict[str, list[int]] = {}
    for text, rows in once.items():
        alone = [row for row in rows if uses[row] == 1]
        if len(alone) >= REPEATED:
            repeated[text] = alone
        if left := rows if text not in repeated else [row for row in rows if uses[row] > 1]:
            others[text] = left
    if sum(map(len, repeated.values())) * WORTH < len(uses):
        return {}, once
    return repeated, others


def _slots(rows_by_pattern: Mapping[str, list[int]]) -> list[PatternRows]:
    """The first pattern of each row, the second of each that has two, and so on."""
    slots: list[dict[str, list[int]]] = []
    uses: dict[int, int] = defaultdict(int)
    for text, rows in rows_by_pattern.items():
        for row in rows:
            if uses[row] == len(slots):
                slots.append({})
            slots[uses[row]].setdefault(text, []).append(row)
            uses[row] += 1
    return [[(read(text), rows) for text, rows in slot.items()] for slot in slots]


def _kinds(slots: list[PatternRows]) -> tuple[Kind | Renumbered, ...]:
    """Where very many rows have one pattern each, a bit stands for a row, as everywhere."""
    kinds: list[Kind | Renumbered] = []
    others: PatternRows = []
    for patterns in (kind for slot in slots for kind in _by_kind(slot)):
        rows = [row for _, found in patterns for row in found]
        if len(rows) >= MANY or (len(slots) == 1 and max(rows) < MANY):
            kinds.append(Kind(patterns))
        else:
            others += patterns
    return (*kinds, *map(Renumbered, _by_kind(others)))


def _by_kind(patterns: PatternRows) -> list[PatternRows]:
    in_order = [item for item in patterns if item[0].in_order]
    gapped = [item for item in patterns if not item[0].in_order]
    return [kind for kind in (in_order, gapped) if kind]
