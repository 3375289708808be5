"""Lookup tables of the index: for a value, the bit set of the rows whose predicate is true for it.

Bit `n` stands for row `n`. Each lookup costs about the same however many predicates a table holds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from handoff_rules.comparison import OrderKey, order_key
from handoff_rules.glob import compile_glob

Rows = int | tuple[int, ...]
"""A bit set, or the numbers of a few rows: ten thousand values with one row each must not cost 10,000 wide sets."""
FEW = 4
LONGEST_OPERAND = 1000
STEP = 16
"""Order tables keep a bit set for every 16th limit and join at most 15 single ones on the way."""
GRAM = 4
"""Long enough that few of 10,000 numbers share a run of digits with the caller's."""


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


def _numbers(rows: Rows) -> tuple[int, ...]:
    if isinstance(rows, tuple):
        return rows
    return tuple(index for index, bit in enumerate(reversed(f"{rows:b}")) if bit == "1")


class ExactTable:
    """`is` and `is_one_of`."""

    def __init__(self, rows_by_text: Mapping[str, list[int]]) -> None:
        self._rows = {text: packed(rows) for text, rows in rows_by_text.items()}

    def hits(self, value: str) -> int:
        rows = self._rows.get(value)
        return 0 if rows is None else unpacked(rows)


class PrefixTable:
    """`starts_with`: one binary search finds the neighbour, whose prefixes are the only ones that can fit."""

    def __init__(self, rows_by_text: Mapping[str, list[int]]) -> None:
        self._texts = sorted(rows_by_text)
        self._shorter: list[int] = []
        self._rows: list[Rows] = []
        stack: list[int] = []
        for position, text in enumerate(self._texts):
            while stack and not text.startswith(self._texts[stack[-1]]):
                stack.pop()
            above = stack[-1] if stack else -1
            own = rows_by_text[text]
            self._shorter.append(above)
            self._rows.append(packed(own if above < 0 else [*own, *_numbers(self._rows[above])]))
            stack.append(position)

    def hits(self, value: str) -> int:
        position = bisect_right(self._texts, value) - 1
        while position >= 0 and not value.startswith(self._texts[position]):
            position = self._shorter[position]
        return 0 if position < 0 else unpacked(self._rows[position])


class SuffixTable:
    """`ends_with`: prefixes of the text read backwards."""

    def __init__(self, rows_by_text: Mapping[str, list[int]]) -> None:
        self._prefixes = PrefixTable({text[::-1]: rows for text, rows in rows_by_text.items()})

    def hits(self, value: str) -> int:
        return self._prefixes.hits(value[-LONGEST_OPERAND:][::-1])


def _grams(text: str) -> set[str]:
    """Its runs of four characters, or the text itself when it is shorter."""
    return {text[start : start + GRAM] for start in range(len(text) - GRAM + 1)} or {text}


class SearchTable:
    """`contains` and `like`: a test is only asked when the value has the rarest run of four of its characters.

    So the cost grows with the tests whose rarest run the value has, which are few unless they are about single letters.
    """

    def __init__(self, entries: Sequence[tuple[Sequence[str], Callable[[str], bool], list[int]]]) -> None:
        """Each entry: the texts that the value must contain, all of them, the test, and the rows."""
        found = [{gram for text in texts for gram in _grams(text)} for texts, _, _ in entries]
        common = Counter(gram for grams in found for gram in grams)
        self._entries: dict[str, list[tuple[Callable[[str], bool], Rows]]] = {}
        for grams, (_, test, rows) in zip(found, entries, strict=True):
            rarest = min(sorted(grams), key=lambda gram: common[gram])
            self._entries.setdefault(rarest, []).append((test, packed(rows)))
        self._lengths = sorted({len(gram) for gram in self._entries})

    def hits(self, value: str) -> int:
        bits = 0
        for gram in self._found_in(value):
            for test, rows in self._entries[gram]:
                if test(value):
                    bits |= unpacked(rows)
        return bits

    def _found_in(self, value: str) -> Iterable[str]:
        """The runs that the value has: searched one by one in a value that is long for their number (a search costs
        about as much as cutting out 30 runs), else by cutting the value into its own runs."""
        if len(self._entries) * 30 < len(value):
            return [gram for gram in self._entries if gram in value]
        found: set[str] = set()
        for length in self._lengths:
            found |= self._entries.keys() & {value[at : at + length] for at in range(len(value) - length + 1)}
        return found


def part_table(rows_by_text: Mapping[str, list[int]]) -> SearchTable:
    return SearchTable([((part,), _containing(part), rows) for part, rows in rows_by_text.items()])


def like_table(rows_by_text: Mapping[str, list[int]]) -> SearchTable:
    return SearchTable([(_fixed(pattern), compile_glob(pattern), rows) for pattern, rows in rows_by_text.items()])


def _containing(part: str) -> Callable[[str], bool]:
    return lambda value: part in value


def _fixed(pattern: str) -> list[str]:
    """The runs of a pattern that stand for themselves. All of them: the longest is often the one all patterns share."""
    return [run for run in pattern.replace("?", "*").split("*") if run] or [""]


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
