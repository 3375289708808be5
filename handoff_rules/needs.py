"""Which rows have all the variables that they need: asked of the call's variables, which are few, and never of those
that it lacks, which may be a thousand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from handoff_rules.tables import Rows, bits_of, packed, unpacked


class Place(NamedTuple):
    """One variable each of many rows; `satisfied`: the rows that need no more."""

    rows_by_name: Mapping[str, Rows]
    satisfied: int


class Needs:
    __slots__ = ("_everything", "_places")

    def __init__(self, needs: Sequence[Sequence[str]]) -> None:
        """Of each row."""
        most = max(map(len, needs), default=0)
        self._everything = (1 << len(needs)) - 1
        self._places = [_place(needs, place) for place in range(most)]

    def met(self, variables: Mapping[str, Any]) -> int:
        """The rows of which the call has every variable, as a text."""
        rows = self._everything
        for rows_by_name, satisfied in self._places:
            if not rows:
                break
            having = satisfied
            for name in _shorter(rows_by_name, variables):
                if name in rows_by_name and isinstance(variables.get(name), str):
                    having |= unpacked(rows_by_name[name])
            rows &= having
        return rows


def _place(needs: Sequence[Sequence[str]], place: int) -> Place:
    """The first variable that each row needs, or the second, and so on."""
    rows_by_name: dict[str, list[int]] = defaultdict(list)
    satisfied: list[int] = []
    for row, names in enumerate(needs):
        if place < len(names):
            rows_by_name[names[place]].append(row)
        else:
            satisfied.append(row)
    return Place({name: packed(rows) for name, rows in rows_by_name.items()}, bits_of(satisfied))


def _shorter(rows_by_name: Mapping[str, Rows], variables: Mapping[str, Any]) -> Iterable[str]:
    return rows_by_name if len(rows_by_name) <= len(variables) else variables
