"""Recent activity: who saved, promoted and rolled back what, from the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from webapp.configurations.audit import Entry
from webapp.configurations.conflicts import EditRefusedError
from webapp.configurations.version_id import VersionId
from webapp.console.needs import needs
from webapp.people.store_away import STORE_AWAY
from webapp.store.sealed import SealError

SHOWN, LOOKED_AT = 5, 40
"""Entries about people, numbers and tokens stand between those about versions."""
SAYS = {"saved": "", "promoted": "Promoted to production", "rolled back": "Rolled back: in production again"}


@dataclass(frozen=True, slots=True)
class Activity:
    version: int
    text: str
    by: str
    at: datetime


def recent() -> Sequence[Activity] | None:
    """The newest first; None when the store does not answer."""
    try:
        entries = needs().configurations.editor.audit_entries(limit=LOOKED_AT)
    except (*STORE_AWAY, EditRefusedError, SealError):
        return None
    return [one for entry in entries if (one := _told(entry)) is not None][:SHOWN]


def _told(entry: Entry) -> Activity | None:
    if entry.subject not in ("sandbox", "production") or entry.action not in SAYS:
        return None
    with suppress(ValueError, TypeError):
        said = SAYS[entry.action]
        text = ": ".join(part for part in (said, entry.note) if part) or "Saved"
        at = datetime.fromisoformat(entry.at)
        return Activity(VersionId.parse(entry.after).number, text, entry.actor, at)
    return None
