"""The rules of a trace as a page shows them: all of a short list, and of a long one what surrounds the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handoff_rules.configuration import Configuration
from handoff_rules.trace import ConditionTrace, RuleResult, RuleTrace, Trace
from webapp.console.masking import Show, readable_inside, revealed
from webapp.console.sentences import FIELDS

SHORT, BEFORE, AFTER = 60, 20, 3

WHERE = {"open": "inside", "closed": "outside"}
"""As the rules' own sentences say it: the time is inside some hours."""


@dataclass(frozen=True, slots=True)
class TraceRow:
    """`rule` is None for a gap, and `place` then counts the rules that it stands for."""

    place: int
    rule: RuleTrace | None = None


def trace_rows(trace: Trace, configuration: Configuration, show: Show = revealed) -> list[TraceRow]:
    """In the words of the rules' own page; `show` says what may be seen of a value that a condition found."""
    hours = {item.id: item.name for item in configuration.hours}
    rules = [_shown(rule, hours, show) for rule in trace.rules]
    if len(rules) <= SHORT:
        return [TraceRow(place + 1, rule) for place, rule in enumerate(rules)]
    matched = next((place for place, rule in enumerate(rules) if rule.result is RuleResult.MATCHED), len(rules) - 1)
    kept = {*range(BEFORE), *range(max(matched - BEFORE, 0), min(matched + AFTER + 1, len(rules)))}
    rows: list[TraceRow] = []
    skipped = 0
    for place, rule in enumerate(rules):
        if place not in kept:
            skipped += 1
            continue
        if skipped:
            rows.append(TraceRow(skipped))
            skipped = 0
        rows.append(TraceRow(place + 1, rule))
    return [*rows, TraceRow(skipped)] if skipped else rows


def _shown(rule: RuleTrace, hours: Mapping[str, str], show: Show) -> RuleTrace:
    return replace(rule, conditions=tuple(_in_words(one, hours, show) for one in rule.conditions))


def _in_words(one: ConditionTrace, hours: Mapping[str, str], show: Show) -> ConditionTrace:
    """A variable and a set of hours may go by the same word; what was found tells which of them is meant."""
    if one.actual in WHERE and one.subject in hours:
        expected = one.expected
        for state, where in WHERE.items():
            expected = expected.replace(f"is {state}", f"is {where} {hours[one.subject]}")
        return replace(one, subject="time", expected=expected, actual=WHERE[one.actual])
    actual = readable_inside(str(show(one.actual, one.subject)))
    subject = FIELDS.get(one.subject, one.subject)
    return replace(one, subject=subject, expected=readable_inside(one.expected), actual=actual)
