"""Faults in the settings: every one of them at once, each with the variable's name and the way to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

OUR_PREFIX = "HANDOFF_"
"""Names with this prefix are ours alone, so one that we do not know is a typing error, and it must not be silence."""


@dataclass(frozen=True, slots=True)
class SettingFault:
    """`message` follows the name: "is not an origin"; then comes the fix, as a sentence."""

    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.name} {self.message}"


class SettingsError(Exception):
    """The process must not start; `faults` has them all, and the text is fit for a terminal."""

    def __init__(self, faults: Sequence[SettingFault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        head = f"{count} problem{'s' if count != 1 else ''} with the settings:"
        super().__init__("\n".join([head, *(f"  {fault}" for fault in self.faults)]))


def faults_in(error: ValidationError) -> list[SettingFault]:
    return [
        SettingFault(str(item["loc"][0]).upper(), _sentence(item["type"], str(item["msg"])))
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    ]


def _sentence(kind: str, message: str) -> str:
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    if kind == "enum":
        return message.replace("Input should be", "is not known. It should be") + "."
    if kind.startswith("int_"):
        return "is not a whole number. Write digits only."
    return message.replace("Input should be", "should be") + "."


OF_THE_COMMAND_LINE = ("HANDOFF_SERVER", "HANDOFF_TOKEN")
"""Ours, and no settings: they say which server a command works on, never what this installation is."""


def unknown_settings(names: Iterable[str], known: Mapping[str, object]) -> list[SettingFault]:
    """Names with our prefix that no setting has."""
    known_names = [*(name.upper() for name in known), *OF_THE_COMMAND_LINE]
    faults = []
    for name in sorted(names):
        if name.startswith(OUR_PREFIX) and name not in known_names and name.removesuffix("_FILE") not in known_names:
            close = difflib.get_close_matches(name, known_names, 1)
            hint = f"Did you mean {close[0]}?" if close else "Remove it."
            faults.append(SettingFault(name, f"is not a setting. {hint}"))
    return faults
