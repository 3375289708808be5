"""A simulation as the terminal shows it: where the call went, why, and what each document was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.dom import minidom

from handoff_rules.outcomes import Ends
from handoff_rules.trace import RuleResult, RuleTrace, Trace
from webapp.calls.sentences import OUTCOMES, VERBS, sentence, text_to_come
from webapp.calls.timeline import Event, Kind
from webapp.simulator import SimulatedStep, Simulation

Names = Mapping[str, str]

ENDS = {
    Ends.ANSWERED: "Answered by {last}.",
    Ends.REFERRED: "Taken over by {last}: the caller's own system followed the REFER.",
    Ends.UNCONFIRMED: "Sent to {last} by REFER, and nobody confirmed that it took the call.",
    Ends.RETURNED: "Given back to the caller's own system by SIP BYE.",
    Ends.VOICEMAIL: "The caller is asked to leave a message.",
    Ends.MESSAGE: "The caller hears the closing message.",
    Ends.HUNG_UP: "Handoff hangs up.",
    Ends.CALLER_HUNG_UP: "The caller hung up.",
}
MARKS = {RuleResult.MATCHED: "✓", RuleResult.NOT_MATCHED: "✗", RuleResult.SKIPPED: "·"}


QUIET_STEPS = {"ask": "Meet the caller", "offer": "Offer a text", "record": "Voicemail", "say": "Closing message"}


def told_in_words(simulation: Simulation, names: Names, *, twiml: bool) -> Iterator[str]:
    yield outcome_sentence(simulation, names)
    yield ""
    yield "Why"
    yield from why(simulation.trace, names)
    yield ""
    yield "Steps"
    yield from _steps(simulation, names, twiml=twiml)
    for text in simulation.texts:
        yield ""
        yield text_to_come(text.purpose)
        yield f"  {text.body}"


def outcome_sentence(simulation: Simulation, names: Names) -> str:
    path = [names.get(one, one) for one in simulation.path]
    last = path[-1] if path else "nobody"
    said = ENDS[simulation.ends].format(last=last)
    if path and simulation.ends in (Ends.VOICEMAIL, Ends.MESSAGE):
        return f"{said} It rang {', then '.join(path)}."
    return f"{said} First it rang {', then '.join(path[:-1])}." if path[:-1] else said


def why(trace: Trace, names: Names) -> Iterator[str]:
    for vote in trace.votes:
        what = vote.result.value.replace("_", " ")
        yield f"  code rule {vote.source}: {vote.destination or 'no destination'} ({what})"
    for rule in trace.rules:
        yield from _rule(rule)
    chosen = names.get(trace.destination, trace.destination)
    if trace.asked_for:
        yield f"  An agent or the API named {chosen}, so no rule was asked."
    elif trace.vote:
        yield f"  So the code rule {trace.vote} sends the call to {chosen}."
    elif trace.rule:
        yield f"  So the rule {trace.rule} sends the call to {chosen}."
    else:
        yield f"  No rule matched, so the default destination {chosen} takes the call."
    if trace.reason:
        yield f"  Reason: {trace.reason}"
    for name, value in trace.set_variables.items():
        yield f"  Sets {name} = {value}"


def _rule(rule: RuleTrace) -> Iterator[str]:
    note = f" ({rule.note.rstrip('.').lower()})" if rule.note else ""
    yield f"  {MARKS[rule.result]} {rule.id}: {rule.name}{note}"
    for condition in rule.conditions:
        asked = condition.expected if condition.subject == "call" else f"{condition.subject} {condition.expected}"
        found = condition.actual if condition.actual.startswith("this ") else f"it is {condition.found}"
        yield f"      {'' if rule.result is RuleResult.MATCHED else 'needs: '}{asked}; {found}"


def _steps(simulation: Simulation, names: Names, *, twiml: bool) -> Iterator[str]:
    """The documents in order; what was passed over on the way to each stands before it."""
    passed = [event for event in simulation.events if event.kind is Kind.PASSED_OVER]
    rung = 0
    for number, step in enumerate(simulation.steps, 1):
        yield from _passed_over([event for event in passed if event.attempt == rung and step.verb != "ask"], names)
        yield from _step(number, step, names, twiml=twiml)
        rung += step.destination is not None
    if not simulation.steps or simulation.steps[-1].destination:
        yield from _passed_over([event for event in passed if event.attempt == rung], names)


def _passed_over(events: list[Event], names: Names) -> Iterator[str]:
    for event in events:
        yield f"  -  {sentence(event, names)}"


def _step(number: int, step: SimulatedStep, names: Names, *, twiml: bool) -> Iterator[str]:
    yield f"  {number}. {_headline(step, names)}"
    yield from (f"     caller hears: {text}" for text in step.caller_hears)
    yield from (f"     called person hears: {text}" for text in step.called_person_hears)
    yield from (f"     header {name}: {value}" for name, value in step.headers.items())
    yield from (f"     not sent {name}: {why}" for name, why in step.dropped_headers.items())
    yield from (f"     caller ID {step.caller_id}" for _ in [step] if step.caller_id)
    yield from (f"     note: {note}" for note in step.notes)
    if twiml:
        yield from (f"     {line}" for line in pretty(step.document))


def _headline(step: SimulatedStep, names: Names) -> str:
    if step.destination is None:
        return QUIET_STEPS.get(step.verb, step.verb)
    came = f" → {OUTCOMES[step.outcome.value]}" if step.outcome else ""
    return f"{names.get(step.destination, step.destination)} by {VERBS[step.verb]}{came}"


def pretty(document: str) -> list[str]:
    """TwiML with one verb a line. It is our own document and was parsed before."""
    whole = minidom.parseString(document).documentElement  # noqa: S318
    return whole.toprettyxml(indent="  ").splitlines() if whole else [document]
