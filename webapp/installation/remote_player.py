"""Plays calls on a server, with the code rules and the deployment document that calls meet there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import TypeAdapter

from handoff_rules.trace import Trace
from webapp.installation.client import Client
from webapp.installation.interface import Choice, Plain, Replayed, Watch
from webapp.simulator import SimulatedCall, Simulation

_SIMULATION, _TRACE = TypeAdapter(Simulation), TypeAdapter(Trace)


class RemotePlayer:
    def __init__(self, client: Client) -> None:
        self._client = client

    def simulate(self, choice: Choice, call: SimulatedCall, far_end: Sequence[str]) -> Simulation:
        order = _named(choice) | {"call": _call(call), "far_end": list(far_end)}
        return _simulation(self._client.write("POST", "simulations", body=order).body)

    def run_tests(self, choice: Choice) -> Iterator[Plain]:
        yield from self._client.write("POST", "test-runs", body=_named(choice)).body["tests"]

    def replay(self, call_sid: str, wanted: str) -> Replayed:
        found = self._client.write("POST", "calls", call_sid, "replays", body={"version": wanted}).body
        simulation = _simulation(found["simulation"])
        return Replayed(simulation, found["differences"], found["saved_test"], found["fails_at_once"], found["unknown"])

    def impact(self, before: str, after: str, hours: int, watch: Watch) -> Plain:
        return self._client.get("impact", before=before, after=after, hours=hours).body


def _simulation(told: Plain) -> Simulation:
    """A server has worked the trace out already."""
    trace = _TRACE.validate_python(told["trace"])
    return _SIMULATION.validate_python({**told, "explained": lambda: trace})


def _named(choice: Choice) -> dict[str, object]:
    return {"configuration": choice.document} if choice.version is None else {"version": str(choice.version)}


def _call(call: SimulatedCall) -> dict[str, object]:
    return {
        "from": call.caller, "to": call.called, "over": call.over, "at": call.at.isoformat(),
        "variables": dict(call.variables), "digits": call.digits, "speech": call.speech, "call_sid": call.call_sid,
    }  # fmt: skip
