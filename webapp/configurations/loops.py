"""Routes to numbers of this deployment, told to whoever enters the numbers: the next save would be refused for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handoff_rules.check_destinations import own_number_problems
from handoff_rules.configuration import Configuration
from handoff_rules.problems import Problem, errors_in
from webapp.configurations.published import Environment

PATH = "numbers"
"""Where they stand in the deployment document."""


def loops(configurations: Mapping[Environment, Configuration], own_numbers: Mapping[str, bool]) -> list[Problem]:
    """A warning for each place of these configurations that rings a number whose calls come here, with the environments
    where it does. `own_numbers`: see `Deployment.own_numbers`."""
    found: dict[tuple[str, Problem], list[str]] = {}
    for environment, configuration in configurations.items():
        for problem in errors_in(own_number_problems(configuration, own_numbers)):
            said = replace(problem, path=PATH, severity="warning")
            found.setdefault((_place(problem, configuration), said), []).append(environment)
    return [
        replace(problem, message=f"In {' and '.join(where)}, {place}: {problem.message}")
        for (place, problem), where in found.items()
    ]


def _place(problem: Problem, configuration: Configuration) -> str:
    part, place, *_ = problem.path.split("/")
    return configuration.destinations[int(place)].name if part == "destinations" else "the intake"
