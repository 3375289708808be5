"""A backup brings everything back byte for byte, and an altered one brings back nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.configurations.conftest import Server
from tests.configurations.process import SECRET, Process, configuration
from webapp.configurations.backup import BackupError, Backups
from webapp.configurations.bringing_in import bring_in
from webapp.configurations.conflicts import ConflictError, VersionNotFoundError
from webapp.configurations.versions import RETIRED_SECONDS
from webapp.store import keys


@pytest.fixture
def process(server: Server, tmp_path: Path) -> Process:
    process = Process(server.client(), tmp_path, file=configuration())
    for number in range(2, 6):
        process.versions.save(configuration(f"Hôtel {number} 🛎"), expected=number - 1, author="sam")
    process.versions.promote(4, expected_production=1, author="kim")
    process.deployments.save({"sandbox_phone": "+14155550123"}, expected=None, author="sam")
    process.store.client.hset(keys.users(), "u1", '{"name": "Sam"}')
    return process


def backups(process: Process) -> Backups:
    return Backups(process.editor, [SECRET])


def test_a_backup_restored_into_an_empty_store_gives_the_same_backup_again(process: Process, tmp_path: Path) -> None:
    first = backups(process).make()
    process.store.client.flushall()
    restored = backups(process).restore(first, author="sam")
    assert (restored.versions, restored.proof.durable) == (5, True)
    assert backups(process).make() == first
    newcomer = Process(process.store.client, tmp_path / "newcomer")
    assert newcomer.live.environment("production").document["name"] == "Hôtel 4 🛎"
    assert newcomer.live.deployment.sandbox_phone == "+14155550123"
    assert newcomer.editor.audit_faults() == []
    process.live.refresh()
    assert process.live.reasons().faults == ()


def test_a_backup_put_over_a_later_state_is_followed_by_running_processes_and_audited(process: Process) -> None:
    backup = backups(process).make()
    process.versions.promote(5, expected_production=4, author="sam")
    with pytest.raises(BackupError, match="--over"):
        backups(process).restore(backup, author="kim")
    backups(process).restore(backup, author="kim", over=True)
    process.live.refresh()
    assert process.live.environment("production").version.number == 4
    assert process.live.reasons().faults == ()
    assert (process.editor.audit_entries()[0].actor, process.editor.audit_faults()) == ("kim", [])
    assert process.versions.save(configuration("Six"), expected=5, author="sam").version.number == 6


def test_edits_begin_at_the_restored_sandbox_though_later_numbers_were_given_out(process: Process) -> None:
    backup = backups(process).make()
    process.versions.save(configuration("Six"), expected=5, author="sam")
    backups(process).restore(backup, author="kim", over=True)
    assert process.versions.save(configuration("Seven"), expected=5, author="sam").version.number == 7
    with pytest.raises(ConflictError, match="version 7 meanwhile"):
        process.versions.save(configuration("Eight"), expected=5, author="sam")


def test_a_version_that_the_backup_does_not_hold_answers_only_the_calls_that_began_with_it(
    process: Process, tmp_path: Path
) -> None:
    backup = backups(process).make()
    later = process.versions.save(configuration("Six"), expected=5, author="sam").version
    backups(process).restore(backup, author="kim", over=True)
    with pytest.raises(VersionNotFoundError):
        process.versions.get(6)
    with pytest.raises(VersionNotFoundError):
        process.versions.promote(6, expected_production=4, author="sam")
    assert 47 * 3600 < int(process.store.client.ttl(keys.version(6))) <= RETIRED_SECONDS  # type: ignore[arg-type]
    other = Process(process.store.client, tmp_path / "other")
    assert (call := other.live.version(later)) is not None
    assert call.document["name"] == "Six"
    assert [process.versions.get(number).number for number in range(1, 6)] == [1, 2, 3, 4, 5]
    assert process.store.client.ttl(keys.version(5)) == -1


def test_a_version_that_was_retired_before_the_backup_is_not_answered_by_another_one_of_its_number(
    process: Process, tmp_path: Path
) -> None:
    process.store.client.delete(keys.version(2))
    backup = backups(process).make()
    process.store.client.flushall()
    other = Process(process.store.client, tmp_path / "other", file=configuration("Another hotel"))
    other.versions.save(configuration("Another second"), expected=1, author="sam")
    backups(other).restore(backup, author="kim", over=True)
    with pytest.raises(VersionNotFoundError):
        other.versions.get(2)


def test_what_the_restored_sandbox_holds_is_not_brought_in_again(process: Process) -> None:
    backup = backups(process).make()
    document = process.versions.get("sandbox").document
    process.versions.save(configuration("Six"), expected=5, author="sam")
    backups(process).restore(backup, author="kim", over=True)
    brought = bring_in(process.versions, document, expected=None, author="sam", note="", dry_run=False)
    assert (brought.unchanged, process.versions.pointers().of("sandbox").number) == (True, 5)


def test_an_altered_backup_is_refused_and_changes_nothing(process: Process) -> None:
    backup = backups(process).make()
    process.store.client.flushall()
    dice = random.Random(1)
    for _ in range(200):
        position = dice.randrange(len(backup))
        altered = backup[:position] + bytes([backup[position] ^ (1 << dice.randrange(8))]) + backup[position + 1 :]
        with pytest.raises(BackupError):
            backups(process).restore(altered, author="sam")
    assert process.store.client.dbsize() == 0


def test_a_backup_made_under_another_key_is_refused(process: Process) -> None:
    foreign = Backups(process.editor, [SecretStr("y" * 40)]).make()
    with pytest.raises(BackupError, match="SECRET_KEY"):
        backups(process).restore(foreign, author="sam", over=True)
