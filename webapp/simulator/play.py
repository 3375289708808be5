"""The simulator: the same flow and the same documents as the webhooks, with a script in place of the far end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from handoff_rules.explain import explain
from handoff_rules.intake import ConversationRelayIntake, MenuIntake, NoIntake, SipAgentIntake, StreamIntake
from handoff_rules.outcomes import Ends, Outcome
from handoff_rules.problems import Problem
from handoff_rules.trace import Trace
from handoff_rules.unknown import unknown_secrets
from webapp.calls.timeline import Event
from webapp.configurations import Published
from webapp.configurations.deployment import Deployment
from webapp.simulator.call import SimulatedCall
from webapp.simulator.far_end import Line, attempted
from webapp.simulator.hearing import called_person_hears, caller_hears
from webapp.simulator.result import SimulatedStep, SimulatedText, Simulation
from webapp.urls import PublicURLs
from webapp.voice import flow
from webapp.voice.answer import Answer, answer
from webapp.voice.call_setting import CallSetting
from webapp.voice.code_rules import CodeRules, Votes
from webapp.voice.documents import Setting
from webapp.voice.menu import heard
from webapp.voice.methods import Verb
from webapp.voice.state import StateKeys
from webapp.voice.steps import HandOff, HangUp, Meet, Offer, Speak, TakeMessage, Turn

OF_NOBODY = StateKeys(["simulated calls sign their state with this, and no webhook accepts it"])
SIMULATED = PublicURLs("https://handoff.invalid")
MOST_DOCUMENTS = 40
"""A ladder of twenty steps and a menu of five prompts stay far below; more would be a loop, and that is a bug."""


AS_CONFIGURED = "production"
"""The environment that dials the routes as the configuration has them. In "sandbox" `sandbox_phone` would ring in their
place, without their headers: true of a test call, and not what somebody asks who wants to see a version."""

AgentIntakes = ConversationRelayIntake | StreamIntake | SipAgentIntake
"""Where an agent meets the caller first, what it learns is known only when its part ends."""

FarEnd = Callable[[str], str]
"""Destination id → the word for what the attempt there meets."""


def script(words: Sequence[str]) -> FarEnd:
    """The words in order, whichever destinations are rung; later attempts are answered."""
    left = iter(words)
    return lambda destination: next(left, "answered")


@dataclass(slots=True)
class _Playing:
    """A simulation under way."""

    call: SimulatedCall
    context: flow.Context
    setting: CallSetting
    far_end: FarEnd
    code_rules: Votes
    steps: list[SimulatedStep] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    texts: list[SimulatedText] = field(default_factory=list)
    met: list[str] = field(default_factory=list)

    def tell(self, turn: Turn) -> Answer:
        def setting_for(turn: Turn) -> Setting:
            return self.setting.of(self.context, turn, self.call.call_sid)

        answered = answer(self.context, turn, setting_for)
        self.events.extend(answered.events)
        if wish := answered.turn.text:
            body = setting_for(answered.turn).filled(wish.body)
            self.texts.append(SimulatedText(wish.purpose.value, body))
        return answered


def simulate(
    published: Published,
    call: SimulatedCall,
    far_end: Sequence[str] | FarEnd = (),
    *,
    environment: str,
    deployment: Deployment | None = None,
    urls: PublicURLs = SIMULATED,
    state_keys: StateKeys = OF_NOBODY,
    code_rules: Votes | None = None,
    kept: Mapping[str, bool | None] | None = None,
    problems: Sequence[Problem] = (),
) -> Simulation:
    """Play `call` against a version. `far_end` is what each attempt meets, in order or by destination.

    `environment`: AS_CONFIGURED for every question about a version; that of the call when a real one is played again.
    """
    code_rules = code_rules or CodeRules({})
    intake = published.compiled.configuration.intake
    variables = {**({} if isinstance(intake, AgentIntakes) else call.from_agents), **call.from_the_request}
    context = flow.Context(
        compiled=published.compiled, version=str(published.version), environment=environment, variables=variables,
        over=call.over, at=call.at, failing=call.failing, kept=kept or {},
        votes=code_rules.votes(variables) if isinstance(intake, NoIntake) else (),
    )  # fmt: skip
    setting = CallSetting(urls, state_keys, deployment or Deployment(), call.called)
    playing = _Playing(call, context, setting, far_end if callable(far_end) else script(far_end), code_rules)
    ends, turn = _play(playing)
    decided = next((event.detail for event in playing.events if event.id == "decided"), {})
    context = playing.context

    @cache
    def explained() -> Trace:
        trace = explain(context.compiled, context.facts, decided.get("asked_for"))
        return replace(trace, reason=decided.get("reason", trace.reason))

    return Simulation(
        ends=ends,
        path=tuple(step.destination for step in playing.steps if step.destination),
        rule=decided.get("rule"),
        reason=turn.state.reason,
        explained=explained,
        steps=tuple(playing.steps),
        events=tuple(playing.events),
        problems=tuple(problems),
        texts=tuple(playing.texts[:1]),
        met=tuple(playing.met),
        unknown=unknown_secrets(context.compiled, context.facts, decided.get("asked_for")),
    )


def _play(playing: _Playing) -> tuple[Ends, Turn]:
    turn = _first(playing)
    for _ in range(MOST_DOCUMENTS):
        answered = playing.tell(turn)
        turn = answered.turn
        match turn.step:
            case Meet():
                playing.steps.append(_quiet_step(answered, "ask"))
                turn = _intake_ended(playing, turn)
            case Offer():
                playing.steps.append(_quiet_step(answered, "offer"))
                turn = flow.after_offer(playing.context, turn.state, _pressed(playing))
            case HandOff():
                following = _attempt(playing, answered)
                if following is None:
                    return Ends.RETURNED, turn
                turn = following
            case TakeMessage():
                playing.steps.append(_quiet_step(answered, "record"))
                return Ends.VOICEMAIL, turn
            case Speak():
                playing.steps.append(_quiet_step(answered, "say"))
                return Ends.MESSAGE, turn
            case HangUp(ends):
                return ends, turn
    raise RuntimeError("a simulated call did not end: the flow has a loop")


def _first(playing: _Playing) -> Turn:
    """What is asked for where no agent meets the caller was named by the API, or by a desk that REFERs to us."""
    intake = playing.context.configuration.intake
    if not playing.call.asked_for or isinstance(intake, AgentIntakes):
        return flow.begin(playing.context)
    context = playing.context if isinstance(intake, NoIntake) else _decide_with(playing, {})
    return flow.hand_off(context, playing.call.asked_for, playing.call.reason)


def _attempt(playing: _Playing, answered: Answer) -> Turn | None:
    """Ring, and go on as the script says; None when the call was given back and no webhook follows."""
    turn, step = answered.turn, answered.turn.step
    assert isinstance(step, HandOff)
    verb = answered.document.verb or step.plan.verb
    if verb is Verb.HANG_UP:
        playing.steps.append(_ringing_step(playing, answered, step, None))
        return None
    line = Line.of(answered.document.xml, step.destination)
    word = playing.far_end(step.destination.id)
    playing.met.append(word)
    ended = attempted(word, verb, line)
    playing.steps.append(_ringing_step(playing, answered, step, ended.outcome))
    return flow.after_attempt(playing.context, turn.state, ended)


def _intake_ended(playing: _Playing, turn: Turn) -> Turn:
    """The menu heard something, or the agent is done: the rules decide with what is known by now."""
    assert isinstance(turn.step, Meet)
    if playing.call.leaves:
        return Turn(HangUp(playing.call.leaves), turn.state, ())
    if turn.step.intake.kind != "menu":
        context = _decide_with(playing, playing.call.from_agents)
        return flow.hand_off(context, playing.call.asked_for, playing.call.reason)
    context = playing.context
    digits, speech = turn.step.intake.takes(playing.call.digits, playing.call.speech)
    reply = heard(context, turn.state, digits, speech)
    said = {name: text for name, text in (("digits", digits), ("speech", speech)) if text}
    playing.events.append(reply.event)
    if not reply.understood and (again := flow.ask_again(context, turn.state)):
        return again
    return flow.hand_off(_decide_with(playing, {**said, **reply.variables}))


def _pressed(playing: _Playing) -> str:
    """The keys of a simulated call answer the menu; where there is none, they answer the offer of a text."""
    is_menu = isinstance(playing.context.configuration.intake, MenuIntake)
    return "" if is_menu else playing.call.digits[:1]


def _decide_with(playing: _Playing, said: Mapping[str, str]) -> flow.Context:
    variables = {**playing.context.variables, **said}
    playing.context = playing.context._replace(variables=variables, votes=playing.code_rules.votes(variables))
    return playing.context


def _ringing_step(playing: _Playing, answered: Answer, step: HandOff, outcome: Outcome | None) -> SimulatedStep:
    document = answered.document
    return SimulatedStep(
        destination=step.destination.id,
        method=step.destination.method.value,
        verb=(document.verb or step.plan.verb).value,
        document=document.xml,
        headers={header.name: header.value for header in document.headers},
        dropped_headers={header.name: header.why for header in document.dropped},
        outcome=outcome,
        caller_hears=caller_hears(document.xml),
        called_person_hears=called_person_hears(
            playing.context, answered.turn.state, Line.of(document.xml, step.destination).screen
        ),
        caller_id=document.caller_id.value if document.caller_id else None,
        notes=[note for note in (step.plan.note, document.caller_id.why if document.caller_id else None) if note],
    )


def _quiet_step(answered: Answer, verb: str) -> SimulatedStep:
    xml = answered.document.xml
    return SimulatedStep(None, None, verb, xml, {}, {}, None, caller_hears(xml), ())
