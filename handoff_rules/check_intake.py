"""Intake: a menu that can be answered, an agent that can be reached."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from handoff_rules.check_destinations import route_problems, samples_of, secrets_of
from handoff_rules.check_variables import reserved_problems
from handoff_rules.configuration import Configuration
from handoff_rules.headers import header_problems
from handoff_rules.intake import ConversationRelayIntake, MenuIntake, SipAgentIntake, StreamIntake
from handoff_rules.problems import Problem
from handoff_rules.sip_uri import made_visible

_WEB_SOCKET = re.compile(r"wss://[A-Za-z0-9.:\[\]-]+(?:/[!$-;=@-Z_a-z~]*)?")
_PARAMETER = re.compile(r"[A-Za-z0-9_.-]{1,64}")


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
        case ConversationRelayIntake() | StreamIntake() as agent:
            yield from _socket_problems(agent)
        case _:
            return


def _socket_problems(agent: ConversationRelayIntake | StreamIntake) -> Iterator[Problem]:
    """What the model lets through and no document can hold: the agent would never be asked."""
    if not _WEB_SOCKET.fullmatch(agent.url):
        message = f"“{made_visible(agent.url)}” cannot be written as the address of a web socket."
        fix = "Write it as wss://agent.example.com/talk, with letters, digits and percent-encoded signs."
        yield Problem("intake/url", message, fix)
    for name in agent.parameters:
        if not _PARAMETER.fullmatch(name):
            message = f"“{made_visible(name)}” cannot be the name of a parameter."
            yield Problem(f"intake/parameters/{name}", message, "Use up to 64 letters, digits, _, . and -.")


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
