"""A handoff ended: `<Dial>` or `<Refer>` tells how, and the ladder says what follows."""

from __future__ import annotations

from webapp.voice import agents, screening
from webapp.voice.conversation import Conversation
from webapp.voice.outcomes import dial_outcome, is_unbridged, refer_outcome
from webapp.voice.state import CallState
from webapp.voice.webhook import Webhook


def dial_ended(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    if state.progress is None:
        return agents.sip_agent_ended(conversation, webhook, state, dial_outcome(webhook.form))
    if is_unbridged(webhook.form):
        far_leg = screening.far_leg_claim(state.attempt)
        return conversation.ended_as_remembered(
            webhook, state, far_leg, lambda found: dial_outcome(webhook.form, screening.said_by(found))
        )
    return conversation.attempt_ended(webhook, state, dial_outcome(webhook.form))


def refer_ended(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    return conversation.attempt_ended(webhook, state, refer_outcome(webhook.form))
