"""Rules: those that can never decide, conditions that can never hold, and overrides that have no effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handoff_rules.check_destinations import samples_of, secrets_of
from handoff_rules.check_variables import reserved_problems
from handoff_rules.comparison import order_key
from handoff_rules.conditions import Condition, HoursCondition, ShareCondition, VariableCondition
from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination, Method
from handoff_rules.headers import HEADERS_BUDGET, header_problems, worst_case
from handoff_rules.hours_grid import always_opens, never_opens
from handoff_rules.problems import Problem
from handoff_rules.reach import Unreachable, unreachable_rules
from handoff_rules.rules import Rule, conditions_of
from handoff_rules.tree import AtomTable, Trees

EMPTY_MATTERS = ("starts_with", "ends_with", "contains")


def trees_of(configuration: Configuration) -> Trees:
    """Of the enabled rules."""
    table = AtomTable(frozenset())
    return [(n, table.tree(rule.when, rule.id)) for n, rule in enumerate(configuration.rules) if rule.enabled]


def constant_schedules(configuration: Configuration) -> dict[str, str]:
    """`open` or `closed` by the id of each schedule that is so at every instant."""
    always = {hours.id: "open" for hours in configuration.hours if always_opens(hours)}
    return always | {hours.id: "closed" for hours in configuration.hours if never_opens(hours)}


def unreachable_in(configuration: Configuration, trees: Trees) -> list[Unreachable]:
    return unreachable_rules(trees, constant_schedules(configuration))


def rule_problems(configuration: Configuration, unreachable: Sequence[Unreachable]) -> Iterator[Problem]:
    closed = {hours.id for hours in configuration.hours if never_opens(hours)}
    for index, rule in enumerate(configuration.rules):
        path = f"rules/{index}"
        for place, condition in conditions_of(rule, path):
            yield from _condition_problems(condition, place, closed)
        yield from _override_problems(configuration, rule, path)
    for found in unreachable:
        yield Problem(f"rules/{found.position}", *_words(configuration, found), "warning")


def _condition_problems(condition: Condition, path: str, closed: set[str]) -> Iterator[Problem]:
    match condition:
        case HoursCondition(hours=hours, is_="open") if hours in closed:
            yield Problem(path, f"{hours} never opens, so this is never true.", "Add windows to it.", "warning")
        case ShareCondition(share=0):
            yield Problem(path, "A share of 0 is never true.", "Switch the rule off with `enabled: false`.", "warning")
        case VariableCondition(comparison=("between", (low, high))):
            yield from _between_problems(str(low), str(high), path)
        case VariableCondition(comparison=(operator, operand)) if operator in EMPTY_MATTERS and "" in _texts(operand):
            message = f"Every text {operator.replace('_', ' ')} an empty text."
            yield Problem(f"{path}/{operator}", message, "Write `is_present: true` if that is meant.", "warning")


def _texts(operand: object) -> Sequence[object]:
    return operand if isinstance(operand, tuple) else (operand,)


def _between_problems(low: str, high: str, path: str) -> Iterator[Problem]:
    low_key, high_key = order_key(low), order_key(high)
    if low_key[0] != high_key[0]:
        message = "One end is a number and the other is not: nothing lies between them."
        yield Problem(f"{path}/between", message, "Write two numbers, or two texts.", "warning")
    elif low_key > high_key:
        yield Problem(f"{path}/between", f"{low} comes after {high}.", "Write the lower end first.", "warning")


def _override_problems(configuration: Configuration, rule: Rule, path: str) -> Iterator[Problem]:
    yield from reserved_problems(rule.set, f"{path}/set")
    destination = configuration.destination_by_id.get(rule.destination)
    if destination is not None and rule.enabled and not destination.enabled:
        message = f"{destination.name} is switched off: its fallback takes the call."
        yield Problem(f"{path}/destination", message, "Switch it on, or name another destination.", "warning")
    if destination is not None and rule.set:
        yield from _set_problems(configuration, rule, destination, path)
    if rule.headers:
        secrets, samples = secrets_of(configuration), samples_of(configuration)
        yield from header_problems(rule.headers, f"{path}/headers", secrets=secrets, samples=samples)
        if destination is not None and destination.method is Method.BYE:
            message = "Twilio puts no headers on a BYE."
            fix = "Remove them: the variables wait at the handoff-state API."
            yield Problem(f"{path}/headers", message, fix, "warning")


def _set_problems(configuration: Configuration, rule: Rule, destination: Destination, path: str) -> Iterator[Problem]:
    """What a rule sets is sent as it stands, so that it can be told which calls lose their last headers."""
    headers, samples = destination.headers if rule.headers is None else rule.headers, samples_of(configuration)
    length = worst_case(headers, {**samples, **rule.set})
    if length > HEADERS_BUDGET >= worst_case(headers, samples):
        message = f"With these values the headers have {length} encoded characters; {HEADERS_BUDGET} fit."
        yield Problem(f"{path}/set", message, "Shorten them: the last headers are left out of a call.", "warning")


def _words(configuration: Configuration, found: Unreachable) -> tuple[str, str]:
    name = configuration.rules[found.position].name
    if not found.by:
        return f"“{name}” can never match: its conditions are never true together.", "Change or remove a condition."
    names = [f"“{configuration.rules[position].name}”" for position in found.by]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    takes = "takes" if len(names) == 1 else "take"
    return f"“{name}” is never reached: {listed} {takes} every call before it.", "Move it up, or remove it."
