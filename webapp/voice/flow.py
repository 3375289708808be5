"""The flow of a call: state and event in, next step out. Pure, so that the simulator and the webhooks share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from handoff_rules import ladder
from handoff_rules.compiled import Compiled
from handoff_rules.configuration import Configuration
from handoff_rules.decide import Decision, Facts, Vote, decide, with_votes
from handoff_rules.destinations import Destination, Header
from handoff_rules.intake import MenuIntake, NoIntake
from handoff_rules.outcomes import Ends, Outcome
from handoff_rules.texts import consents
from webapp.calls.record import ENDED_BY
from webapp.calls.timeline import GENERATION, LOST, Event, Kind
from webapp.voice import methods, texting
from webapp.voice.availability import unavailable
from webapp.voice.outcomes import Attempted
from webapp.voice.shown_number import OurNumbers, can_show_another
from webapp.voice.state import LONGEST_REASON, CallState
from webapp.voice.steps import HandOff, HangUp, Meet, Offer, Speak, Step, TakeMessage, Turn


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody who hands the call over by code wants said and sent; their headers win over the destination's."""

    utterance: str | None = None
    headers: tuple[Header, ...] = ()


class Context(NamedTuple):
    """Everything that a step may depend on. `version` is the identity that the call keeps.

    `kept` is what a stored call still knows of its secret variables (handoff_rules.facts), empty for a live one.
    `refused_caller_id`: Twilio would not show the caller's number on the last document. `said`: what the API wished of
    the transfer whose lines are dialled again.
    `refused_document`: the code with which Twilio would not do what the last document says, empty for none.
    `texting`: the number that was called may send texts, as far as is known; without it none is offered.
    `ours`: the numbers that may be shown in its place.
    `taken_elsewhere`: the API redirected the call meanwhile, so Twilio does not play what is answered now.
    """

    compiled: Compiled
    version: str
    environment: str
    variables: Mapping[str, str]
    over: str
    at: datetime
    votes: tuple[Vote, ...] = ()
    failing: frozenset[str] = frozenset()
    kept: Mapping[str, bool | None] = MappingProxyType({})
    refused_caller_id: bool = False
    refused_document: str = ""
    taken_elsewhere: bool = False
    texting: bool = True
    ours: OurNumbers = OurNumbers()
    said: Said | None = None

    @property
    def configuration(self) -> Configuration:
        return self.compiled.configuration

    @property
    def facts(self) -> Facts:
        return Facts(self.variables, self.at, self.votes, self.failing, self.kept)


def begin(context: Context) -> Turn:
    """A call comes in: meet it as the intake says, or let the rules decide at once."""
    intake = context.configuration.intake
    if isinstance(intake, NoIntake):
        return hand_off(context)
    refused = context.refused_caller_id
    state = CallState(context.environment, context.version, None, "", None, asked=1, own_caller_id=refused)
    return Turn(Meet(intake), state, (Event("asked:1", Kind.ASKED, detail={"intake": intake.kind}),))


def ask_again(context: Context, state: CallState) -> Turn | None:
    """The menu heard nothing that it knows: once more while attempts are left, else None and the rules decide."""
    intake = context.configuration.intake
    if not isinstance(intake, MenuIntake) or state.asked >= intake.attempts:
        return None
    again = state._replace(asked=state.asked + 1)
    event = Event(f"asked:{again.asked}", Kind.ASKED, sequence=again.asked, detail={"intake": intake.kind})
    return Turn(Meet(intake, again=True), again, (event,))


def without_intake(context: Context, state: CallState, why: Mapping[str, str]) -> Turn:
    """The intake cannot be met as it stands in the configuration: the rules decide on what is known without it."""
    event = Event(f"outcome:{state.attempt}", Kind.OUTCOME, state.attempt, detail={
        "destination": None, "outcome": Outcome.FAILED.value, "raw": dict(why), "unknown": None})  # fmt: skip
    turn = hand_off(context)
    return turn._replace(events=(event, *turn.events))


def hand_off(
    context: Context, destination: str | None = None, reason: str = "", *, said: Said | None = None, base: int = 0
) -> Turn:
    """The rules decide, unless an agent, a REFER or the API named a published destination.

    `base` is where a transfer of a live call begins to count attempts.
    """
    decision = decide(context.compiled, context.facts)
    if named := context.configuration.destination_by_id.get(destination or ""):
        decision = decision._replace(
            destination=named.id, rule=None, reason=reason or named.reason, utterance=None, headers=None
        )
    elif reason:
        decision = decision._replace(reason=reason)
    decision = _with_words(context, decision, said)
    reason = decision.reason[:LONGEST_REASON]
    state = CallState(
        context.environment, context.version, decision.rule, reason, None, attempt=base,
        own_caller_id=context.refused_caller_id,
    )  # fmt: skip
    move = ladder.first_step(context.configuration, decision.destination, unavailable(context))
    decided = Event(f"decided{_generation(state)}", Kind.DECIDED, base, detail={
        "destination": decision.destination, "rule": decision.rule, "reason": decision.reason,
        "asked_for": destination})  # fmt: skip
    return _turn(context, state, move, (decided,), decision)


