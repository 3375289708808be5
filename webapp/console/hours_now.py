"""A set of hours as of this moment: open or closed, its text form, the next 14 days, and what uses it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from handoff_rules.check_hours import hours_problems
from handoff_rules.configuration import Configuration
from handoff_rules.hours import Hours
from handoff_rules.hours_open import StripDay, compile_hours
from handoff_rules.hours_text import text_of, times_of
from handoff_rules.problems import Problem
from webapp.console.hours_words import ahead_in_words, state_in_words
from webapp.console.needs import needs
from webapp.console.pictures.strip import Day, open_strip
from webapp.console.sentences import hours_named


@dataclass(frozen=True, slots=True)
class Now:
    """`ahead` says what is out of the ordinary soon, `warnings` what is probably not meant; `past` counts the
    exceptions that are over."""

    hours: Hours
    text: str
    open: bool
    words: str
    ahead: tuple[str, ...]
    warnings: tuple[Problem, ...]
    strip: Markup
    days: tuple[Day, ...]
    used_by: tuple[str, ...]
    past: int


def now_of(hours: Hours, configuration: Configuration) -> Now:
    compiled = compile_hours(hours, configuration.time_zone)
    instant = needs().clock()
    days = tuple(_day(day) for day in compiled.strip(instant, 14))
    today = instant.astimezone(compiled.zone).date()
    past = sum(1 for one in hours.exceptions if one.date < today.isoformat())
    picture = open_strip(days, name=hours.name, identifier=hours.id)
    words, ahead = state_in_words(compiled, instant), ahead_in_words(days, compiled.zone)
    warnings = tuple(hours_problems(hours, "", today))
    text, users = text_of(times_of(hours)), users_of(hours.id, configuration)
    return Now(hours, text, compiled.at(instant).open, words, ahead, warnings, picture, days, users, past)


def _day(day: StripDay) -> Day:
    spans = tuple((_minutes(span.start), _minutes(span.end)) for span in day.open)
    label = "" if day.because.kind == "regular" else day.because.label or ("special hours" if spans else "closed")
    return Day(day.day, spans, label)


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def users_of(identifier: str, configuration: Configuration) -> tuple[str, ...]:
    """The rules and destinations that ask for these hours, in words: they cannot be deleted while there is any."""
    rules = [f"rule \u201c{rule.name}\u201d" for rule in configuration.rules if identifier in hours_named(rule.when)]
    return (*rules, *(item.name for item in configuration.destinations if item.hours == identifier))
