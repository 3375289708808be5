"""Which patterns with gaps a value may fit: their pieces between the stars are written below each other, so that one
character of the value says of a whole column of them which allow it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from handoff_rules.like_pattern import PatternRows
from handoff_rules.tables import bits_of

ENDS_SPAN = 64
SPAN = 16
"""Of a longer piece the first characters say enough; of one that may be anywhere, these: each place is tried."""
LONGEST = 256
"""In a longer value most pieces are somewhere."""
PAST = "\0"
"""Stands behind the end of a value."""

PieceRows = list[tuple[str, list[int]]]
"""Each with its rows; `?` is any character."""


class Columns:
    __slots__ = ("_columns", "rows", "span")

    def __init__(self, pieces: PieceRows, span: int) -> None:
        rows_by_place: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for piece, rows in pieces:
            for place, character in enumerate(piece[:span]):
                if character != "?":
                    rows_by_place[place][character] += rows
        self.span = span
        self.rows = bits_of(row for _, rows in pieces for row in rows)
        columns = []
        for place, by_character in rows_by_place.items():
            free = self.rows & ~bits_of(row for rows in by_character.values() for row in rows)
            columns.append((place, free, {one: bits_of(rows) | free for one, rows in by_character.items()}))
        self._columns = sorted(columns, key=lambda column: column[1].bit_count())  # what says most first

    def fitting(self, padded: str, place: int, rows: int) -> int:
        """Of these rows, the ones whose piece may be at this place of a value that goes on for `span` more."""
        for column, free, by_character in self._columns:
            rows &= by_character.get(padded[place + column], free)
            if not rows:
                break
        return rows


class Anywhere:
    """Pieces that may be at any place, one of each row; an empty one says nothing. Each is tried where its first
    character is, or backwards where its last is, if those are fewer different ones: then fewer places are tried."""

    __slots__ = ("_any", "_backwards", "_columns", "_first")

    def __init__(self, pieces: PieceRows) -> None:
        self._backwards = len({piece[-1:] for piece, _ in pieces}) < len({piece[:1] for piece, _ in pieces})
        if self._backwards:
            pieces = [(piece[::-1], rows) for piece, rows in pieces]
        first: dict[str, list[int]] = defaultdict(list)
        for piece, rows in pieces:
            first[piece[:1]] += rows
        self._any = bits_of(first.pop("", []))
        self._first = {character: bits_of(rows) for character, rows in first.items()}
        self._columns = Columns(pieces, SPAN)

    def fitting(self, value: str, rows: int) -> int:
        if self._backwards:
            value = value[::-1]
        padded, first, columns = value + PAST * SPAN, self._first, self._columns
        fitting = rows & self._any
        for place, character in enumerate(value):
            if character in first and (beginning := rows & first[character]):
                fitting |= columns.fitting(padded, place, beginning)
        return fitting


class Pieces:
    """Of patterns with gaps: the piece that a value must start with, the one that it must end with, and where there are
    `many`, one that must be anywhere."""

    __slots__ = ("_anywhere", "_first", "_last")

    def __init__(self, patterns: PatternRows, *, many: bool) -> None:
        split = [(pattern.text.split("*"), rows) for pattern, rows in patterns]
        self._first = Columns([(pieces[0], rows) for pieces, rows in split], ENDS_SPAN)
        self._last = Columns([(pieces[-1][::-1], rows) for pieces, rows in split], ENDS_SPAN)
        self._anywhere = Anywhere([(_best(pieces[1:-1]), rows) for pieces, rows in split]) if many else None

    def at_the_ends(self, value: str, rows: int) -> int:
        rows = self._first.fitting(value + PAST * ENDS_SPAN, 0, rows)
        return self._last.fitting(value[::-1] + PAST * ENDS_SPAN, 0, rows)

    def anywhere(self, value: str, rows: int) -> int:
        return rows if self._anywhere is None or len(value) > LONGEST else self._anywhere.fitting(value, rows)


def _best(pieces: Sequence[str]) -> str:
    """The one that says most, of those with a gap inside; others are a single run, and found as such."""
    best, most = "", 0
    for piece in pieces:
        inside = piece.strip("?")
        if "?" in inside and len(inside) - inside.count("?") > most:
            best, most = inside, len(inside) - inside.count("?")
    return best
