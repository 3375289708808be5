"""Ladders: loops, dead ends, steps that never come, and destinations that nothing reaches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination, FallbackStep, Method
from handoff_rules.intake import MenuIntake, NoIntake
from handoff_rules.outcomes import STARTS_NO_STEP, Outcome
from handoff_rules.problems import Problem

EVERY_OUTCOME = frozenset(Outcome) - STARTS_NO_STEP


def ladder_problems(configuration: Configuration, unreachable: Collection[int]) -> Iterator[Problem]:
    """`unreachable`: positions of the rules that can never decide a call."""
    for index, destination in enumerate(configuration.destinations):
        path = f"destinations/{index}/fallback"
        yield from _step_problems(configuration, destination, path)
        rung = sum(step.destination is not None for step in destination.fallback) + 1
        if rung > (most := configuration.policy.max_steps):
            message = f"The ladder rings {rung} destinations; policy/max_steps allows {most}."
            yield Problem(path, message, "Remove steps, or allow more.", "warning")
    yield from _default_problems(configuration)
    yield from _unreached(configuration, unreachable)


def _step_problems(configuration: Configuration, destination: Destination, path: str) -> Iterator[Problem]:
    served: frozenset[Outcome] = frozenset()
    rung: dict[str, frozenset[Outcome]] = {}
    for number, step in enumerate(destination.fallback):
        place = f"{path}/{number}"
        wanted = frozenset(step.on) or EVERY_OUTCOME
        for index, outcome in enumerate(step.on):
            if outcome in STARTS_NO_STEP:
                message = f"Nothing follows `{outcome}`: the call is with somebody, or over."
                yield Problem(f"{place}/on/{index}", message, "Remove it.", "warning")
        if step.destination == destination.id:
            message = f"{destination.name} would fall back to itself, in a loop."
            yield Problem(f"{place}/destination", message, "Name another destination, or a voicemail.")
        elif wanted and wanted <= served:
            message = "This step never comes: an earlier one ends the call for each of its outcomes."
            yield Problem(place, message, "Move it up, or remove it.", "warning")
        elif step.destination is not None:
            yield from _repeated(step.destination, rung, wanted, place)
            yield from _disabled(configuration, step.destination, f"{place}/destination")
        if step.destination is None:
            served |= wanted


def _that_come(steps: Iterable[FallbackStep]) -> Iterator[FallbackStep]:
    """Without those behind a step that ends the call for each of their outcomes."""
    served: frozenset[Outcome] = frozenset()
    for step in steps:
        wanted = frozenset(step.on) or EVERY_OUTCOME
        if not wanted <= served:
            yield step
        if step.destination is None:
            served |= wanted


def _repeated(
    identifier: str, rung: dict[str, frozenset[Outcome]], wanted: frozenset[Outcome], place: str
) -> Iterator[Problem]:
    if wanted & rung.get(identifier, frozenset()):
        message = f"{identifier} is there already: no destination is rung twice in a call."
        yield Problem(f"{place}/destination", message, "Name another destination, or remove the step.", "warning")
    rung[identifier] = rung.get(identifier, frozenset()) | wanted


def _disabled(configuration: Configuration, identifier: str, path: str) -> Iterator[Problem]:
    destination = configuration.destination_by_id.get(identifier)
    if destination is not None and not destination.enabled:
        message = f"{destination.name} is switched off: the call goes straight past it."
        yield Problem(path, message, "Switch it on, or name another destination.", "warning")


def _default_problems(configuration: Configuration) -> Iterator[Problem]:
    default = configuration.destination_by_id.get(configuration.default_destination)
    if default is None:
        return
    yield from _disabled(configuration, default.id, "default_destination")
    if default.method is Method.BYE:
        message = f"{default.name} gives calls back by BYE, which only works on SIP calls: others get the ending alone."
        yield Problem("default_destination", message, "Choose one that can be rung over the phone.", "warning")


def _unreached(configuration: Configuration, unreachable: Collection[int]) -> Iterator[Problem]:
    """Only where an agent cannot name destinations itself."""
    if not isinstance(configuration.intake, NoIntake | MenuIntake):
        return
    deciding = [rule for n, rule in enumerate(configuration.rules) if rule.enabled and n not in unreachable]
    reached = {configuration.default_destination} | {rule.destination for rule in deciding}
    for identifier in list(reached):
        destination = configuration.destination_by_id.get(identifier)
        steps = _that_come(destination.fallback if destination else ())
        reached |= {step.destination for step in steps if step.destination is not None}
    for index, destination in enumerate(configuration.destinations):
        if destination.enabled and destination.id not in reached:
            message = f"No rule that can decide a call and no fallback that is used leads to {destination.name}."
            fix = "Add a rule, or leave it for the API and code rules, which can name it."
            yield Problem(f"destinations/{index}", message, fix, "warning")
