"""Routes to numbers of this deployment, told to whoever enters the numbers: the next save would be refused for them."""

from __future__ import annotations

from handoff_rules.check_destinations import own_number_problems
from handoff_rules.configuration import Configuration
from handoff_rules.problems import Problem, errors_in
from webapp.configurations.published import ENVIRONMENTS
from webapp.console.needs import needs


def loops() -> list[str]:
    """A sentence for each place that rings a number whose calls come here, with the environments where it does."""
    found: dict[str, list[str]] = {}
    for environment in ENVIRONMENTS:
        published = needs().live.environment(environment)
        if published is None:
            continue
        configuration = published.compiled.configuration
        for problem in errors_in(own_number_problems(configuration, needs().live.deployment.own_numbers)):
            said = f"{_place(problem, configuration)}: {problem.message} {problem.fix}"
            found.setdefault(said, []).append(environment)
    return [f"In {' and '.join(where)}, {said}" for said, where in found.items()]


def _place(problem: Problem, configuration: Configuration) -> str:
    part, place, *_ = problem.path.split("/")
    return configuration.destinations[int(place)].name if part == "destinations" else "the intake"