def _with_words(context: Context, decision: Decision, said: Said | None) -> Decision:
    if said is None:
        return decision
    headers = decision.headers
    if said.headers:
        theirs = {header.name.lower() for header in said.headers}
        others = context.configuration.destination_by_id[decision.destination].headers if headers is None else headers
        headers = (*said.headers, *(header for header in others if header.name.lower() not in theirs))
    utterance = decision.utterance if said.utterance is None else said.utterance.replace("$", "$$")
    return decision._replace(headers=headers, utterance=utterance)


def _generation(state: CallState) -> str:
    """What tells the events of a transfer from those before it."""
    return f":{state.attempt // GENERATION}" if state.attempt >= GENERATION else ""


def after_offer(context: Context, state: CallState, digits: str) -> Turn:
    """The caller answered the offer of a text, or did not: the handoff that waited goes on in every case."""
    destination = context.configuration.destination_by_id.get(state.destination or "")
    if destination is None:
        return to_default(context)
    if context.refused_caller_id:
        state = state._replace(own_caller_id=True)
    step = _hand_off_step(context, state, destination, _decision_of(context, state))
    wish, events = None, texting.refused(state.attempt)
    if destination.offer_text is not None and consents(digits):
        wish, events = texting.agreed(destination.offer_text, state.attempt, context.version)
    return Turn(step, state, (*events, _event_of(step, state)), wish)


def _decision_of(context: Context, state: CallState) -> Decision:
    """What the decision before the offer changed about the destination, from the rule that the state names."""
    rule = context.configuration.rule_by_id.get(state.rule or "")
    chosen = rule if rule is not None and rule.destination == state.destination else None
    overrides = (chosen.utterance, chosen.headers) if chosen else (None, None)
    decision = Decision(state.destination or "", state.rule, state.reason, *overrides)
    decision = with_votes(decision, context.compiled, context.facts)
    is_wished = state.progress is not None and state.progress.first == state.destination
    return _with_words(context, decision, context.said) if is_wished else decision


def to_default(context: Context, base: int = 0) -> Turn:
    """Straight to the default destination, no rule asked: what remains when something of ours went wrong."""
    default = context.configuration.default_destination
    state = CallState(
        context.environment, context.version, None, "fallback", None, attempt=base + LOST,
        own_caller_id=context.refused_caller_id,
    )  # fmt: skip
    return _turn(context, state, ladder.first_step(context.configuration, default, unavailable(context)), (), None)


def after_attempt(context: Context, state: CallState, attempted: Attempted) -> Turn:
    """A handoff ended: the next step of the ladder, or the end of the call."""
    outcome = attempted.outcome
    if context.refused_caller_id and not state.own_caller_id:
        state = state._replace(own_caller_id=True)
        if outcome is Outcome.FAILED and attempted.by_far_end and attempted.caller_is_there:
            again = _dial_again(context, state, attempted)
            if again is not None:
                return again
    event = Event(f"outcome:{state.attempt}", Kind.OUTCOME, state.attempt, detail={
        "destination": state.destination, "outcome": outcome.value, "raw": dict(attempted.raw),
        "unknown": attempted.unknown})  # fmt: skip
    move = None
    if state.progress is not None and attempted.caller_is_there:
        move = ladder.next_step(context.configuration, state.progress, outcome, unavailable(context))
        if outcome is Outcome.CANCELED:  # somebody took the ringing back, and the caller is still there and hears why
            move = ladder.closing(context.configuration, state.progress)
    if move is None:
        return _ended(context, HangUp(_ends(outcome, attempted)), state, (event,))
    return _turn(context, state, move, (event,), None)


