"""The API took a live call here: hand it to the destination that was wished, or let the rules decide once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handoff_rules.destinations import Header
from webapp.calls.timeline import Event, Kind
from webapp.voice.conversation import Conversation
from webapp.voice.flow import Said
from webapp.voice.state import CallState
from webapp.voice.webhook import Webhook


def transfer(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    """Destination and reason stand in the URL, so the call gets there without Redis; what else was wished is richer."""
    context, wish = conversation.recalled_with_wish(webhook, state)
    said = read_wish(wish)
    event = Event(
        f"transferred:{state.attempt}", Kind.TRANSFERRED, state.attempt,
        detail={"destination": state.destination, "known": wish is not None},
    )  # fmt: skip
    return conversation.decide_again(
        webhook, context, (event,), state.destination, state.reason, said=said, base=state.attempt
    )


def read_wish(wish: Mapping[str, Any] | None) -> Said | None:
    """What was wished beside the destination. The API has checked it; a lying store must still not lose the call."""
    if not wish:
        return None
    headers, utterance = wish.get("headers"), wish.get("utterance")
    pairs = headers.items() if isinstance(headers, dict) else ()
    return Said(
        utterance if isinstance(utterance, str) else None,
        tuple(
            # An agent's words are literal: `$` in them names no variable.
            Header.model_construct(name=name, value=value.replace("$", "$$"), if_missing="drop", user_to_user=None)
            for name, value in pairs
            if isinstance(name, str) and isinstance(value, str)
        ),
    )
