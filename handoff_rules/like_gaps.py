"""Patterns with gaps of any width, read all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from handoff_rules.beginnings import NONE
from handoff_rules.like_levels import Levels, kept
from handoff_rules.like_pattern import Gap, PatternRows
from handoff_rules.like_reading import Reading
from handoff_rules.tables import bits_of, unpacked


class GappedRuns:
    """`exact` and `open`: how wide a gap is, and who waits behind it. `waiting`: who waits for a run; `_last`: who has
    found all."""

    __slots__ = ("_last", "_lengths", "_levels", "_waiting", "exact", "open")

    def __init__(self, patterns: PatternRows, texts: Sequence[str]) -> None:
        """`texts`: the runs of the patterns, as a `Reading` numbers them."""
        self._levels = Levels(1 + max(row for _, rows in patterns for row in rows))
        waiting: dict[str, list[int]] = defaultdict(list)
        behind: dict[Gap, list[int]] = defaultdict(list)
        last: list[int] = []
        for pattern, rows in patterns:
            levels = [self._levels.bits(level, rows) for level in range(len(pattern.gaps))]
            last += levels[-1]
            for gap, bits in zip(pattern.gaps, levels, strict=True):
                behind[gap] += bits
            for run, bits in zip(pattern.runs, levels, strict=False):  # nothing more waits behind the last run
                waiting[run] += bits
        self.open = tuple((gap.least, bits_of(bits)) for gap, bits in behind.items() if gap.open)
        self.exact = tuple((gap.least, bits_of(bits)) for gap, bits in behind.items() if not gap.open)
        self._last = bits_of(last)
        self._lengths = [len(text) for text in texts]
        self._waiting = [kept(waiting[text]) for text in texts]

    def hits(self, reading: Reading, rows: int) -> int:
        shorter, shift = reading.runs.shorter, self._levels.shift
        progress = _Progress(self)
        progress.come(0, rows)
        for place, longest in reading.found:
            position = longest
            here = progress.waiting_at(place)
            while here and position != NONE:
                if found := here & unpacked(self._waiting[position]):
                    progress.come(place + self._lengths[position], found << shift)
                position = shorter[position]
        return self._levels.rows(progress.waiting_at(len(reading.value)) & self._last)


class _Progress:
    """How far the rows are at a place of a value, taken in order. Behind an open gap a row waits on; behind another
    it waits at one place alone, and one that has found its last run waits for the end."""

    __slots__ = ("_came", "_open", "_opened", "_opening", "_patterns")

    def __init__(self, patterns: GappedRuns) -> None:
        self._patterns = patterns
        self._came: dict[int, int] = {}
        self._open = 0
        self._opened = 0  # what opens before this place is in `_open`
        self._opening: dict[int, int] = {}

    def come(self, place: int, bits: int) -> None:
        """What these have found ends at this place."""
        for least, behind in self._patterns.open:
            if waiting := bits & behind:
                _add(self._opening, place + least, waiting)
        if self._patterns.exact:
            _add(self._came, place, bits)

    def waiting_at(self, place: int) -> int:
        for opening in range(self._opened, place + 1):
            if opening in self._opening:
                self._open |= self._opening.pop(opening)
        self._opened = place + 1
        waiting, came = self._open, self._came
        for least, behind in self._patterns.exact:
            if place - least in came:
                waiting |= came[place - least] & behind
        return waiting


def _add(bits_by_place: dict[int, int], place: int, bits: int) -> None:
    bits_by_place[place] = bits_by_place[place] | bits if place in bits_by_place else bits
