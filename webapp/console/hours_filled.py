"""The grid of an hours form filled from its text, without losing what was typed in the grid and a text cannot say.

That is the label of a date, and of which country and region the public holidays are. What goes with a date or with the
holidays that the text takes out travels along as `kept`, part of a document as the form has it, until the text has
them again. An exception that has no date yet stays in the grid: no text could name it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handoff_rules.hours_text import Times, text_of, with_times
from webapp.console.exception_rows import rows_in, undated_in
from webapp.console.forms import Draft, without_blanks
from webapp.console.hours_form import document_of, grid_of
from webapp.console.hours_text_form import DRAWN, TEXT

KEPT = "kept"


def filled(draft: Draft, times: Times, stored: Mapping[str, Any], country: str) -> Draft:
    """The form with its grid as a text says. What a text does not say is taken from the form, else from what it has
    kept, else from the stored set; the country of public holidays at last from the site's `country`."""
    undated = undated_in(draft)
    dated = [row for row in rows_in(draft) if row not in undated]
    document, kept = document_of(draft | {"exceptions": dated}, ""), _mapping(draft.get(KEPT))
    typed = [*({"date": "", **row} for row in rows_in(kept)), *document.get("exceptions", ())]
    labelled = {str(one["date"]): one for one in (*stored.get("exceptions", ()), *typed)}
    place = _place(draft, kept, stored, country)
    grid = grid_of(with_times(document | {"exceptions": list(labelled.values())}, times, place))
    gone = {} if times.holidays else _place_in(document) or _place_in(kept)
    if not times.holidays and "holidays" not in document:
        grid["holidays"] = draft.get("holidays", {})  # a region alone closes on no day: the text has nothing against it
    grid["exceptions"] += undated
    said = {TEXT: text_of(times), DRAWN: text_of(times)} if undated else {}  # the grid counts once they have dates
    return draft | grid | said | {KEPT: {"holidays": gone, "exceptions": _labels_without(times, typed)}}


def _place(draft: Draft, kept: Draft, stored: Mapping[str, Any], country: str) -> Mapping[str, Any]:
    here = _place_in(draft)
    return here if here.get("country") else (_place_in(kept) or _place_in(stored) or {"country": country}) | here


def _place_in(document: Mapping[str, Any]) -> dict[str, Any]:
    return _mapping(without_blanks(document.get("holidays")))


def _labels_without(times: Times, typed: list[Any]) -> list[Draft]:
    """Date and label of each day that the text does not have, as they were typed last."""
    there = {day.isoformat() for day in times.dates}
    labels = {str(one["date"]): str(one.get("label", "")) for one in typed}
    return [{"date": day, "label": label} for day, label in labels.items() if label and day not in there]


def _mapping(value: Any) -> dict[str, Any]:
    """A stranger may send anything under its name."""
    return dict(value) if isinstance(value, Mapping) else {}
