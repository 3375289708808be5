"""Exceptions of a set of hours as rows of its form: equal days that follow each other are one row, from its first day
to its last; the document holds an exception for each day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from handoff_rules.problems import Problem
from webapp.console.forms import Draft, without_blanks

MOST_DAYS = 31
"""In one row. A longer closure takes several rows, or the week itself."""
NUMBERED = re.compile(r"exceptions/(\d+)")


def rows_from(exceptions: Sequence[Mapping[str, Any]]) -> list[Draft]:
    rows: list[Draft] = []
    for one in exceptions:
        row = {"date": one["date"], "windows": ", ".join(one.get("open") or ()), "label": one.get("label", "")}
        if rows and _goes_on(rows[-1], row):
            rows[-1]["until"] = row["date"]
        else:
            rows.append(row | {"until": ""})
    return rows


def row_in_words(row: Draft) -> str:
    """As the text form of hours has it, with the label behind: `2026-12-24 09:00-12:00 (Christmas Eve)`."""
    days = f"{row['date']} - {row['until']}" if row["until"] else row["date"]
    label = f" ({row['label']})" if row["label"] else ""
    return f"{days} {row['windows'] or 'off'}{label}"


def days_of(row: Mapping[str, Any]) -> list[str]:
    """The dates of a row as the document takes them. Of a row with a fault the first one only, as it was typed."""
    first, last = _day(row.get("date")), _day(row.get("until"))
    if first is None or last is None or not 0 <= (last - first).days < MOST_DAYS:
        return [str(row.get("date", ""))]
    return [(first + timedelta(days=place)).isoformat() for place in range((last - first).days + 1)]


def faults_in(draft: Draft) -> dict[str, Problem]:
    """What is wrong with the last days, each by the field that it stands in."""
    found = {f"exceptions/{place}/until": _fault(row) for place, row in enumerate(rows_in(draft))}
    return {name: Problem(name, *fault) for name, fault in found.items() if fault is not None}


def rows_in(draft: Draft) -> list[Draft]:
    rows = draft.get("exceptions", [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def undated_in(draft: Draft) -> list[Draft]:
    """The rows in which something was typed, but no first day that a text form could name."""
    return [row for row in rows_in(draft) if _day(row.get("date")) is None and without_blanks(row)]


def in_rows(path: str, draft: Draft) -> str:
    """A path of the document, `exceptions/7/date`, with the number of the row that the exception stems from."""
    found = NUMBERED.match(path)
    if found is None:
        return path
    stems = [place for place, row in enumerate(rows_in(draft)) for _ in days_of(row)]
    number = int(found[1])
    return f"exceptions/{stems[number]}{path[found.end() :]}" if number < len(stems) else path


def _goes_on(before: Draft, row: Draft) -> bool:
    if any(before[name] != row[name] for name in ("windows", "label")):
        return False
    first, last, day = _day(before["date"]), _day(before["until"] or before["date"]), _day(row["date"])
    if first is None or last is None or day is None:
        return False
    return day == last + timedelta(days=1) and (day - first).days < MOST_DAYS


def _fault(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Message and fix; None for a row without a last day. Faults of the first day are found with the document."""
    if not str(row.get("until", "")).strip():
        return None
    first, last = _day(row.get("date")), _day(row.get("until"))
    if last is None:
        return "The last day cannot be read.", "Write it as year, month and day: 2026-12-27."
    if first is not None and last < first:
        return "The last day is before the first one.", "Swap them, or leave the last day empty for one day."
    if first is not None and (last - first).days >= MOST_DAYS:
        return f"A row holds at most {MOST_DAYS} days.", "Add another exception for the rest."
    return None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text).strip())
    except ValueError:
        return None
