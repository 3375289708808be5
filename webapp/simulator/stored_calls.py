"""A stored call played against a version, with all that whoever asks may want to do with it: the use case of API and
command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.calls.record import CallRecord
from webapp.configurations import Published
from webapp.configurations.deployment import Deployment
from webapp.simulator.impact import Impact
from webapp.simulator.keeping import name_of, saved_test_of, why_last_fails, with_test
from webapp.simulator.replay import Replay, call_of, replay
from webapp.simulator.result import Simulation
from webapp.voice.code_rules import Votes


@dataclass(frozen=True, slots=True)
class PlayedAgain:
    """`saved_test` would keep the call as it went now; `fails_at_once` says why the newest version fails it."""

    replay: Replay
    saved_test: Mapping[str, Any]
    fails_at_once: tuple[str, ...]

    @property
    def differences(self) -> list[dict[str, str]]:
        return [{"what": one.what, "then": one.expected, "now": one.actual} for one in self.replay.differences]

    @property
    def unknown(self) -> list[str]:
        return list(self.replay.simulation.unknown)

    def to_plain(self) -> dict[str, Any]:
        return {
            "differences": self.differences,
            "unknown": self.unknown,
            "simulation": self.replay.simulation.to_plain(),
            "saved_test": dict(self.saved_test),
            "fails_at_once": list(self.fails_at_once),
        }


def play_stored_call(
    record: CallRecord,
    published: Published,
    *,
    began_with: Published | None,
    newest: Mapping[str, Any],
    deployment: Deployment,
    code_rules: Votes,
) -> PlayedAgain:
    """`newest` is the document of the sandbox, where the test would be saved. Raises NotReplayableError."""
    played = replay(record, published, began_with=began_with, deployment=deployment)
    assert record.facts is not None  # else it was not replayable
    test = saved_test_of(call_of(record, record.facts, began_with), played.simulation, name_of(record))
    failing = why_last_fails(with_test(newest, test), deployment=deployment, code_rules=code_rules)
    return PlayedAgain(played, test, failing)


def plain_impact(found: Impact) -> dict[str, Any]:
    moved = [{"call_sid": one.call_sid, "before": _way(one.before), "after": _way(one.after)} for one in found.moved]
    return {"compared": found.compared, "left_out": found.left_out, "moved": moved}


def _way(simulation: Simulation) -> dict[str, Any]:
    rings = [list(step.rings) for step in simulation.steps]
    return {"path": list(simulation.path), "ends": simulation.ends.value, "rings": rings}
