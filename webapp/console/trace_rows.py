"""The rules of a trace as a page shows them: all of a short list. Of a longer one the rule that decided is open,
and what is above and below it is folded; of a very long one only what surrounds the answer is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from handoff_rules.configuration import Configuration
from handoff_rules.trace import ConditionTrace, RuleResult, RuleTrace, Trace
from webapp.console.masking import Show, readable_inside, revealed
from webapp.console.sentences import FIELDS

SHORT, BEFORE, AFTER = 120, 20, 3
OPEN = 6
"""So many rules are all seen at once."""

WHERE = {"open": "inside", "closed": "outside"}
"""As the rules' own sentences say it: the time is inside some hours."""


@dataclass(frozen=True, slots=True)
class TraceRow:
    """`rule` is None for a gap, and `place` then counts the rules that it stands for."""

    place: int
    rule: RuleTrace | None = None

    @property
    def matched(self) -> bool:
        return self.rule is not None and self.rule.result is RuleResult.MATCHED


@dataclass(frozen=True, slots=True)
class TraceGroup:
    """Rows in their order; folded under `summary`, open without one."""

    rows: Sequence[TraceRow]
    summary: str = ""


def trace_groups(trace: Trace, configuration: Configuration, show: Show = revealed) -> list[TraceGroup]:
    """In the words of the rules' own page; `show` says what may be seen of a value that a condition found."""
    hours = {item.id: item.name for item in configuration.hours}
    rules = [_shown(rule, hours, show) for rule in trace.rules]
    rows = _rows(rules)
    if len(rules) <= OPEN:
        return [TraceGroup(rows)] if rows else []
    matched = next((place for place, row in enumerate(rows) if row.matched), None)
    if matched is None:
        return [TraceGroup(rows, f"None of the {len(rules)} rules decided")]
    above, below = rows[matched].place - 1, len(rules) - rows[matched].place
    return [
        *([TraceGroup(rows[:matched], f"{_counted(above)} above did not match")] if above else []),
        TraceGroup([rows[matched]]),
        *([TraceGroup(rows[matched + 1 :], f"{_counted(below)} below {_was(below)} not asked")] if below else []),
    ]


def _counted(rules: int) -> str:
    return "1 rule" if rules == 1 else f"{rules} rules"


def _was(rules: int) -> str:
    return "was" if rules == 1 else "were"


def _rows(rules: Sequence[RuleTrace]) -> list[TraceRow]:
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
