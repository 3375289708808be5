"""The text form beside the grid of an hours form: which of the two counts, and the one written from the other.

Both are sent along with `drawn`, what the two said when they last agreed. So it is known which of them a person has
changed, and neither is ever taken silently in place of the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from pydantic import ValidationError

from handoff_rules.check_hours import hours_problems
from handoff_rules.hours import Hours
from handoff_rules.hours_text import Times, text_of, times_of
from handoff_rules.hours_text_reading import HoursTextError, TextFault, read_text
from handoff_rules.problems import Problem, errors_in
from webapp.console.exception_rows import faults_in, rows_in
from webapp.console.forms import Draft, without_blanks
from webapp.console.hours_form import document_of

TEXT, DRAWN = "text", "drawn"
Counts = Literal["grid", "text", "both"]


@dataclass(frozen=True, slots=True)
class Sides:
    """`grid` is what the grid says as text, None while it cannot be read; `times` what the text says, None when it has
    `faults`. `counts`: the side that was changed, and the grid when they agree; `both` when they do not."""

    grid: str | None
    times: Times | None
    faults: tuple[TextFault, ...]
    counts: Counts

    @property
    def text(self) -> str | None:
        return None if self.times is None else text_of(self.times)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The faults of the text, at its field."""
        return tuple(Problem(TEXT, fault.told, fault.fix) for fault in self.faults)


def sides_of(draft: Draft) -> Sides:
    """A form that was sent without a text has nothing but its grid."""
    grid, typed, before = _grid_says(draft), str(draft.get(TEXT, "")), str(draft.get(DRAWN, ""))
    changed: Counts = "text" if grid == before else "both"
    try:
        times = read_text(typed)
    except HoursTextError as refused:
        is_typed = TEXT in draft and typed != before
        return Sides(grid, None, refused.faults, changed if is_typed else "grid")
    return Sides(grid, times, (), "grid" if typed == before or text_of(times) in (before, grid) else changed)


def drawn(draft: Draft) -> Draft:
    """The form as it is drawn: the text says what the grid says, unless it was changed and says something else."""
    sides = sides_of(draft)
    return written(draft, sides) if sides.counts == "grid" else draft


def written(draft: Draft, sides: Sides) -> Draft:
    """The form with its text as the grid says; as it is while the grid cannot be read."""
    return draft if sides.grid is None else draft | {TEXT: sides.grid, DRAWN: sides.grid}


def _grid_says(draft: Draft) -> str | None:
    """An exception that was added and is still empty says nothing yet."""
    rows = [row for row in rows_in(draft) if without_blanks(row)]
    document = document_of({**draft, "exceptions": rows}, "any")
    if faults_in(draft):
        return None
    said = {name: document[name] for name in ("weekly", "exceptions") if name in document}
    try:
        hours = Hours.model_validate({"id": "any", "name": "Any", **said})
    except ValidationError:
        return None
    if errors_in(hours_problems(hours, "")):
        return None
    return text_of(replace(times_of(hours), holidays="holidays" in document))
