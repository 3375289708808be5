"""Make a saved test from a call that was played again, so that what is right today stays right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webapp.calls.record import CallRecord
from webapp.simulator.call import SimulatedCall
from webapp.simulator.result import Simulation
from webapp.voice.variables import ARRIVED_OVER, FROM_FLOW

SAID_BY_THE_CALL = frozenset({"call_sid", "account_sid", "caller_id", "called_number", "direction", ARRIVED_OVER,
                              "digits", "speech", "speech_confidence", "sip_call_id", *FROM_FLOW})  # fmt: skip
"""Stand elsewhere in a test, or belong to the one call alone."""


def name_of(record: CallRecord) -> str:
    """What a test is called that somebody keeps of this call without naming it."""
    began = f" of {record.started_at:%Y-%m-%d %H:%M}" if record.started_at else ""
    return f"Call {record.call_sid[-6:]}{began}"


def saved_test_of(call: SimulatedCall, simulation: Simulation, name: str) -> dict[str, Any]:
    """The plain saved test: this call, the same far end, and what the version does with it."""
    told = {key: value for key, value in call.variables.items() if key not in SAID_BY_THE_CALL}
    said: Mapping[str, Any] = {"variables": told, "digits": call.digits, "speech": call.speech}
    outcomes = [step.outcome.value for step in simulation.steps if step.outcome is not None]
    expect = {"path": list(simulation.path), "ends": simulation.ends.value}
    return {
        "name": name,
        "call": {"from": call.caller, "to": call.called, "at": call.at.isoformat(), "over": call.over}
        | {key: value for key, value in said.items() if value},
        "far_end": outcomes,
        "expect": expect | ({"rule": simulation.rule} if simulation.rule else {}),
    }


def with_test(document: Mapping[str, Any], test: Mapping[str, Any]) -> dict[str, Any]:
    """The document with one more saved test; the same name replaces the test that had it."""
    others = [one for one in document.get("tests", ()) if one["name"] != test["name"]]
    return {**document, "tests": [*others, dict(test)]}
