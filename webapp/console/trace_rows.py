"""The rules of a trace as a page shows them: all of a short list, and of a long one what surrounds the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handoff_rules.trace import RuleResult, RuleTrace, Trace
from webapp.console.masking import Show, revealed

SHORT, BEFORE, AFTER = 60, 20, 3


@dataclass(frozen=True, slots=True)
class TraceRow:
    """`rule` is None for a gap, and `place` then counts the rules that it stands for."""

    place: int
    rule: RuleTrace | None = None


def trace_rows(trace: Trace, show: Show = revealed) -> list[TraceRow]:
    """`show` says what may be seen of a value that a condition found."""
    rules = [_shown(rule, show) for rule in trace.rules]
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


def _shown(rule: RuleTrace, show: Show) -> RuleTrace:
    conditions = tuple(replace(one, actual=show(one.actual, one.subject)) for one in rule.conditions)
    return replace(rule, conditions=conditions)
