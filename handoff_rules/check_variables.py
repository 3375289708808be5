"""Variables: undeclared, without a sample, secret where they are not told, or set over what somebody else says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handoff_rules.check_destinations import secrets_of
from handoff_rules.check_texts import bodies, spoken_texts
from handoff_rules.conditions import VariableCondition
from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Header
from handoff_rules.intake import ConversationRelayIntake, MenuIntake, SipAgentIntake, StreamIntake
from handoff_rules.known_variables import FROM_TWILIO, is_built_in, is_reserved, who_sets
from handoff_rules.problems import Problem
from handoff_rules.rules import conditions_of
from handoff_rules.suggestions import nearest, shown
from handoff_rules.variables import loose_dollars, names_in

Use = tuple[str, str]
"""A path and the variable that is used there."""


def variable_problems(configuration: Configuration) -> Iterator[Problem]:
    """One problem for each name, at its first use."""
    known = _known(configuration)
    in_headers = list(_in_headers(configuration))
    told: set[str] = set()
    for path, name in [*_in_conditions(configuration), *in_headers, *_in_texts(configuration)]:
        if name not in told and name not in known and not is_built_in(name):
            told.add(name)
            close = nearest(name, sorted(known))
            fix = f"Did you mean `{close}`?" if close else f"Add `{name}` to `variables`, with a sample."
            yield Problem(path, f"The variable {name} is not declared.", fix, "warning")
    for path, name in in_headers:
        variable = configuration.variables.get(name)
        if variable is not None and not variable.sample and not variable.secret and name not in told:
            told.add(name)
            message = f"{name} goes into a header and has no sample."
            fix = f"Add one under variables/{name}/sample, so that previews and lengths can be checked."
            yield Problem(path, message, fix, "warning")
    for name in configuration.variables.keys() & FROM_TWILIO:
        if configuration.variables[name].secret:
            message = f"{name} comes from Twilio and is needed in the call log."
            yield Problem(f"variables/{name}/secret", message, "Remove `secret`.", "warning")
    yield from _untold_problems(configuration)
    yield from _loose_problems(configuration)


def reserved_problems(names: Iterable[str], path: str) -> Iterator[Problem]:
    """Names under `path` that a rule or a menu may not set."""
    for name in sorted(filter(is_reserved, names)):
        yield Problem(f"{path}/{name}", f"{name} {who_sets(name)} and cannot be set.", "Use another name.")


def _untold_problems(configuration: Configuration) -> Iterator[Problem]:
    """What is named in a text and will not stand there."""
    secrets = set(secrets_of(configuration))
    forbidden = {path for path, _ in bodies(configuration)}
    forbidden |= {path for path, _ in spoken_texts(configuration) if path.endswith("/offer_text/prompt")}
    for path, name in _in_texts(configuration):
        if name in secrets and path not in forbidden:
            yield Problem(path, f"{name} is secret and is left out here.", f"Remove ${name}.", "warning")
    reasons = [(f"destinations/{n}/reason", one.reason) for n, one in enumerate(configuration.destinations)]
    reasons += [(f"rules/{n}/reason", rule.reason or "") for n, rule in enumerate(configuration.rules)]
    for path, reason in reasons:
        for name in names_in(reason):
            message = f"A reason is told as it is written: ${name} is not filled in."
            yield Problem(path, message, "Write plain words.", "warning")


def _loose_problems(configuration: Configuration) -> Iterator[Problem]:
    for path, text in [*_header_values(configuration), *_filled_texts(configuration)]:
        for found in loose_dollars(text):
            message = f"{shown(found)} is no variable, so it is told as it is written."
            fix = "Write $name, ${name} or ${name|default} in lower case, and $$ for a dollar sign."
            yield Problem(path, message, fix, "warning")


def _known(configuration: Configuration) -> set[str]:
    """Declared, or set by a rule or by a choice of the menu."""
    names = set(configuration.variables)
    for rule in configuration.rules:
        names |= rule.set.keys()
    if isinstance(configuration.intake, MenuIntake):
        for choice in configuration.intake.choices.values():
            names |= choice.keys()
    return names


def _in_conditions(configuration: Configuration) -> Iterator[Use]:
    for index, rule in enumerate(configuration.rules):
        for path, condition in conditions_of(rule, f"rules/{index}"):
            if isinstance(condition, VariableCondition):
                yield f"{path}/variable", condition.variable


def _in_headers(configuration: Configuration) -> Iterator[Use]:
    for path, value in _header_values(configuration):
        for name in names_in(value):
            yield path, name


def _header_values(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """The value of every header, with its path."""
    lists: list[tuple[str, tuple[Header, ...]]] = [
        (f"destinations/{index}", destination.headers) for index, destination in enumerate(configuration.destinations)
    ]
    lists += [(f"rules/{index}", rule.headers or ()) for index, rule in enumerate(configuration.rules)]
    if isinstance(configuration.intake, SipAgentIntake):
        lists.append(("intake", configuration.intake.headers))
    for path, headers in lists:
        for number, header in enumerate(headers):
            yield f"{path}/headers/{number}/value", header.value


def _in_texts(configuration: Configuration) -> Iterator[Use]:
    for path, text in _filled_texts(configuration):
        for name in names_in(text):
            yield path, name


def _filled_texts(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Where values are filled in: what is spoken or sent as a text, set by a rule, told to an agent at its start."""
    yield from bodies(configuration)
    yield from spoken_texts(configuration)
    for index, rule in enumerate(configuration.rules):
        for key, value in rule.set.items():
            yield f"rules/{index}/set/{key}", value
    if isinstance(configuration.intake, ConversationRelayIntake | StreamIntake):
        for key, value in configuration.intake.parameters.items():
            yield f"intake/parameters/{key}", value
