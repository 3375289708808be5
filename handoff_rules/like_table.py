"""`like` for very many patterns at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import compress

from handoff_rules.glob import LONGEST_VALUE
from handoff_rules.like_kinds import Kind
from handoff_rules.like_levels import MANY
from handoff_rules.like_pattern import PatternRows, read
from handoff_rules.tables import bits_of

SOME = 64
"""So many bits are sooner found one after another than by writing all of them out."""
ZERO_AND_ONE = bytes.maketrans(b"01", b"\0\1")


class LikeTable:
    """Where very many rows have one pattern each, a bit stands for a row, as everywhere. Few rows among many others,
    and further patterns of the same rows, get numbers of their own, and what those hit is told as rows afterwards."""

    __slots__ = ("_by_row", "_renumbered", "_rows")

    def __init__(self, rows_by_pattern: Mapping[str, list[int]]) -> None:
        self._rows: list[int] = []
        renumbered: PatternRows = []
        by_row: list[PatternRows] = []
        slots = _slots(rows_by_pattern)
        for kind in (kind for slot in slots for kind in _kinds(slot)):
            rows = [row for _, found in kind for row in found]
            if len(rows) >= MANY or (len(slots) == 1 and max(rows) < MANY):
                by_row.append(kind)
                continue
            for pattern, found in kind:
                renumbered.append((pattern, list(range(len(self._rows), len(self._rows) + len(found)))))
                self._rows += found
        self._by_row = tuple(map(Kind, by_row))
        self._renumbered = tuple(map(Kind, _kinds(renumbered)))

    def hits(self, value: str, among: int | None = None) -> int:
        """The rows, of those in `among`, with a pattern that the value is like."""
        if len(value) > LONGEST_VALUE:
            return 0
        rows = 0
        for kind in self._by_row:
            if asked := kind.rows if among is None else kind.rows & among:
                rows |= kind.hits(value, asked)
        for kind in self._renumbered:
            if numbers := kind.hits(value, kind.rows):
                rows |= bits_of(self._numbered(numbers))
        return rows if among is None else rows & among

    def _numbered(self, numbers: int) -> Iterator[int]:
        if numbers.bit_count() > SOME:
            yield from compress(self._rows, f"{numbers:b}"[::-1].encode().translate(ZERO_AND_ONE))
            return
        while numbers:
            number = numbers.bit_length() - 1
            yield self._rows[number]
            numbers ^= 1 << number


def _slots(rows_by_pattern: Mapping[str, list[int]]) -> list[PatternRows]:
    """The first pattern of each row, the second of each that has two, and so on."""
    slots: list[dict[str, list[int]]] = []
    uses: dict[int, int] = defaultdict(int)
    for text, rows in rows_by_pattern.items():
        for row in dict.fromkeys(rows):
            if uses[row] == len(slots):
                slots.append({})
            slots[uses[row]].setdefault(text, []).append(row)
            uses[row] += 1
    return [[(read(text), rows) for text, rows in slot.items()] for slot in slots]


def _kinds(patterns: PatternRows) -> list[PatternRows]:
    in_order = [item for item in patterns if item[0].in_order]
    gapped = [item for item in patterns if not item[0].in_order]
    return [kind for kind in (in_order, gapped) if kind]
