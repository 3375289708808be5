"""One value, read for all the patterns of a table: which of their runs it has, and where."""

from __future__ import annotations

from handoff_rules.anywhere import Anywhere
from handoff_rules.beginnings import NONE


class Reading:
    """`found`: the places where runs begin, in order, each with the longest run there; `last_places`: where each run
    begins for the last time. Runs are named by their position in `runs.texts`."""

    __slots__ = ("found", "last_places", "runs", "value")

    def __init__(self, value: str, runs: Anywhere) -> None:
        self.value = value
        self.runs = runs.beginnings
        self.found = runs.places(value)
        self.last_places = {position: place for place, position in self.found}
        if self.runs.nested:
            self.last_places = self._with_shorter()

    def _with_shorter(self) -> dict[int, int]:
        """Whatever begins the longest run at a place is there too."""
        last_places, shorter = {NONE: NONE}, self.runs.shorter
        for place, longest in reversed(self.found):
            position = longest
            while position not in last_places:
                last_places[position] = place
                position = shorter[position]
        del last_places[NONE]
        return last_places
