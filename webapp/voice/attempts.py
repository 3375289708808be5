"""A handoff ended: `<Dial>` or `<Refer>` tells how, and the ladder says what follows."""

from __future__ import annotations

from functools import partial

from webapp.voice import agents, screening
from webapp.voice.conversation import Conversation, Webhook
from webapp.voice.outcomes import dial_outcome, is_unbridged, refer_outcome
from webapp.voice.state import CallState


def dial_ended(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    if state.progress is None:
        return agents.sip_agent_ended(conversation, webhook, state, dial_outcome(webhook.form))
    if is_unbridged(webhook.form):
        far_leg = screening.far_leg_claim(state.attempt)
        return conversation.unbridged_ended(webhook, state, far_leg, partial(dial_outcome, webhook.form))
    return conversation.attempt_ended(webhook, state, dial_outcome(webhook.form))


def refer_ended(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    return conversation.attempt_ended(webhook, state, refer_outcome(webhook.form))
