"""A switch for all calls, such as the emergency closure: promoting it is offered at once, with every check as ever."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.console.editing import sandbox
from webapp.console.needs import needs
from webapp.console.version_difference import difference


@dataclass(frozen=True, slots=True)
class Switched:
    """A rule for every call that is on in the sandbox and off in production, or the other way round.

    `is_alone`: a promote would take nothing else along.
    """

    name: str
    is_on: bool
    is_alone: bool


def switched(identifier: str) -> Switched | None:
    """None for a rule with a condition, and for one that callers meet as it stands in the sandbox."""
    edited, production = sandbox(), needs().live.environment("production")
    here, there = (
        next((rule for rule in one.compiled.configuration.rules if rule.id == identifier), None)
        for one in (edited, production)
    )
    if here is None or here.when is not None or here.enabled == (there is not None and there.enabled):
        return None
    touched = {(change.part, change.id) for change in difference(production, edited).changes}
    return Switched(here.name, here.enabled, touched == {("rules", identifier)})
