"""Intake: a menu that can be answered, an agent that can be reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handoff_rules.check_destinations import route_problems, samples_of, secrets_of
from handoff_rules.check_variables import reserved_problems
from handoff_rules.configuration import Configuration
from handoff_rules.headers import header_problems
from handoff_rules.intake import MenuIntake, SipAgentIntake
from handoff_rules.problems import Problem


def intake_problems(configuration: Configuration, own_numbers: Mapping[str, bool]) -> Iterator[Problem]:
    match configuration.intake:
        case MenuIntake() as menu:
            yield from _menu_problems(menu)
        case SipAgentIntake() as agent:
            yield from route_problems(configuration, agent.route, "intake/route", own_numbers, [])
            yield from header_problems(
                agent.headers,
                "intake/headers",
                secrets=secrets_of(configuration),
                samples=samples_of(configuration),
            )
        case _:
            return


def _menu_problems(menu: MenuIntake) -> Iterator[Problem]:
    if "digits" in menu.input and not menu.choices:
        yield Problem(
            "intake/choices", "The menu has no choices.", 'Add one, such as `"1": {intent: sales}`.', "warning"
        )
    for digits, variables in menu.choices.items():
        path = f"intake/choices/{digits}"
        if menu.num_digits is not None and len(digits) > menu.num_digits:
            message = f"{digits} has more digits than the menu takes ({menu.num_digits})."
            yield Problem(path, message, "Shorten it, or raise num_digits.")
        yield from reserved_problems(variables, path)