def _dial_again(context: Context, state: CallState, attempted: Attempted) -> Turn | None:
    """The same destination once more, and at once: nobody's phone has rung, because the caller's number was refused.
    None when there is no number of ours that was not shown yet."""
    destination = context.configuration.destination_by_id.get(state.destination or "")
    if destination is None or destination.caller_id != "caller":
        return None
    step = _hand_off_step(context, state, destination, _decision_of(context, state))
    if not isinstance(step, HandOff) or step.plan.verb is not methods.Verb.DIAL:
        return None
    phone, over, variables = step.plan.rings_a_phone, context.over, context.variables
    if not can_show_another(destination, context.ours, phone=phone, over=over, variables=variables):
        return None
    event = Event(f"dialled_again:{state.attempt}", Kind.DIALLED_AGAIN, state.attempt, detail={
        "destination": destination.id, "raw": dict(attempted.raw)})  # fmt: skip
    return Turn(step._replace(utterance=""), state, (event,))


def _ended(context: Context, step: Step, state: CallState, events: tuple[Event, ...]) -> Turn:
    """A step after which nobody is rung any more: a caller whom no person took may get a text."""
    wish = None
    if not context.taken_elsewhere and texting.can_be_texted(context.over, context.variables):
        wish = texting.text_back(context.configuration, step)
    return Turn(step, state, (*events, texting.asked(wish.purpose, state.attempt)) if wish else events, wish)


def _ends(outcome: Outcome, attempted: Attempted) -> Ends:
    return ENDED_BY.get(outcome, Ends.HUNG_UP if attempted.caller_is_there else Ends.CALLER_HUNG_UP)


def _turn(
    context: Context, state: CallState, move: ladder.Move, events: tuple[Event, ...], decision: Decision | None
) -> Turn:
    passed = tuple(
        Event(f"passed:{state.attempt}:{number}", Kind.PASSED_OVER, state.attempt, number, {
            "destination": over.destination, "outcome": over.outcome.value if over.outcome else None, "why": over.why})
        for number, over in enumerate(move.passed_over)
    )  # fmt: skip
    ringing = move.action.destination if isinstance(move.action, ladder.Ring) else None
    state = state.with_progress(move.progress, ringing)
    step = _step(context, state, move.action, decision)
    events = (*events, *passed)
    if isinstance(step, HandOff):
        offer = texting.offer_of(step.destination) if _may_offer(context, state, decision) else None
        return Turn(offer or step, state, (*events, _event_of(offer or step, state)))
    return _ended(context, step, state, (*events, _event_of(step, state)))


def _may_offer(context: Context, state: CallState, decision: Decision | None) -> bool:
    """Once, before the first handoff of a call: not further down the ladder, where the caller has waited already, and
    not at a transfer, which counts its attempts from higher up."""
    first = decision is not None and state.attempt == 1
    return first and context.texting and texting.can_be_texted(context.over, context.variables)


def _step(context: Context, state: CallState, action: ladder.Action, decision: Decision | None) -> Step:
    default = context.configuration.destination_by_id[context.configuration.default_destination]
    match action:
        case ladder.Ring(destination):
            return _hand_off_step(context, state, context.configuration.destination_by_id[destination], decision)
        case ladder.TakeMessage(voicemail):
            return TakeMessage(voicemail, voicemail.language or default.language, voicemail.voice)
        case ladder.Speak(text, language, voice):
            return Speak(text, language, voice)
        case ladder.HangUp():
            return HangUp(Ends.HUNG_UP)


def _hand_off_step(
    context: Context, state: CallState, destination: Destination, decision: Decision | None
) -> HandOff | HangUp:
    """The rule's overrides belong to the destination that it named; later steps speak for themselves."""
    plan = methods.plan(destination, context.over, context.configuration)
    named = decision is not None and decision.destination == destination.id
    return HandOff(
        destination,
        plan,
        decision.headers if named and decision and decision.headers is not None else destination.headers,
        decision.utterance if named and decision and decision.utterance is not None else destination.utterance,
        state.reason or destination.reason,
    )


def _event_of(step: Step, state: CallState) -> Event:
    match step:
        case HandOff():
            return Event(f"handed_off:{state.attempt}", Kind.HANDED_OFF, state.attempt, detail={
                "destination": step.destination.id, "verb": step.plan.verb.value, "note": step.plan.note,
                "routes": list(step.destination.routes)})  # fmt: skip
        case Offer():
            return texting.offered(step, state.attempt)
        case TakeMessage():
            return Event(f"voicemail{_generation(state)}", Kind.VOICEMAIL, state.attempt)
        case Speak():
            return Event(f"spoken{_generation(state)}", Kind.SPOKEN, state.attempt, detail={"text": step.text})
        case HangUp():
            return Event(f"hung_up{_generation(state)}", Kind.HUNG_UP, state.attempt, detail={"ends": step.ends.value})
        case Meet():
            return Event(f"asked:{state.asked}", Kind.ASKED, detail={"intake": step.intake.kind})
