"""The rules of a trace as a page shows them: all of a short list, and of a long one what surrounds the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handoff_rules.configuration import Configuration
from handoff_rules.trace import ConditionTrace, RuleResult, RuleTrace, Trace
from webapp.console.masking import Show, readable_inside, revealed
from webapp.console.sentences import FIELDS

SHORT, BEFORE, AFTER = 60, 20, 3


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
    conditions = tuple(
        replace(
            one, subject=_named(one, hours), expected=readable_inside(one.expected),
            actual=readable_inside(str(show(one.actual, one.subject))),
        )
        for one in rule.conditions
    )  # fmt: skip
    return replace(rule, conditions=conditions)


def _named(one: ConditionTrace, hours: Mapping[str, str]) -> str:
    """A variable and a set of hours may go by the same word; what was found tells which of them is meant."""
    names = hours if one.actual in ("open", "closed") else FIELDS
    return names.get(one.subject, one.subject)
