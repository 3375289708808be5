"""Lookup tables of the index: for a value, the bit set of the rows whose predicate is true for it.

Bit `n` stands for row `n`. Each lookup costs about the same however many predicates a table holds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Protocol, TypeVar

from handoff_rules.anywhere import Anywhere
from handoff_rules.beginnings import NONE, Beginnings
from handoff_rules.comparison import OrderKey, order_key
from handoff_rules.model import LONGEST_OPERAND

Rows = int | tuple[int, ...]
"""A bit set, or the numbers of a few rows: ten thousand values with one row each must not cost 10,000 wide sets."""
FEW = 4
"""So many numbers are smaller than a bit set."""
STEP = 16
"""Order tables keep a bit set for every 16th limit and join at most 15 single ones on the way."""


class Table(Protocol):
    def hits(self, value: str) -> int: ...


def bits_of(rows: Iterable[int]) -> int:
    """Built in bytes, because `|=` on an int copies the whole of it each time."""
    numbers = list(rows)
    if not numbers:
        return 0
    buffer = bytearray(max(numbers) // 8 + 1)
    for number in numbers:
        buffer[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(buffer, "little")


def highest_first(bits: int) -> Iterator[int]:
    """The numbers of the bits. From the top, because a number gets shorter there, and tells its length at once."""
    while bits:
        number = bits.bit_length() - 1
        yield number
        bits ^= 1 << number


_ZERO_AND_ONE = bytes.maketrans(b"01", b"\0\1")
T = TypeVar("T")


def chosen(things: Iterable[T], bits: int) -> Iterator[T]:
    """Those whose number has a bit, in order: sooner than one bit after another when one in ten has one."""
    return compress(things, f"{bits:b}"[::-1].encode().translate(_ZERO_AND_ONE))


def more_than(few: int, bits: int) -> bool:
    """Whether there are more than so many bits. To count all takes as long as five operations on them, and where there
    are many the top eighth tells."""
    top = bits >> (bits.bit_length() * 7 >> 3)
    return top.bit_count() > few or bits.bit_count() > few


def without(bits: int, others: int) -> int:
    """Three times as fast as `bits & ~others`, because no number gets a sign."""
    return bits ^ bits & others


def packed(rows: Iterable[int]) -> Rows:
    numbers = tuple(dict.fromkeys(rows))
    return numbers if len(numbers) <= FEW else bits_of(numbers)


def unpacked(rows: Rows) -> int:
    if isinstance(rows, int):
        return rows
    bits = 0
    for number in rows:
        bits |= 1 << number
    return bits


class ExactTable:
    """`is` and `is_one_of`."""

    def __init__(self, rows_by_text: Mapping[str, list[int]]) -> None:
        self._rows = {text: packed(rows) for text, rows in rows_by_text.items()}

    def hits(self, value: str) -> int:
        rows = self._rows.get(value, 0)
        return rows if isinstance(rows, int) else unpacked(rows)


class PrefixTable:
    """`starts_with`."""

    def __init__(self, rows_by_text: Mapping[str, list[int]]) -> None:
        self._beginnings = Beginnings(rows_by_text)
        self._rows = _nested(self._beginnings, rows_by_text)

    def hits(self, value: str) -> int:
        position = self._beginnings.longest(value)
        return 0 if position == NONE else unpacked(self._rows[position])


class PartTable:
    """`contains`."""

    def __init__(self, rows_by_text: Mapping[str, list[int]]) -> None:
        self._always = bits_of(rows_by_text.get("", ()))
        self._anywhere = Anywhere(filter(None, rows_by_text))
        self._rows = _nested(self._anywhere.beginnings, rows_by_text)

    def hits(self, value: str) -> int:
        bits = self._always
        for position in self._anywhere.found(value):
            bits |= unpacked(self._rows[position])
        return bits


def _nested(beginnings: Beginnings, rows_by_text: Mapping[str, list[int]]) -> list[Rows]:
    """The rows of each text include those of the texts that begin it."""
    rows: list[Rows] = []
    for text, shorter in zip(beginnings.texts, beginnings.shorter, strict=True):
        own, above = rows_by_text[text], () if shorter == NONE else rows[shorter]
        rows.append(packed([*own, *above]) if isinstance(above, tuple) else above | bits_of(own))
    return rows


class SuffixTable:
    """`ends_with`: prefixes of the text read backwards."""

    def __init__(self, rows_by_text: Mapping[str, list[int]]) -> None:
        self._prefixes = PrefixTable({text[::-1]: rows for text, rows in rows_by_text.items()})

    def hits(self, value: str) -> int:
        return self._prefixes.hits(value[-LONGEST_OPERAND:][::-1])


class OrderTable:
    """`less_than`, `greater_than`, `between`: the limits in order, so that the true ones are one end of the list."""

    def __init__(self, limits: Sequence[tuple[OrderKey, bool, list[int]]], *, below: bool) -> None:
        """Each limit: its key, whether the limit itself is included, and the rows. `below`: the value must be less."""
        self._below = below
        self._halves = tuple(_Limits([entry for entry in limits if entry[0][0] == kind], below) for kind in (0, 1))

    def hits(self, value: str) -> int:
        key = order_key(value)
        return self._halves[key[0]].hits(key)


class _Limits:
    def __init__(self, limits: Sequence[tuple[OrderKey, bool, list[int]]], below: bool) -> None:
        # (limit, 1) sorts behind the value itself, written (value, 0): that is where an included upper limit and an
        # excluded lower limit belong.
        ordered = sorted(((key, int(inclusive is below)), rows) for key, inclusive, rows in limits)
        self._below = below
        self._keys = [key for key, _ in ordered]
        from_the_true_end = [rows for _, rows in (reversed(ordered) if below else ordered)]
        self._rows = [packed(rows) for rows in from_the_true_end]
        self._sums = [0]
        for start in range(0, len(from_the_true_end), STEP):
            joined = [number for rows in from_the_true_end[start : start + STEP] for number in rows]
            self._sums.append(self._sums[-1] | bits_of(joined))

    def hits(self, key: OrderKey) -> int:
        position = bisect_right(self._keys, (key, 0))
        count = len(self._keys) - position if self._below else position
        bits = self._sums[count // STEP]
        for rows in self._rows[count // STEP * STEP : count]:
            bits |= unpacked(rows)
        return bits
