"""The lines that an attempt rings: how many there are, and whether picking one up is taking the call."""

from __future__ import annotations

from typing import NamedTuple

from handoff_rules.configuration import Configuration
from webapp.voice.state import CallState


class Lines(NamedTuple):
    """`are_screened`: whoever picks up is spoken to first, and may still not take the call."""

    number: int
    are_screened: bool


def lines_of(configuration: Configuration, state: CallState, sandbox_phone: str | None) -> Lines:
    """In the sandbox the tester's phone may ring in place of all, and nobody screens it."""
    destination = configuration.destination_by_id.get(state.destination or "")
    if destination is None:
        return Lines(1, are_screened=True)
    if state.environment == "sandbox" and sandbox_phone:
        return Lines(1, are_screened=False)
    return Lines(len(destination.routes), destination.screen != "off")
