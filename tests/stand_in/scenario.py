"""Call scenarios as YAML: a configuration, a call, what the far end does, what disturbs it, and what must come of it.

A file holds one `configuration` and a list of `calls`; the `with` of a call replaces whole keys of the configuration.
Everything is read as text, as the product reads it, so that `+14155550100` and `22:30` survive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from tests.stand_in.call import START, Call, Message, Session
from tests.stand_in.disturbance import Disturbance
from tests.stand_in.expectation import Expectation, read_expectation
from tests.stand_in.far_end import ScriptError, read_answer

KEYS = frozenset({"name", "with", "call", "far_end", "disturbance", "expect"})
CALL_KEYS = frozenset({
    "from", "to", "over", "at", "caller_name", "forwarded_from", "stir_verstat", "sip_headers", "digits", "speech",
    "session", "message", "seed", "may_repeat_targets", "more",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scenario:
    """`name` is a sentence; `configuration` is the plain document that the application is given."""

    name: str
    configuration: Mapping[str, Any]
    call: Call
    expect: Expectation

    @property
    def test_id(self) -> str:
        return self.name.replace(" ", "_")


def read_scenarios(folder: Path) -> list[Scenario]:
    """All scenarios of all files, in order; a name may occur only once."""
    found = [scenario for file in sorted(folder.glob("*.yaml")) for scenario in scenarios_of(file)]
    names = [scenario.name for scenario in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ScriptError(f"two scenarios are called {', '.join(sorted(twice))}")
    return found


def scenarios_of(file: Path) -> list[Scenario]:
    document = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    try:
        return [read_scenario(written, document["configuration"]) for written in document["calls"]]
    except (ScriptError, KeyError, TypeError, ValueError) as error:
        raise ScriptError(f"{file.name}: {error}") from error


def read_scenario(written: Mapping[str, Any], configuration: Mapping[str, Any]) -> Scenario:
    unknown = written.keys() - KEYS
    if unknown:
        raise ScriptError(f"{written.get('name')}: nobody knows {', '.join(sorted(unknown))}")
    whole = dict(configuration) | dict(written.get("with", {}))
    expect = read_expectation(written["expect"], whole)
    call = replace(
        read_call(written.get("call", {})),
        far_end=tuple(read_answer(answer) for answer in written.get("far_end", ())),
        disturbance=read_disturbance(written.get("disturbance", {})),
        allowed_targets=expect.targets.everything,
        may_end_in_silence=expect.ends in {"hung_up", "returned", "rejected"},
    )
    return Scenario(written["name"], whole, call, expect)


def read_call(written: Mapping[str, Any]) -> Call:
    unknown = written.keys() - CALL_KEYS
    if unknown:
        raise ScriptError(f"a call has no {', '.join(sorted(unknown))}")
    fields: dict[str, Any] = {"from_" if key == "from" else key: value for key, value in written.items()}
    for key in ("digits", "speech"):
        if key in fields:
            fields[key] = several(fields[key])
    if written.get("over") == "sip":
        fields = {"from_": "sip:alice@pbx.example.com", "to": "sip:help@example.sip.twilio.com"} | fields
    fields["at"] = datetime.fromisoformat(fields["at"]) if "at" in fields else START
    fields["may_repeat_targets"] = fields.get("may_repeat_targets") == "true"
    if "session" in fields:
        fields["session"] = Session(**numbers(fields["session"], {"seconds"}))
    if "message" in fields:
        fields["message"] = Message(**numbers(fields["message"], {"seconds"}))
    return Call(**fields)


def read_disturbance(written: Mapping[str, Any]) -> Disturbance:
    fields = numbers(written, {"repeat", "repeat_status", "lose_status", "delay_status", "replays"})
    if "at_once" in fields:
        fields["at_once"] = fields["at_once"] == "true"
    return Disturbance(**fields)


def numbers(written: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """The named values as numbers, the others as they are."""
    return {key: number(value) if key in names else value for key, value in written.items()}


def number(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)


def several(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
