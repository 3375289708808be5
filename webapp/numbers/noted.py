"""What was changed at a number, for the audit log: the same entry from console, API and command line."""

from __future__ import annotations

from webapp.configurations.edits import Editor
from webapp.configurations.noting import note
from webapp.numbers.connecting import Change

CONNECTED, DISCONNECTED = "number connected", "number disconnected"


def note_number(editor: Editor, action: str, change: Change, *, actor: str) -> str:
    """Empty, or why it could not be written down. Without a difference nothing was done, and there is no entry."""
    differences = change.differences
    if not differences:
        return ""
    return note(
        editor,
        actor=actor,
        action=action,
        subject=change.number.phone_number,
        before={one.parameter: without_query(one.before) for one in differences},
        after={one.parameter: without_query(one.after) for one in differences},
    )


def without_query(url: str) -> str:
    """An address without its query, which may carry secrets of somebody else's."""
    bare, mark, _ = url.partition("?")
    return f"{bare}?\u2026" if mark else bare
