"""The rows of the rules page: each rule as a sentence, with what the check and the last day say about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handoff_rules.configuration import Configuration
from handoff_rules.rules import Rule
from webapp.calls.traffic import Hits
from webapp.console import editing, shown
from webapp.console.destination_list import last_day
from webapp.console.sentences import condition_in_words

Placed = tuple[int, Rule]
"""A rule and its place among all rules, from 0."""


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as the list shows it; `place` counts from 1 over all rules, `warnings` are what the check found.

    `hits` are None when the store does not answer.
    """

    place: int
    rule: Rule
    words: str
    warnings: tuple[str, ...]
    hits: Hits | None


def found(configuration: Configuration, text: str) -> list[Placed]:
    """The rules that have these words in their name, their condition or the destination's name; all without words."""
    placed = list(enumerate(configuration.rules))
    if not text:
        return placed
    names, hours = _names(configuration), _hours(configuration)

    def said(rule: Rule) -> str:
        words = condition_in_words(rule.when, hours)
        return f"{rule.id} {rule.name} {words} {names.get(rule.destination, rule.destination)}".casefold()

    return [(place, rule) for place, rule in placed if text.casefold() in said(rule)]


def rows(chosen: Sequence[Placed]) -> list[Row]:
    published = shown.published()
    hours, traffic = _hours(published.compiled.configuration), last_day()
    warnings: dict[int, list[str]] = {}
    for problem in editing.standing_problems(published):
        parts = problem.path.split("/")
        if parts[0] == "rules" and len(parts) > 1 and parts[1].isdigit():
            warnings.setdefault(int(parts[1]), []).append(f"{problem.message} {problem.fix}")
    return [
        Row(
            place + 1,
            rule,
            condition_in_words(rule.when, hours),
            tuple(warnings.get(place, ())),
            traffic.hits(rule.id) if traffic else None,
        )
        for place, rule in chosen
    ]


def _names(configuration: Configuration) -> dict[str, str]:
    return {item.id: item.name for item in configuration.destinations}


def _hours(configuration: Configuration) -> dict[str, str]:
    return {item.id: item.name for item in configuration.hours}
