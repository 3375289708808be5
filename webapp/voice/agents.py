"""What came of the intake: keys or words from a menu, an AI agent that is done, a SIP agent that REFERs to us."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from handoff_rules.configuration import Configuration
from handoff_rules.outcomes import Ends, Outcome
from handoff_rules.variables import clean, is_variable_name
from webapp.calls.timeline import Event, Kind
from webapp.voice import flow
from webapp.voice.conversation import Conversation
from webapp.voice.menu import heard
from webapp.voice.outcomes import Attempted, caller_is_there, raw_fields
from webapp.voice.state import CallState
from webapp.voice.steps import HangUp, Turn
from webapp.voice.variables import FROM_CALLER, LONGEST_VALUE, is_reserved, sip_variable
from webapp.voice.webhook import Webhook

MOST_VARIABLES = 64
REFERRED = "referred"
"""The claim of the webhook that tells of a SIP agent's REFER."""
_IN_BRACKETS = re.compile(r"<([^<>]*)>")
_FOR_THE_EYE = str.maketrans("", "", "-.()")


@dataclass(frozen=True, slots=True)
class Wish:
    """What an agent asks for. A destination that is not published counts as none: the rules decide then."""

    destination: str | None = None
    reason: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)


def gathered(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    """The menu's answer: a known choice sets variables and the rules decide; anything else is asked again."""
    if state.progress is not None:
        return offer_answered(conversation, webhook, state)
    context = conversation.recalled(webhook, state, f"gathered:{state.asked}")
    reply = heard(context, state, webhook.form.get("Digits", ""), webhook.form.get("SpeechResult", ""))
    if not reply.understood and (again := flow.ask_again(context, state)):
        return conversation.conclude(webhook, context, again._replace(events=(reply.event, *again.events)))
    context = context._replace(variables={**context.variables, **reply.variables})
    return conversation.decide_again(webhook, context, (reply.event,))


def offer_answered(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    """A destination was decided on already, so the question was whether the caller wants a text. The key answers that
    and nothing else: `$digits` stays what the caller pressed in a menu."""
    pressed = webhook.form.get("Digits", "")
    webhook = replace(webhook, form={name: text for name, text in webhook.form.items() if name not in FROM_CALLER})
    context = conversation.recalled(webhook, state, f"offered:{state.attempt}")
    return conversation.conclude(webhook, context, flow.after_offer(context, state, pressed))


def agent_ended(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    """ConversationRelay or a stream ended: hand off when it says so or broke down, hang up when it was done."""
    context = conversation.recalled(webhook, state, "agent-ended")
    form = webhook.form
    wish = read_handoff_data(form.get("HandoffData", ""))
    event = Event("agent_ended", Kind.AGENT_ENDED, detail={
        "raw": raw_fields(form), "handed_off": wish is not None, "reason": wish.reason if wish else ""})  # fmt: skip
    if not caller_is_there(form):
        return conversation.conclude(webhook, context, _over(Ends.CALLER_HUNG_UP, state, event))
    if wish is None and form.get("SessionStatus") == "ended":
        return conversation.conclude(webhook, context, _over(Ends.HUNG_UP, state, event))
    # No HandoffData and no clean end: a dropped socket (64105) must never drop the caller, so the rules decide.
    return _granted(conversation, webhook, context, wish or Wish(), event)


def referred(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    """A SIP agent sent REFER to us: its target names the destination, its URI headers tell what it learned."""
    context = conversation.recalled(webhook, state, REFERRED)
    wish = read_refer_target(webhook.form.get("ReferTransferTarget", ""), context.configuration)
    event = Event("agent_ended", Kind.AGENT_ENDED, detail={"referred_to": wish.destination, "reason": wish.reason})
    return _granted(conversation, webhook, context, wish, event)


def sip_agent_ended(conversation: Conversation, webhook: Webhook, state: CallState, attempted: Attempted) -> str:
    """The dial of a SIP agent ended: done when it had answered, else the rules take the caller on. After its REFER that
    is no news of the call, whenever it comes."""
    context = conversation.recalled(webhook, state, "agent-ended", unless=REFERRED)
    event = Event("agent_ended", Kind.AGENT_ENDED,
                  detail={"raw": dict(attempted.raw), "outcome": attempted.outcome.value})  # fmt: skip
    if attempted.outcome is Outcome.ANSWERED or not attempted.caller_is_there:
        ends = Ends.ANSWERED if attempted.outcome is Outcome.ANSWERED else Ends.CALLER_HUNG_UP
        return conversation.conclude(webhook, context, _over(ends, state, event))
    return conversation.decide_again(webhook, context, (event,))


def _over(ends: Ends, state: CallState, event: Event) -> Turn:
    """The call is over with the agent's part: the timeline says how, since no handoff does."""
    hung_up = Event("hung_up", Kind.HUNG_UP, state.attempt, detail={"ends": ends.value})
    return Turn(HangUp(ends), state, (event, hung_up))


def _granted(conversation: Conversation, webhook: Webhook, context: flow.Context, wish: Wish, event: Event) -> str:
    context = context._replace(variables={**context.variables, **wish.variables})
    return conversation.decide_again(webhook, context, (event,), wish.destination, wish.reason)


def read_handoff_data(text: str) -> Wish | None:
    """HandoffData is text by Twilio's word and JSON by convention; anything else is taken as the reason."""
    if not text:
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return Wish(reason=clean(text)[:100])
    if not isinstance(data, dict):
        return Wish(reason="" if data is None else clean(data if isinstance(data, str) else text)[:100])
    told = data.get("variables")
    variables = _variables({**data, **(told if isinstance(told, dict) else {})})
    variables = {name: value for name, value in variables.items() if name not in ("destination", "reason", "variables")}
    return Wish(_text(data.get("destination")) or None, _text(data.get("reason"))[:100], variables)


def read_refer_target(target: str, configuration: Configuration) -> Wish:
    """`<sip:billing-support@host?X-Reason=…>` or `<tel:+1…>`: a destination by its id, or by its route. A name may
    stand before the brackets (RFC 3261 20.10), and signs between the digits of a tel: are for the eye (RFC 3966 3)."""
    bracketed = _IN_BRACKETS.search(target)
    address, _, headers = (bracketed[1] if bracketed else target.strip()).partition("?")
    scheme, _, rest = address.partition(":")
    user = unquote(rest.partition(";")[0].partition("@")[0])
    if scheme.lower() == "tel":
        user = user.translate(_FOR_THE_EYE)
    by_id = user if user in configuration.destination_by_id else None
    by_route = next(
        (d.id for d in configuration.destinations if (user and user in d.routes) or address in d.routes), None
    )
    pairs = (header.partition("=") for header in headers.split("&") if header)
    variables = {sip_variable(name): clean(unquote(value))[:LONGEST_VALUE] for name, _, value in pairs if name}
    return Wish(by_id or by_route, variables.get("sip_x_reason", ""), dict(list(variables.items())[:MOST_VARIABLES]))


def _variables(data: Mapping[str, Any]) -> dict[str, str]:
    told = {
        name: _text(value)
        for name, value in data.items()
        if is_variable_name(name) and not is_reserved(name) and isinstance(value, str | int | float)
    }
    return dict(list(told.items())[:MOST_VARIABLES])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return clean(str(value))[:LONGEST_VALUE] if isinstance(value, str | int | float) else ""
