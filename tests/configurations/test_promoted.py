"""Since when, and by whom, the version answers calls that is in production."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.configurations.conftest import Server
from tests.configurations.process import SECRET, Process, configuration
from webapp.configurations.backup import Backups
from webapp.configurations.records import Promoted


@pytest.fixture
def process(server: Server, tmp_path: Path) -> Process:
    return Process(server.client(), tmp_path, file=configuration())


def now_of(process: Process) -> Promoted:
    process.live.refresh()
    found = process.live.promoted
    assert found is not None
    assert abs(found.at - datetime.now(UTC)) < timedelta(minutes=1)
    return found


def test_the_shipped_file_is_in_production_since_it_was_read(process: Process) -> None:
    found = now_of(process)
    assert (found.version.number, found.by, found.before) == (1, "handoff", None)


def test_a_promote_says_who_put_it_there_and_what_was_there_before(process: Process) -> None:
    process.versions.save(configuration("Two"), expected=1, author="kim")
    process.versions.promote(2, expected_production=1, author="sam")
    found = now_of(process)
    assert found.before is not None
    assert (found.version.number, found.by, found.before.number) == (2, "sam", 1)


def test_a_roll_back_begins_anew(process: Process) -> None:
    process.versions.save(configuration("Two"), expected=1, author="kim")
    process.versions.promote(2, expected_production=1, author="sam")
    first = now_of(process).at
    process.versions.roll_back(author="kim")
    found = now_of(process)
    assert (found.version.number, found.by) == (1, "kim")
    assert found.at >= first


def test_a_save_of_the_sandbox_moves_nothing_of_it(process: Process) -> None:
    before = now_of(process)
    process.versions.save(configuration("Two"), expected=1, author="kim")
    assert now_of(process) == before


def test_a_process_without_the_store_still_knows_it_from_its_disk(killable_server: Server, tmp_path: Path) -> None:
    process = Process(killable_server.client(), tmp_path, file=configuration())
    process.versions.save(configuration("Two"), expected=1, author="kim")
    process.versions.promote(2, expected_production=1, author="sam")
    process.live.refresh()
    killable_server.kill()
    assert now_of(Process(killable_server.client(), tmp_path)).by == "sam"


def test_what_an_operator_puts_back_is_in_production_by_them(server: Server, tmp_path: Path) -> None:
    process = Process(server.client(), tmp_path, file=configuration())
    process.versions.save(configuration("Two"), expected=1, author="kim")
    process.live.refresh()
    process.live.put_back("sam")
    assert now_of(process).by == "sam"


def test_what_a_backup_brings_over_something_is_in_production_by_whoever_restored_it(process: Process) -> None:
    backups = Backups(process.editor, [SECRET])
    backup = backups.make()
    process.versions.save(configuration("Two"), expected=1, author="kim")
    process.versions.promote(2, expected_production=1, author="kim")
    backups.restore(backup, author="sam", over=True)
    assert (now_of(process).by, now_of(process).version.number) == ("sam", 1)
