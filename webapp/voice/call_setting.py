"""The setting of a call's documents: callbacks with its state, its variables, and the numbers that are ours."""

from __future__ import annotations

from typing import NamedTuple

from handoff_rules.decide import counting
from handoff_rules.variables import substitute
from webapp.calls.timeline import LOST, Kind
from webapp.configurations.deployment import Deployment, phone_number_in
from webapp.urls import PublicURLs
from webapp.voice.documents import Setting
from webapp.voice.flow import Context
from webapp.voice.shown_number import OurNumbers
from webapp.voice.state import CallState, StateKeys
from webapp.voice.steps import HandOff, Turn
from webapp.voice.variables import is_reserved


class CallSetting(NamedTuple):
    """The same for the webhooks and the simulator; only the URLs and the keys differ."""

    urls: PublicURLs
    state_keys: StateKeys
    deployment: Deployment
    called: str

    def of(self, context: Context, turn: Turn, call_sid: str) -> Setting:
        return Setting(
            urls=self.urls,
            state=self.state_keys.write(turn.state, call_sid),
            configuration=context.configuration,
            variables={**context.variables, **set_variables(context, turn.state), **flow_variables(turn)},
            over=context.over,
            ours=our_numbers(self.deployment, self.called),
            sandbox_phone=self.deployment.sandbox_phone if context.environment == "sandbox" else None,
            own_caller_id=turn.state.own_caller_id,
            machine_state=self._machine_state(turn, call_sid),
        )

    def _machine_state(self, turn: Turn, call_sid: str) -> str:
        listens = isinstance(turn.step, HandOff) and turn.step.destination.machine_detection
        return self.state_keys.write(turn.state, call_sid, naming_the_call=True) if listens else ""


def our_numbers(deployment: Deployment, called: str) -> OurNumbers:
    """What may be shown of ours on a call to `called`. Before any number was named, none is known to be ours."""
    number = deployment.numbers.get(phone_number_in(called))
    default = (number and number.caller_id) or deployment.default_caller_id
    return OurNumbers(default, deployment.own_numbers.keys() if deployment.numbers else ())


def flow_variables(turn: Turn) -> dict[str, str]:
    """What the flow itself knows, for headers and texts."""
    state = turn.state
    variables = {"attempt": str(state.attempt % LOST)}
    if state.reason:
        variables["handoff_reason"] = state.reason
    if isinstance(turn.step, HandOff):
        variables["handoff_destination"] = turn.step.destination.id
    for event in turn.events:
        if event.kind is Kind.OUTCOME:
            variables["previous_outcome"] = str(event.detail["outcome"])
    return variables


def set_variables(context: Context, state: CallState) -> dict[str, str]:
    """What the matched rule and the code rules add to the call's variables, for this and every later step.

    A secret is only ever copied into another secret: anything else would carry it into headers and words.
    """
    rule = context.configuration.rule_by_id.get(state.rule) if state.rule else None
    if not context.votes and not (rule and rule.set):
        return {}
    added = dict(rule.set) if rule else {}
    decided_on = state.progress.first if state.progress else ""
    for vote in reversed(counting(context.votes, decided_on)):
        added.update(vote.set)
    if not added:
        return {}
    secrets = context.compiled.secret_variables
    known = {name: value for name, value in context.variables.items() if name not in secrets}
    return {
        name: substitute(value, context.variables if name in secrets else known).text
        for name, value in added.items()
        if not is_reserved(name)
    }
