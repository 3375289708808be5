"""A promote or a roll back that was not made: what its page says then, above a form that still holds what was typed."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.configurations.conflicts import (
    ConflictError,
    EditRefusedError,
    EditUncertainError,
    StoreNotTrustedError,
    StoreRefusedError,
)
from webapp.console.editing import store_words
from webapp.people.store_away import STORE_AWAY

FAULTS = (EditRefusedError, *STORE_AWAY)
"""All that keeps production where it is."""
_OF_THE_STORE = (*STORE_AWAY, EditUncertainError, StoreNotTrustedError, StoreRefusedError)


@dataclass(frozen=True, slots=True)
class Failed:
    title: str
    text: str
    status: int


def failed(fault: Exception, done: str) -> Failed:
    """`done` is what was asked for: promoted, rolled back."""
    text = str(fault) if isinstance(fault, EditRefusedError) else f"The store does not answer. {store_words(fault)}"
    title = f"Not {done}. Callers get what they got before."
    if isinstance(fault, EditUncertainError):
        title = f"It is not known whether this was {done}."
    elif isinstance(fault, ConflictError):
        title = f"Not {done}."
    return Failed(title, text, 503 if isinstance(fault, _OF_THE_STORE) else 409)
