"""What a value must start and end with to be like a pattern: the pieces before the first star and behind the last are
written below each other, so that one character of the value says of a whole column of them which allow it.
"""

from __future__ import annotations

from collections import defaultdict

from handoff_rules.like_pattern import PatternRows
from handoff_rules.tables import bits_of, packed, unpacked

PAST = "\0"
"""Stands behind the end of a value."""

PieceRows = list[tuple[str, list[int]]]
"""Each with its rows; `?` is any character."""


class Ends:
    """Leaves exactly the rows whose first and last piece the value has at its ends."""

    __slots__ = ("_first", "_last")

    def __init__(self, patterns: PatternRows) -> None:
        split = [(pattern.text.split("*"), rows) for pattern, rows in patterns]
        self._first = _columns([(pieces[0], rows) for pieces, rows in split])
        self._last = _columns([(pieces[-1][::-1], rows) for pieces, rows in split])

    def fitting(self, value: str, rows: int) -> int:
        if self._first:
            rows = self._first.fitting(value, rows)
        return self._last.fitting(value[::-1], rows) if self._last and rows else rows


def _columns(pieces: PieceRows) -> Columns | None:
    return Columns(pieces) if any(piece.strip("?") for piece, _ in pieces) else None


class Columns:
    __slots__ = ("_columns", "_past")

    def __init__(self, pieces: PieceRows) -> None:
        rows_by_place: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for piece, rows in pieces:
            for place, character in enumerate(piece):
                if character != "?":
                    rows_by_place[place][character] += rows
        everything = bits_of(row for _, rows in pieces for row in rows)
        columns = []
        for place, by_character in rows_by_place.items():
            free = everything & ~bits_of(row for rows in by_character.values() for row in rows)
            allowed = {one: packed(rows) for one, rows in by_character.items()}
            columns.append((place, free, allowed))
        self._columns = sorted(columns, key=lambda column: column[1].bit_count())  # what says most first
        self._past = PAST * max(map(len, (piece for piece, _ in pieces)), default=0)

    def fitting(self, value: str, rows: int) -> int:
        """Of these rows, the ones whose piece the value starts with."""
        padded = value + self._past
        for place, free, by_character in self._columns:
            allowed = by_character.get(padded[place])
            rows &= free if allowed is None else free | unpacked(allowed)
            if not rows:
                break
        return rows
