"""The API took a live call here: hand it to the destination that was wished, or let the rules decide once more."""

from __future__ import annotations

from webapp.calls.timeline import Event, Kind
from webapp.voice.conversation import Conversation
from webapp.voice.kept import read_wish
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
