"""`/simulations` and `/test-runs`: where a call would go, and what the saved tests of a version say."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from typing import Any

from pydantic import Field

from handoff_rules.callers import fault_of_caller, fault_of_digits
from handoff_rules.known_variables import fault_of_told
from handoff_rules.outcomes import Ends
from handoff_rules.problems import Problem
from handoff_rules.saved_tests import FarEnd, TestCall
from handoff_rules.suggestions import shown
from handoff_rules.trace import Trace
from webapp.api.configuration import VersionName, at
from webapp.api.endpoint import Asked, Endpoint, Given, Strict
from webapp.api.placing import in_the_body, told_at
from webapp.api.problem import ApiFault, Fault
from webapp.api.shapes import Answer, Warned
from webapp.calls.timeline import Kind
from webapp.configurations.checking import checked
from webapp.configurations.published import Published, publish
from webapp.people.roles import Role
from webapp.simulator import AS_CONFIGURED, SimulatedCall, SimulatedStep, Simulation, simulate
from webapp.simulator.result import SimulatedText
from webapp.simulator.saved_tests import run_saved_tests


class SimulationOrder(Strict):
    """Against a version, or against a document that is not saved."""

    version: VersionName = "sandbox"
    configuration: dict[str, Any] | None = Field(default=None, description="A document in place of a version.")
    call: TestCall
    far_end: list[FarEnd] = Field(default=[], max_length=20, description="What each attempt meets, in order.")


class SimulatedEvent(Answer):
    """`attempt` counts destinations rung, from 1; 0 is before the first. `detail` depends on the kind."""

    id: str
    kind: Kind
    attempt: int
    sequence: int
    detail: dict[str, Any]
    at_ms: int


class SimulationAnswer(Answer):
    ends: Ends
    path: list[str]
    rule: str | None
    reason: str
    trace: Trace
    steps: list[SimulatedStep]
    texts: list[SimulatedText]
    events: list[SimulatedEvent] = Field(description="What the timeline of the call would tell, in its order.")
    problems: list[Warned]


class RunOrder(Strict):
    version: VersionName = "sandbox"
    configuration: dict[str, Any] | None = None


class TestDifference(Answer):
    what: str
    expected: str
    actual: str


class TestAnswer(Answer):
    name: str
    passed: bool
    required: bool
    ends: Ends
    path: list[str]
    differences: list[TestDifference]


class RunAnswer(Answer):
    """`passed` counts required tests alone: it is what a promote asks."""

    passed: bool
    tests: list[TestAnswer]


def _published(asked: Asked) -> Published:
    if asked.body.configuration is not None:
        with told_at(in_the_body(under="/configuration")):
            return publish(checked(asked.body.configuration)[0].to_document())
    version = at(asked, asked.body.version)
    return publish(version.document, version.version)


def run_simulation(asked: Asked) -> Given:
    services = asked.house.services
    order: SimulationOrder = asked.body
    if faults := list(_strange(order.call)):
        raise ApiFault("invalid", "No caller says or presses this.", faults)
    published = _published(asked)
    known = published.compiled.configuration.destination_by_id
    simulation = simulate(
        published, SimulatedCall.of_test(order.call, asked.house.now()), order.far_end,
        environment=AS_CONFIGURED, deployment=services.live.deployment, code_rules=services.code_rules,
        problems=[*services.configurations.versions.problems(published.document), *_unusable(order.call, known)],
    )  # fmt: skip
    problems = (*simulation.problems, *_not_offered(simulation, order.call.to, services.may_text))
    return Given(replace(simulation, problems=problems).to_plain())


def _strange(call: TestCall) -> Iterator[Fault]:
    """What no real call can say of its caller."""
    found = {"from": fault_of_caller(call.from_, call.over), "digits": fault_of_digits(call.digits)}
    for field, fault in found.items():
        if fault:
            yield Fault(pointer=f"/call/{field}", detail=fault[0], fix=fault[1])


def _not_offered(simulation: Simulation, number: str, may_text: Callable[[str], bool]) -> Iterator[Problem]:
    """A simulation shows the offer of a text as it is configured; a call gets it where the number may text."""
    if any(step.verb == "offer" for step in simulation.steps) and not may_text(number):
        message = f"{number} may not send texts, as far as is known: a call is connected without being offered one."
        yield Problem("call/to", message, "See `handoff sms status`.", "warning")


def _unusable(call: TestCall, destinations: Container[str]) -> Iterator[Problem]:
    """What of the described call has no effect: destinations that this version has not, and variables that only Twilio,
    the caller or the flow tell."""
    for path, name in (("call/asked_for", call.asked_for), *(("call/failing", name) for name in call.failing)):
        if name is not None and name not in destinations:
            yield Problem(path, f"The version has no destination {shown(name)}.", "Name one of its own.", "warning")
    for name in call.variables:
        if told := fault_of_told(name, call.over):
            yield Problem(f"call/variables/{name}", *told, "warning")


def run_tests(asked: Asked) -> Given:
    services = asked.house.services
    results = [
        result.to_plain()
        for result in run_saved_tests(
            _published(asked), now=asked.house.now(), deployment=services.live.deployment,
            code_rules=services.code_rules,
        )
    ]  # fmt: skip
    return Given({"passed": all(one["passed"] for one in results if one["required"]), "tests": results})


ENDPOINTS = (
    Endpoint(
        method="POST", path="/simulations", role=Role.VIEWER, body=SimulationOrder, answer=SimulationAnswer,
        summary="Play a call without a phone", handle=run_simulation, faults=("not_found", "store_away"),
    ),
    Endpoint(
        method="POST", path="/test-runs", role=Role.VIEWER, body=RunOrder, answer=RunAnswer, body_optional=True,
        summary="Run the saved tests of a version", handle=run_tests, faults=("not_found", "store_away"),
    ),
)  # fmt: skip
