"""Where a call arriving this second would go, for each number, and when that changes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handoff_rules.configuration import Configuration
from handoff_rules.hours_open import compile_hours
from webapp.configurations.published import Published
from webapp.console.needs import needs
from webapp.simulator import AS_CONFIGURED, SimulatedCall, simulate

MOST_CHANGES = 6
SAMPLE_CALLER = "+14155550123"


@dataclass(frozen=True, slots=True)
class Place:
    """A number and its answer. `changes_at` is None when only people or callers change it."""

    number: str
    environment: str
    destination: str
    name: str
    why: str
    changes_at: datetime | None
    changes_to: str


def right_now() -> list[Place]:
    """One line for each number that is known; without any, one for "every number"."""
    live = needs().live
    numbers = list(live.deployment.numbers) or [""]
    return [_place(number, live.environment_of(number, "") if number else "production") for number in numbers]


def _place(number: str, environment: str) -> Place:
    published = needs().live.environment("sandbox" if environment == "sandbox" else "production")
    now = needs().clock()
    goes, why = _goes(published, number, now)
    configuration = published.compiled.configuration
    names = {item.id: item.name for item in configuration.destinations}
    for at in _changes(configuration, now):
        later, _ = _goes(published, number, at)
        if later != goes:
            return Place(number, environment, goes, names.get(goes, goes), why, at, names.get(later, later))
    return Place(number, environment, goes, names.get(goes, goes), why, None, "")


def _goes(published: Published, number: str, at: datetime) -> tuple[str, str]:
    """The first destination that rings, and why: played with nobody's number and nothing known about the call."""
    call = SimulatedCall(SAMPLE_CALLER, number or "+14155550199", at=at)
    played = simulate(published, call, environment=AS_CONFIGURED, deployment=needs().live.deployment)
    rules = {rule.id: rule.name for rule in published.compiled.configuration.rules}
    why = f"rule \u201c{rules.get(played.rule, played.rule)}\u201d" if played.rule else "no rule, the default"
    if not played.path:
        return "", f"{why}: nobody rings"
    return played.path[0], why


def _changes(configuration: Configuration, now: datetime) -> list[datetime]:
    """The next moments at which any schedule that matters opens or closes, in order."""
    moments = []
    for hours in configuration.hours:
        compiled = compile_hours(hours, configuration.time_zone)
        at = now
        for _ in range(2):
            change = compiled.at(at).next_change
            if change is None:
                break
            moments.append(change)
            at = change
    return sorted(set(moments))[:MOST_CHANGES]
