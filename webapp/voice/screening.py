"""The far leg before the bridge: what the called person hears, and whether they take the call."""

from __future__ import annotations

from handoff_rules.outcomes import Outcome
from handoff_rules.variables import substitute
from twiml.screening import accepted, ask_to_accept, declined, whisper
from twiml.spoken import Spoken
from webapp.calls.timeline import Event, Kind
from webapp.voice import flow
from webapp.voice.conversation import Conversation, Webhook
from webapp.voice.state import CallState

PRESS_1 = "Press 1 to take the call."
ACCEPTS = "1"
MACHINES = ("machine", "fax")
"""`AnsweredBy` begins with one of these when no person answered: machine_start, machine_end_beep, fax …"""


def far_leg_claim(attempt: int) -> str:
    """Where the far leg's word is kept for the `dial-ended` that follows."""
    return f"far-leg:{attempt}"


def screen(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    """Tell the called person who is there and why; with `accept`, ask for a key, so that voicemail is no person."""
    context = conversation.recalled(webhook, state, f"screen:{webhook.form['CallSid']}")
    destination = context.configuration.destination_by_id.get(state.destination or "")
    words = [Spoken(introduction(context, state), destination.language if destination else None)]
    if destination is None or destination.screen != "accept":
        return whisper(words)
    asking = [*words, Spoken(PRESS_1, destination.language)]
    return ask_to_accept(asking, action=conversation.callback_to_screened(webhook, state))


def introduction(context: flow.Context, state: CallState) -> str:
    """The reason first, then the declared variables that are known and no secret."""
    declared = context.configuration.variables
    known = [
        f"{name.replace('_', ' ')}: {context.variables[name]}"
        for name, variable in declared.items()
        if not variable.secret and context.variables.get(name)
    ]
    reason = substitute(state.reason.replace("_", " "), context.variables).text
    return ". ".join([f"Call for you: {reason}" if reason else "Call for you", *known]) + "."


def screened(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    """The key that the person pressed, or what machine detection heard."""
    answered_by = webhook.form.get("AnsweredBy", "")
    if answered_by:
        if answered_by.startswith(MACHINES):
            _far_leg_says(conversation, webhook, state, Outcome.MACHINE)
        return accepted()
    if webhook.form.get("Digits") == ACCEPTS:
        return accepted()
    _far_leg_says(conversation, webhook, state, Outcome.DECLINED)
    return declined()


def _far_leg_says(conversation: Conversation, webhook: Webhook, state: CallState, outcome: Outcome) -> None:
    conversation.mark(webhook, far_leg_claim(state.attempt), outcome.value)
    leg = webhook.form["CallSid"]
    event = Event(f"screened:{leg}", Kind.SCREENED, state.attempt, detail={"leg": leg, "said": outcome.value})
    conversation.note(webhook, (event,))
