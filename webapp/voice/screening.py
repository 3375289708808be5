"""The far leg before the bridge: what the called person hears, and whether they take the call."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from handoff_rules.outcomes import Outcome
from twiml.screening import accepted, ask_to_accept, declined, whisper
from twiml.spoken import Spoken
from webapp import urls
from webapp.calls import leg_words
from webapp.calls.log import Remembered
from webapp.calls.timeline import Event, Kind
from webapp.voice import flow
from webapp.voice.call_setting import set_variables
from webapp.voice.conversation import Conversation
from webapp.voice.screening_words import ELSEWHERE, words_for
from webapp.voice.state import CallState, named_call
from webapp.voice.webhook import LostStateError, Webhook

ACCEPTS = "1"
MACHINES = ("machine", "fax")
"""`AnsweredBy` begins with one of these when no person answered: machine_start, machine_end_beep, fax …"""


def said_by(found: Remembered | None, state: CallState) -> leg_words.Said:
    """What the lines of this attempt said, as far as the store knows it."""
    return leg_words.read(state.attempt, found.beside if found else {})


def screen(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    """Tell the called person who is there and why; with `accept`, ask for a key, so that voicemail is no person."""
    context = conversation.recalled(webhook, state, f"screen:{webhook.form['CallSid']}")
    destination = context.configuration.destination_by_id.get(state.destination or "")
    asks = destination is not None and destination.screen == "accept"
    spoken = introduction(context, state, asks=asks)
    return ask_to_accept(spoken, action=conversation.callback_to_screened(webhook, state)) if asks else whisper(spoken)


def introduction(context: flow.Context, state: CallState, *, asks: bool) -> list[Spoken]:
    """The reason first, then the declared variables that are known or set by the decision and no secret, then what to
    press.

    Both are spoken as they are: a reason may come from an agent or a SIP peer, and what it holds names no variable.
    """
    destination = context.configuration.destination_by_id.get(state.destination or "")
    language = destination.language if destination else "en-US"
    words = words_for(language)
    declared, known = context.configuration.variables, {**context.variables, **set_variables(context, state)}
    reason = state.reason.replace("_", " ")
    told = [f"{words.call_for_you}: {reason}" if reason else words.call_for_you]
    told += [
        f"{name.replace('_', ' ')}: {known[name]}"
        for name, variable in declared.items()
        if not variable.secret and known.get(name)
    ]
    voice = destination.voice if destination and not words.language else None
    texts = [". ".join(told), words.press_1] if asks else [". ".join(told)]
    return [Spoken(f"{text}.", words.language or language, voice) for text in texts]


def screened(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    """The key that the person pressed, or none."""
    if webhook.form.get("Digits") == ACCEPTS:
        _far_leg_says(conversation, webhook, state, Outcome.ANSWERED)
        return accepted()
    _far_leg_says(conversation, webhook, state, Outcome.DECLINED)
    return declined()


def is_asked(webhook: Webhook) -> bool:
    """Whether the fallback URL is asked in place of one of these documents, for the far leg that hears it."""
    failed = urlsplit(webhook.form.get("ErrorUrl", "")).path
    return webhook.is_far_leg and failed in (urls.SCREEN, urls.SCREENED)


def ask_plainly(conversation: Conversation, webhook: Webhook) -> str:
    """What the far leg hears when the state is lost or something of ours failed: never a `<Dial>`, which only the
    caller's own leg takes (error 13201), and no bridge without a yes, because a voicemail may be listening."""
    try:
        state: CallState | None = conversation.state_of(webhook)
    except LostStateError:
        state = None
    words = Spoken(f"{ELSEWHERE.call_for_you}. {ELSEWHERE.press_1}.", ELSEWHERE.language)
    return ask_to_accept([words], action=conversation.callback_to_screened(webhook, state))


def plainly_screened(_: Conversation, webhook: Webhook) -> str:
    """The key alone decides."""
    return accepted() if webhook.form.get("Digits") == ACCEPTS else declined()


def machine_detected(conversation: Conversation, webhook: Webhook) -> None:
    """Machine detection tells the far leg's CallSid and `AnsweredBy` and little else, so the state names the call."""
    form: Mapping[str, str] = {"ParentCallSid": named_call(webhook.state) or "", **webhook.form}
    heard = Webhook(form, webhook.state)
    try:
        state = conversation.state_of(heard)
    except LostStateError:
        return
    if form["AnsweredBy"].startswith(MACHINES):
        _far_leg_says(conversation, heard, state, Outcome.MACHINE)


def _far_leg_says(conversation: Conversation, webhook: Webhook, state: CallState, outcome: Outcome) -> None:
    conversation.leg_said(webhook, state, outcome)
    leg = webhook.form["CallSid"]
    name = "accepted" if outcome is Outcome.ANSWERED else "screened"
    event = Event(f"{name}:{leg}", Kind.SCREENED, state.attempt, detail={"leg": leg, "said": outcome.value})
    conversation.note(webhook, (event,))
