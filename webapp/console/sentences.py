"""Rules, conditions, destinations and fallback steps as sentences that people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handoff_rules.conditions import (
    AllCondition,
    AnyCondition,
    Condition,
    DateCondition,
    DayCondition,
    HoursCondition,
    NotCondition,
    ShareCondition,
    VariableCondition,
)
from handoff_rules.destinations import Destination, Ending, FallbackStep, Method
from handoff_rules.outcomes import Ends, Outcome
from webapp.console.masking import readable

OPERATORS: Mapping[str, str] = {
    "is": "is",
    "is_not": "is not",
    "is_one_of": "is one of",
    "is_not_one_of": "is not one of",
    "starts_with": "starts with",
    "ends_with": "ends with",
    "contains": "contains",
    "like": "looks like",
    "less_than": "is less than",
    "greater_than": "is greater than",
    "between": "is between",
    "is_present": "is known",
    "is_missing": "is not known",
}
FIELDS: Mapping[str, str] = {
    "caller_id": "caller\u2019s number",
    "called_number": "number dialled",
    "arrived_over": "way of arrival",
    "caller_name": "caller\u2019s name",
    "caller_city": "caller\u2019s city",
    "caller_state": "caller\u2019s state",
    "caller_country": "caller\u2019s country",
    "digits": "digits pressed",
    "speech": "words spoken",
    "stir_verstat": "caller ID check",
}
DAYS: Mapping[str, str] = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
    "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ANSWERED: "answered",
    Outcome.BUSY: "busy",
    Outcome.NO_ANSWER: "no answer",
    Outcome.FAILED: "failed",
    Outcome.DECLINED: "declined",
    Outcome.MACHINE: "answered by a machine",
    Outcome.CLOSED: "closed",
    Outcome.CANCELED: "canceled",
    Outcome.CALLER_HUNG_UP: "caller hung up",
    Outcome.REFERRED: "taken over",
    Outcome.UNCONFIRMED: "not confirmed",
    Outcome.BLOCKED: "blocked by policy",
}
ENDS: Mapping[Ends, str] = {
    Ends.ANSWERED: "a person answers",
    Ends.REFERRED: "the other system takes the call over",
    Ends.UNCONFIRMED: "the other system accepted the call but never said that it arrived",
    Ends.RETURNED: "the call goes back to your phone system",
    Ends.VOICEMAIL: "the caller leaves a voicemail",
    Ends.MESSAGE: "the caller hears a message and the call ends",
    Ends.HUNG_UP: "the call is ended",
    Ends.CALLER_HUNG_UP: "the caller hangs up",
}
ENDED: Mapping[str, str] = {
    Ends.ANSWERED.value: "Answered",
    Ends.REFERRED.value: "Taken over by the other system",
    Ends.UNCONFIRMED.value: "Passed on, but never confirmed",
    Ends.RETURNED.value: "Given back to your phone system",
    Ends.VOICEMAIL.value: "Left a voicemail",
    Ends.MESSAGE.value: "Heard a message",
    Ends.HUNG_UP.value: "Reached nobody",
    Ends.CALLER_HUNG_UP.value: "The caller hung up",
}
METHODS: Mapping[Method, str] = {
    Method.REFER: "Ask the other system to take the call over, then step out of it.",
    Method.INVITE: "Call the destination and stay in the middle, so that a fallback can follow.",
    Method.BYE: "End our side, so that your phone system takes the call back.",
}
STEP_OUTCOMES = (
    Outcome.BUSY, Outcome.NO_ANSWER, Outcome.FAILED, Outcome.DECLINED, Outcome.MACHINE, Outcome.CLOSED,
    Outcome.UNCONFIRMED, Outcome.BLOCKED,
)  # fmt: skip
"""The outcomes that can start a step: after the others the caller is with somebody, or gone."""


def listed(words: Sequence[str], last: str = "or") -> str:
    """`a`, `a or b`, `a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def condition_in_words(condition: Condition | None, hours: Mapping[str, str]) -> str:
    """`hours` gives the name of each set of hours by its id."""
    if condition is None:
        return "every call"
    return _words(condition, hours, top=True)


def _words(condition: Condition, hours: Mapping[str, str], *, top: bool = False) -> str:
    match condition:
        case AllCondition(all=parts):
            return _joined([_words(part, hours) for part in parts], "and", top=top)
        case AnyCondition(any=parts):
            return _joined([_words(part, hours) for part in parts], "or", top=top)
        case NotCondition():
            return f"not ({_words(condition.not_, hours, top=True)})"
        case _:
            return _single(condition, hours)


def _joined(parts: Sequence[str], word: str, *, top: bool) -> str:
    text = f" {word} ".join(parts) or ("every call" if word == "and" else "no call")
    return text if top or len(parts) < 2 else f"({text})"


def _single(condition: Condition, hours: Mapping[str, str]) -> str:
    match condition:
        case VariableCondition():
            return _variable(condition)
        case HoursCondition(hours=name):
            where = "inside" if condition.is_ == "open" else "outside"
            return f"time is {where} {hours.get(name, name)}"
        case DayCondition(day=days):
            return f"day is {listed([DAYS[day] for day in days])}"
        case DateCondition(date=(first, last)):
            return f"date is {first}" if first == last else f"date is from {first} to {last}"
        case ShareCondition(share=share):
            return f"the call is among {share} in a hundred"
        case _:
            return str(condition)


def _variable(condition: VariableCondition) -> str:
    said = condition.model_dump(by_alias=True, exclude_none=True)
    name = said.pop("variable")
    subject = FIELDS.get(name, name)
    for operator, value in said.items():
        if value is True:
            return f"{subject} {OPERATORS[operator]}"
        values = [value] if isinstance(value, str) else list(value)
        shown = [f"\u201c{readable(item)}\u201d" for item in values]
        return f"{subject} {OPERATORS[operator]} {listed(shown, 'and' if operator == 'between' else 'or')}"
    return f"{subject} (no comparison chosen)"


def follows_in_words(step: FallbackStep | Ending, names: Mapping[str, str]) -> str:
    """What the caller meets in this step."""
    if isinstance(step, FallbackStep) and step.destination:
        return f"ring {names.get(step.destination, step.destination)}"
    if step.voicemail:
        return f"take a voicemail after \u201c{step.voicemail.greeting}\u201d"
    if step.say:
        return f"say \u201c{step.say}\u201d and end the call"
    return "end the call"


def stopped(text: str) -> str:
    """The sentence with its full stop, unless what is quoted at its end brought one."""
    return text if text.endswith((".\u201d", "?\u201d", "!\u201d")) else f"{text}."


def when_in_words(step: FallbackStep) -> str:
    if not step.on:
        return "If nobody takes the call"
    return f"If {listed([OUTCOMES[outcome] for outcome in step.on])}"


def method_name(method: Method) -> str:
    return f"SIP {method.value}"


def about_rings(seconds: int) -> str:
    """A ring cycle is about five seconds in North America and Europe."""
    rings = max(round(seconds / 5), 1)
    return f"about {rings} ring{'s' if rings != 1 else ''}"


def destination_in_words(
    destination: Destination, names: Mapping[str, str], hours: Mapping[str, str], ending: str
) -> list[str]:
    """What a caller gets, one sentence for each thing that happens, in its order."""
    lines = [
        f"The caller hears \u201c{destination.utterance}\u201d"
        if destination.utterance
        else "The caller hears nothing first."
    ]
    if destination.hours:
        lines.append(
            f"Outside {hours.get(destination.hours, destination.hours)} nothing rings: the next step follows at once."
        )
    lines.append(_way(destination))
    if destination.screen != "off" and destination.method is not Method.BYE:
        accept = "must press 1 to take it" if destination.screen == "accept" else "hears who is calling first"
        lines.append(f"Whoever answers {accept}.")
    lines += [stopped(f"{when_in_words(step)}: {follows_in_words(step, names)}") for step in destination.fallback]
    if destination.method is not Method.BYE:
        lines.append(stopped(f"If that fails too: {ending}"))
    return lines


def _way(destination: Destination) -> str:
    where = listed([readable(route) for route in destination.routes], "and") or "no route yet"
    if destination.method is Method.BYE:
        return "We end our side of the call, and your phone system takes it back."
    if destination.method is Method.REFER and not destination.is_ring_group:
        return (
            f"We ask the system that sent the call to take it to {where}. A call from the phone network cannot be "
            f"asked, so there we ring {where} for {destination.ring_seconds} seconds."
        )
    order = ""
    if destination.is_ring_group:
        order = ", all at once" if destination.ring == "together" else ", one after the other"
    return f"We ring {where}{order} for {destination.ring_seconds} seconds ({about_rings(destination.ring_seconds)})."


def hours_named(condition: Condition | None) -> set[str]:
    """The ids of the schedules that a condition asks."""
    match condition:
        case AllCondition(all=parts) | AnyCondition(any=parts):
            return {name for part in parts for name in hours_named(part)}
        case NotCondition():
            return hours_named(condition.not_)
        case HoursCondition(hours=name):
            return {name}
        case _:
            return set()


def some_of(names: Sequence[str], most: int = 4) -> str:
    """The first of these names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
