"""Plays calls on this machine, with the code rules that are installed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from webapp.configurations.assembly import History
from webapp.configurations.canonical import digest_of
from webapp.configurations.checking import checked
from webapp.configurations.deployment import Deployment
from webapp.configurations.published import Published, publish
from webapp.configurations.version_id import VersionId
from webapp.installation.interface import Choice, Plain, Replayed, Watch
from webapp.installation.local_calls import LocalCalls
from webapp.simulator import AS_CONFIGURED, SimulatedCall, Simulation, simulate
from webapp.simulator.impact import Impact, compare
from webapp.simulator.saved_tests import run_saved_tests
from webapp.simulator.stored_calls import plain_impact, play_stored_call
from webapp.voice.installed_code_rules import installed_code_rules


class LocalPlayer:
    def __init__(self, history: History, calls: LocalCalls) -> None:
        self._history = history
        self._calls = calls

    def simulate(self, choice: Choice, call: SimulatedCall, far_end: Sequence[str]) -> Simulation:
        return simulate(
            _published(choice), call, far_end, environment=AS_CONFIGURED, deployment=self._deployment(choice),
            code_rules=installed_code_rules(), problems=checked(choice.document, today=datetime.now(UTC).date())[1],
        )  # fmt: skip

    def run_tests(self, choice: Choice) -> Iterator[Plain]:
        published, rules = _published(choice), installed_code_rules()
        for result in run_saved_tests(published, deployment=self._deployment(choice), code_rules=rules):
            yield result.to_plain()

    def replay(self, call_sid: str, wanted: str) -> Replayed:
        record = self._calls.record(call_sid)
        played = play_stored_call(
            record, self._calls.version(wanted), began_with=self._calls.began_with(record),
            newest=self._history.versions.get("sandbox").document,
            deployment=self._history.deployments.read().deployment, code_rules=installed_code_rules(),
        )  # fmt: skip
        return Replayed(
            played.replay.simulation, played.differences, played.saved_test, played.fails_at_once, played.unknown
        )

    def impact(self, before: str, after: str, hours: int, watch: Watch) -> Plain:
        old, new = self._calls.version(before), self._calls.version(after)
        since = datetime.now(UTC) - timedelta(hours=hours)
        records = list(self._calls.since(int(since.timestamp() * 1000)))
        compared = compare(records, old, new, began_with=self._calls.began_with)
        return plain_impact(Impact.of(watch(compared, len(records))))

    def _deployment(self, choice: Choice) -> Deployment:
        """A file is played without a store: there may be none."""
        return Deployment() if choice.version is None else self._history.deployments.read().deployment


def _published(choice: Choice) -> Published:
    known = None if choice.version is None else VersionId(choice.version, digest_of(choice.document))
    return publish(choice.document, known)
