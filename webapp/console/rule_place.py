"""The place of a rule among all rules, typed in its form: in a long list it may be a hundred moves by one away."""

from __future__ import annotations

from typing import Any

from flask import request

from handoff_rules.problems import Problem
from webapp.console.asked import whole_number
from webapp.console.forms import Draft

FIELD, WAS = "place", "_was"
"""The place as typed, and as the form was opened: only who changes it moves the rule, also after a conflict."""


def typed_place(draft: Draft, count: int) -> int | Problem | None:
    """Where among `count` rules the rule is to stand, from 0; None when it was not changed."""
    typed = str(draft.get(FIELD, "")).strip()
    if typed in ("", request.form.get(WAS, "")):
        return None
    place = whole_number(typed)
    if place is None or not 1 <= place <= count:
        return Problem(FIELD, f"There is no place {typed[:20]}.", f"The places are 1 to {count}.")
    return place - 1


def moved(rules: list[dict[str, Any]], place: int, draft: Draft) -> int:
    """Put the rule at `place` where its form says, and return where that is."""
    wanted = typed_place(draft, len(rules))
    if not isinstance(wanted, int):
        return place
    rules.insert(wanted, rules.pop(place))
    return wanted
