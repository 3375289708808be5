"""A handoff ended: `<Dial>` or `<Refer>` tells how, and the ladder says what follows."""

from __future__ import annotations

from dataclasses import replace

from handoff_rules.outcomes import Outcome
from webapp.calls.log import Remembered
from webapp.voice import agents, screening
from webapp.voice.conversation import Conversation
from webapp.voice.outcomes import Attempted, dial_outcome, is_unbridged, refer_outcome
from webapp.voice.state import CallState
from webapp.voice.webhook import Webhook

OF_ONE_LINE = (Outcome.BUSY, Outcome.NO_ANSWER, Outcome.FAILED, Outcome.DECLINED)
"""Twilio tells one status of a ring group, and not of which line: what the lines said counts, where all did."""


def dial_ended(conversation: Conversation, webhook: Webhook, state: CallState, *, by_far_end: bool = True) -> str:
    if state.progress is None:
        return agents.sip_agent_ended(conversation, webhook, state, dial_outcome(webhook.form))
    told, lines = replace(dial_outcome(webhook.form), by_far_end=by_far_end), conversation.lines_of(state).number
    speaks_of_one = lines > 1 and told.outcome in OF_ONE_LINE
    if not is_unbridged(webhook.form) and not speaks_of_one:
        return conversation.attempt_ended(webhook, state, told)

    def with_words(found: Remembered | None) -> Attempted:
        said = screening.said_by(found, state).of_all(lines)
        return replace(dial_outcome(webhook.form, said), by_far_end=by_far_end)

    return conversation.ended_as_remembered(webhook, state, with_words, told.outcome)


def refer_ended(conversation: Conversation, webhook: Webhook, state: CallState, *, by_far_end: bool = True) -> str:
    return conversation.attempt_ended(webhook, state, replace(refer_outcome(webhook.form), by_far_end=by_far_end))
