"""SIP headers in a form: the rows that a destination and a rule both have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webapp.console.forms import Draft

FIELDS = ("name", "value", "if_missing", "user_to_user")
NEW_HEADER: Mapping[str, Any] = {"name": "X-", "value": "", "if_missing": "drop"}


def rows_of(draft: Draft, name: str) -> list[dict[str, Any]]:
    """The rows of this name, whatever was sent in their place."""
    rows = draft.get(name, [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def headers_of(draft: Draft) -> list[dict[str, Any]]:
    """As the document says them; a row that was added and not filled is left out."""
    return [
        {"value": ""} | {name: row.get(name, "") for name in FIELDS}
        for row in rows_of(draft, "headers")
        if row.get("value") or row.get("name", "").strip().rstrip("-").upper() not in {"", "X"}
    ]
