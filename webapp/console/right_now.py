"""Where a call arriving this second would go, for each number, and when that changes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handoff_rules.atoms import HoursAtom, VariableAtom
from handoff_rules.compiled import Compiled
from webapp.configurations.published import ENVIRONMENTS, Environment, Published
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


def known_numbers() -> Sequence[str]:
    """The numbers of the deployment; without any one empty text, for "every number"."""
    return list(needs().live.deployment.numbers) or [""]


def right_now(numbers: Sequence[str]) -> list[Place]:
    """One line for each of these numbers. Those that no rule tells apart share one answer, worked out once."""
    live, known = needs().live, dict[tuple[Environment, str], Place]()
    apart = {environment: _tells_numbers_apart(live.environment(environment)) for environment in ENVIRONMENTS}
    places = []
    for number in numbers:
        environment = live.environment_of(number, "") if number else "production"
        key = (environment, number if apart[environment] else "")
        if key not in known:
            known[key] = _place(number, environment)
        places.append(replace(known[key], number=number))
    return places


def _tells_numbers_apart(published: Published) -> bool:
    return any(isinstance(atom, VariableAtom) and atom.variable == "called_number" for atom in published.compiled.atoms)


def _place(number: str, environment: Environment) -> Place:
    published, now = needs().live.environment(environment), needs().clock()
    goes, why = _goes(published, number, now)
    names = {item.id: item.name for item in published.compiled.configuration.destinations}
    for at in _changes(published.compiled, now):
        later, _ = _goes(published, number, at)
        if later != goes:
            return Place(number, environment, goes, names.get(goes, goes), why, at, names.get(later, later))
    return Place(number, environment, goes, names.get(goes, goes), why, None, "")


def _goes(published: Published, number: str, at: datetime) -> tuple[str, str]:
    """The first destination that rings, and why: played with nobody's number and nothing known about the call."""
    call = SimulatedCall(SAMPLE_CALLER, number or "+14155550199", at=at)
    played = simulate(published, call, environment=AS_CONFIGURED, deployment=needs().live.deployment)
    rule = next((rule.name for rule in published.compiled.configuration.rules if rule.id == played.rule), played.rule)
    why = f"rule \u201c{rule}\u201d" if rule else "no rule, the default"
    if not played.path:
        return "", f"{why}: nobody rings"
    return played.path[0], why


def _changes(compiled: Compiled, now: datetime) -> list[datetime]:
    """The next moments at which any schedule that a rule or a destination asks about opens or closes, in order."""
    asked = {atom.hours for atom in compiled.atoms if isinstance(atom, HoursAtom)}
    asked |= {item.hours for item in compiled.configuration.destinations if item.hours}
    moments = []
    for hours in asked & compiled.hours.keys():
        at = now
        for _ in range(2):
            change = compiled.hours[hours].at(at).next_change
            if change is None:
                break
            moments.append(change)
            at = change
    return sorted(set(moments))[:MOST_CHANGES]
