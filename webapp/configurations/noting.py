"""Audit entries for what is kept elsewhere: people, numbers at Twilio. It is done by then, whatever the log says."""

from __future__ import annotations

from typing import Any

from webapp.configurations.conflicts import STORE_FAULTS, EditRefusedError, in_words
from webapp.configurations.edits import Editor


def note(editor: Editor, *, actor: str, action: str, subject: str, before: Any = None, after: Any = None) -> str:
    """Empty when the entry was written, else why not, as a sentence for whoever did it or for the log."""
    try:
        editor.record(actor=actor, action=action, subject=subject, before=before, after=after)
    except EditRefusedError as refusal:
        return str(refusal)
    except STORE_FAULTS as fault:
        return in_words(fault)
    return ""
