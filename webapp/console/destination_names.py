"""Naming a destination where there are too many for a list: by its id or by its name, with suggestions while typing."""

from __future__ import annotations

from itertools import islice
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from handoff_rules.destinations import Destination
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.people.roles import Role

pages = Pages("destination_names", __name__)
FIELDS = frozenset({"destination", "default_destination"})
"""What a form calls a destination, at whatever depth."""
SUGGESTED, LONGEST = 40, 80


@pages.page("/destinations/suggested", Role.VIEWER)
def suggested() -> ResponseReturnValue:
    """The options of a field, `of` being its name: what holds the words that were typed into it so far."""
    words = request.args.get(request.args.get("of", ""), "").strip().casefold()[:LONGEST]
    found = (item for item in _destinations() if words in item.name.casefold() or words in item.id)
    return render_template("console/suggested.html", found=islice(found, SUGGESTED))


def identified(text: str) -> str:
    """The id of the one destination that has this id or name; any other text as it is, for the check to judge."""
    wanted = text.strip().casefold()
    if not wanted or any(item.id == text for item in _destinations()):
        return text
    same = [item.id for item in _destinations() if item.name.casefold() == wanted]
    return same[0] if len(same) == 1 else text


def with_ids(draft: Any) -> Any:
    """What was typed into a form, with ids in place of the names of destinations."""
    if isinstance(draft, dict):
        return {
            name: identified(value) if name in FIELDS and isinstance(value, str) else with_ids(value)
            for name, value in draft.items()
        }
    return [with_ids(value) for value in draft] if type(draft) is list else draft


def _destinations() -> tuple[Destination, ...]:
    return needs().live.environment("sandbox").compiled.configuration.destinations
