"""Names: what would break a line of a list, or change the terminal that it is read on."""

from __future__ import annotations

from collections.abc import Iterator

from handoff_rules.configuration import Configuration
from handoff_rules.problems import Problem
from handoff_rules.texts import has_control_characters


def name_problems(configuration: Configuration) -> Iterator[Problem]:
    for path, name in _names(configuration):
        if "\n" in name or has_control_characters(name):
            message = "The name holds a line break or another control character."
            yield Problem(path, message, "Write it in one line of letters, digits and signs.")


def _names(configuration: Configuration) -> Iterator[tuple[str, str]]:
    yield "name", configuration.name
    for part in ("destinations", "rules", "hours", "tests"):
        for index, one in enumerate(getattr(configuration, part)):
            yield f"{part}/{index}/name", one.name
