"""A call keeps the version that it began with, however often production changes meanwhile."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.configurations.conftest import Server
from tests.configurations.process import Process, configuration
from webapp.configurations import VersionId

CALLS = 2_000
PROMOTES = 200


@pytest.mark.slow
def test_200_promotes_during_2000_running_calls_leave_no_call_with_two_versions(server: Server, tmp_path: Path) -> None:
    """Each call has eight webhooks, answered by workers in turn; its state carries the version as text."""
    dice = random.Random(9)
    editor = Process(server.client(), tmp_path / "editor", file=configuration("v1"))
    workers = [Process(server.client(), tmp_path / f"worker {number % 2}") for number in range(4)]
    calls: dict[int, tuple[str, str]] = {}
    webhooks = 0
    for turn in range(PROMOTES):
        newest = editor.versions.save(configuration(f"v{turn + 2}"), expected=None, author="sam").version.number
        production = editor.versions.pointers().of("production").number
        target = newest if dice.random() < 0.8 else dice.randint(1, newest)
        editor.versions.promote(target, expected_production=production, author="sam")
        for worker in dice.sample(workers, 2):  # the others are up to half a second behind
            worker.live.refresh()
        for call in range(turn * CALLS // PROMOTES, (turn + 1) * CALLS // PROMOTES):
            began = dice.choice(workers).live.environment("production")
            calls[call] = (str(began.version), str(began.document["name"]))
        for call in dice.choices(list(calls), k=8 * CALLS // PROMOTES):
            version, name = calls[call]
            kept = dice.choice(workers).live.version(VersionId.parse(version))
            assert kept is not None, f"call {call} lost its version {version}"
            assert (str(kept.version), kept.document["name"]) == (version, name)
            webhooks += 1
    assert (len(calls), webhooks) == (CALLS, 8 * CALLS)
