"""SIP headers in a form: the rows that a destination and a rule both have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webapp.console.forms import Draft, rearrange

FIELDS = ("name", "value", "if_missing", "user_to_user")
NEW_HEADERS: Mapping[str, Mapping[str, Any]] = {
    "add:headers": {"name": "X-", "value": "", "if_missing": "drop"},
    "add:user-to-user": {"name": "User-to-User", "value": "", "if_missing": "drop", "user_to_user": "genesys"},
}
"""The buttons that add a header, and the row of each."""


def adds_header(draft: Draft, order: str) -> bool:
    """Whether the button was one of those; the row is added then."""
    if order not in NEW_HEADERS:
        return False
    rearrange(draft, "add:headers", NEW_HEADERS[order])
    return True


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
