"""The form of a set of hours: seven days as text windows, exceptions, holidays, and the instant switch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handoff_rules.hours_grid import WEEKDAYS, days_in
from handoff_rules.hours_text import weekly_of
from webapp.console.exception_rows import days_of, in_rows, rows_from, rows_in
from webapp.console.forms import Draft, Rename, aliases, lines_of, without_blanks

CLOSED = ("", "closed", "\u2013", "-")
WHOLE_DAY = ("24 h", "24h", "open", "all day")
_FIELDS = aliases(
    (r"weekly/([a-z]{3}).*", r"week/\1"),
    (r"weekly", "week/mon"),
    (r"(exceptions/\d+)/open(/\d+)?", r"\1/windows"),
    (r"(exceptions/\d+)(/closed)?", r"\1/date"),
    (r"holidays", "holidays/country"),
    (r"id", "name"),
)


def rename_in(draft: Draft) -> Rename:
    """The field of this form that a path of the document stands for."""
    return lambda path: _FIELDS(in_rows(path, draft))


def blank_draft(zone: str) -> Draft:
    week = {day: "09:00-17:00" if day not in ("sat", "sun") else "" for day in WEEKDAYS}
    return {"name": "", "time_zone": zone, "week": week, "exceptions": [], "holidays": {}, "closed_now": ""}


def draft_of(hours: Mapping[str, Any]) -> Draft:
    fields = {
        "name": hours["name"],
        "time_zone": hours.get("time_zone") or "",
        "closed_now": "true" if hours.get("closed_now") else "",
    }
    return fields | grid_of(hours)


def grid_of(hours: Mapping[str, Any]) -> Draft:
    """The fields of the form that the text form says too."""
    week = dict.fromkeys(WEEKDAYS, "")
    for days, windows in hours.get("weekly", {}).items():
        for day in days_in(days):
            week[WEEKDAYS[day]] = ", ".join(windows)
    return {
        "week": week,
        "holidays": dict(hours.get("holidays") or {}),
        "exceptions": rows_from(hours.get("exceptions", ())),
    }


def document_of(draft: Draft, identifier: str) -> dict[str, Any]:
    document: dict[str, Any] = {"time_zone": draft.get("time_zone", ""), "holidays": draft.get("holidays", {})}
    if isinstance(document["holidays"], dict) and not str(document["holidays"].get("country", "")).strip():
        document.pop("holidays")
    cleaned: dict[str, Any] = without_blanks(document)
    exceptions = [_exception(row, day) for row in rows_in(draft) for day in days_of(row)]
    whole = {"id": identifier, "name": str(draft.get("name", "")).strip(), **cleaned}
    weekly = weekly_of([_windows(str(_week(draft).get(day, ""))) for day in WEEKDAYS])
    whole |= {"weekly": weekly} if weekly else {}
    whole |= {"exceptions": exceptions} if exceptions else {}
    return whole | ({"closed_now": True} if draft.get("closed_now") == "true" else {})


def copy_monday(draft: Draft) -> None:
    """Monday's windows on every weekday: the one thing that everybody would otherwise type five times."""
    week = draft["week"] = dict(_week(draft))
    for day in WEEKDAYS[:5]:
        week[day] = week.get("mon", "")


def _week(draft: Draft) -> Mapping[str, Any]:
    """A stranger may send anything under its name."""
    week = draft.get("week")
    return week if isinstance(week, dict) else {}


def _windows(text: str) -> list[str]:
    text = text.strip().casefold()
    if text in CLOSED:
        return []
    if text in WHOLE_DAY:
        return ["00:00-24:00"]
    return [window.replace(" ", "").replace("\u2013", "-") for window in lines_of(text)]


def _exception(row: Mapping[str, Any], day: str) -> dict[str, Any]:
    windows = _windows(str(row.get("windows", "")))
    kind: dict[str, Any] = {"open": windows} if windows else {"closed": True}
    label = str(row.get("label", "")).strip()
    return {"date": day, **kind, **({"label": label} if label else {})}
