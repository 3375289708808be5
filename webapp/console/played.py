"""A call played for a page: where it ends up in one sentence, which rule decided, and how production differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from handoff_rules.compiled import compile_configuration
from handoff_rules.configuration import Configuration
from handoff_rules.intake import NoIntake
from handoff_rules.outcomes import Ends
from webapp.calls.record import NEVER_SENT
from webapp.calls.sentences import text_to_come
from webapp.calls.timeline import Event, Kind
from webapp.configurations.published import Published
from webapp.console import test_form
from webapp.console.call_words import tell
from webapp.console.difference_words import in_words
from webapp.console.masking import readable, revealed
from webapp.console.needs import needs
from webapp.console.sentences import ENDS
from webapp.simulator import AS_CONFIGURED, SimulatedStep, Simulation, simulate
from webapp.simulator.comparison import compare_simulations
from webapp.simulator.saved_tests import Difference
from webapp.urls import PublicURLs

QUIET = {Kind.ASKED: "ask", Kind.OFFERED: "offer", Kind.VOICEMAIL: "record", Kind.SPOKEN: "say"}
"""What tells of a step that rings nobody, and what that step does."""
WITH_SOMEBODY = frozenset({Ends.ANSWERED, Ends.REFERRED, Ends.UNCONFIRMED})


@dataclass(frozen=True, slots=True)
class Played:
    """A simulation in words; `headline` is the one sentence to read first, `title` the same without the route.

    `passed_over`: for each step, and then for the end, the places that were not even rung before it, and why. `texts`:
    what the caller would be texted about, and the text itself.
    """

    simulation: Simulation
    headline: str
    title: str
    names: Mapping[str, str]
    matched: str
    passed_over: Sequence[Sequence[str]]
    texts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Production:
    """What production does with the same call: `differences` from production (before) to the sandbox (after).

    `headline` is empty when production does not have the destination that was asked for.
    """

    headline: str
    differences: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        return bool(self.headline) and not self.differences


def play(published: Published, asked: test_form.Asked) -> Played:
    """As production would play it: the sandbox phone, which stands in for every destination, is not rung."""
    simulation = simulate(
        published,
        asked.call,
        asked.far_end,
        environment=AS_CONFIGURED,
        deployment=needs().live.deployment,
        code_rules=needs().services.code_rules,
        urls=PublicURLs(needs().base_url()),
    )
    configuration = published.compiled.configuration
    names = {item.id: item.name for item in configuration.destinations}
    said = [headline(simulation, names, with_route=route) for route in (True, False)]
    matched = _matched(simulation, configuration, asked.destination)
    texts = [(text_to_come(text.purpose), text.body) for text in simulation.texts]
    return Played(simulation, said[0], said[1], names, matched, _passed_over(simulation, names), texts)


def compare_with_production(played: Played, asked: test_form.Asked) -> Production:
    production: Published | None = needs().live.environment("production")
    if asked.destination:
        production = as_if(needs().live.environment("production"), asked.destination)
    if production is None:
        return Production("", ())
    other = play(production, asked)
    names = {**other.names, **played.names}
    found = compare_simulations(other.simulation, played.simulation, names)
    return Production(other.headline, tuple(in_words(one) for one in found))


def as_if(published: Published, destination: str) -> Published | None:
    """The same version as if the rules had chosen this destination: it becomes the default, and no rule is left."""
    configuration = published.compiled.configuration
    if destination not in configuration.destination_by_id:
        return None
    only = {"default_destination": destination, "rules": (), "intake": NoIntake(), "tests": ()}
    return replace(published, compiled=compile_configuration(configuration.model_copy(update=only)))


def headline(simulation: Simulation, names: Mapping[str, str], *, with_route: bool = True) -> str:
    """Where the call ends up, in one sentence."""
    path = [names.get(step, step) for step in simulation.path]
    if simulation.ends in WITH_SOMEBODY and path:
        before = f" after {' and '.join(path[:-1])}" if len(path) > 1 else ""
        route = _rung(simulation) if with_route else ""
        return f"{path[-1]} gets the call{route}{before}: {ENDS[simulation.ends]}."
    rung = f"{' and '.join(path)} did not take the call; " if path and simulation.ends is not Ends.RETURNED else ""
    sentence = f"{rung}{ENDS[simulation.ends]}."
    return sentence[0].upper() + sentence[1:]


def _passed_over(simulation: Simulation, names: Mapping[str, str]) -> list[list[str]]:
    said: list[list[str]] = [[] for _ in range(len(simulation.steps) + 1)]
    place = 0
    for event in simulation.events:
        if place < len(simulation.steps) and _is_of(event, simulation.steps[place]):
            place += 1
        elif event.kind is Kind.PASSED_OVER and event.detail.get("outcome"):
            said[place].append(tell(event, names, {}, revealed).text)
        elif event.kind is Kind.OUTCOME and (why := event.detail.get("raw", {}).get(NEVER_SENT)):
            destination = event.detail.get("destination", "")
            said[place].append(f"{names.get(destination, destination)} could not be rung: {why}")
    return said


def _is_of(event: Event, step: SimulatedStep) -> bool:
    """Whether it tells of this step: not every step that is tried becomes a document."""
    if event.kind is Kind.HANDED_OFF:
        return step.destination is not None and step.destination == event.detail.get("destination")
    return QUIET.get(event.kind) == step.verb


def _rung(simulation: Simulation) -> str:
    rings = next((step.rings for step in reversed(simulation.steps) if step.rings), ())
    return f" at {', '.join(readable(route) for route in rings)}" if rings else ""


def _matched(simulation: Simulation, configuration: Configuration, as_if: str) -> str:
    if as_if:
        return "As if a rule had chosen it."
    rule = next((rule for rule in configuration.rules if rule.id == simulation.rule), None)
    return f"Rule “{rule.name}” decided." if rule else "No rule matched, so the default destination decided."
