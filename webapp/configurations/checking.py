"""What a document must pass before it can be a version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from handoff_rules.check import judge
from handoff_rules.configuration import Configuration, read_configuration
from handoff_rules.problems import ConfigurationError, Problem, errors_in

OwnNumbers = Callable[[], Mapping[str, bool]]
"""The Twilio numbers of this deployment in E.164, and whether the calls of each come here."""

ArrivesBySip = Callable[[], bool | None]
"""Whether calls come in over SIP here; None when that is not known."""


def checked(
    document: Mapping[str, Any],
    own_numbers: Mapping[str, bool] | None = None,
    arrives_by_sip: bool | None = None,
    today: date | None = None,
) -> tuple[Configuration, tuple[Problem, ...]]:
    """The configuration and its warnings. Raises ConfigurationError with every fault when it has errors.

    `own_numbers`, `arrives_by_sip` and `today`: see `handoff_rules.check.check`; without them a route that comes back
    here is not seen, nor a REFER that no call can use, nor hours whose days are over.
    """
    configuration = read_configuration(document)
    problems = judge(configuration, own_numbers=own_numbers or {}, arrives_by_sip=arrives_by_sip, today=today)
    if errors_in(problems):
        raise ConfigurationError(problems)
    return configuration, tuple(problems)
