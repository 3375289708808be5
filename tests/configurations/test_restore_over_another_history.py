"""A backup put over a store with another history: nothing that is in use goes without a word."""

from __future__ import annotations

from pathlib import Path

import pytest
import redis

from tests.application import DOCUMENT, Application
from tests.configurations.conftest import Server
from tests.configurations.process import SECRET, Process, configuration
from webapp.configurations.backup import BackupError, Backups
from webapp.configurations.conflicts import VersionNotFoundError
from webapp.configurations.versions import RETIRED_SECONDS
from webapp.store import keys


def backups(process: Process) -> Backups:
    return Backups(process.editor, [SECRET])


def lifetime(process: Process, key: str) -> int:
    return int(process.store.client.ttl(key))  # type: ignore[arg-type]


@pytest.fixture
def process(server: Server, tmp_path: Path) -> Process:
    process = Process(server.client(), tmp_path, file=configuration("Our hotel"))
    for number in (2, 3):
        process.versions.save(configuration(f"Our hotel {number}"), expected=number - 1, author="sam")
    return process


@pytest.fixture
def other(process: Process, tmp_path: Path) -> Process:
    """The same store after it was emptied and filled with two versions of another hotel."""
    process.store.client.flushall()
    other = Process(process.store.client, tmp_path / "other", file=configuration("Another hotel"))
    other.versions.save(configuration("Another hotel 2"), expected=1, author="kim")
    return other


@pytest.fixture
def backup(process: Process) -> bytes:
    return backups(process).make()


def test_a_call_finds_the_version_that_it_began_with_though_the_backup_has_another_of_its_number(
    backup: bytes, other: Process, tmp_path: Path
) -> None:
    began_with = other.live.environment("sandbox").version
    restored = backups(other).restore(backup, author="sam", over=True)
    newcomer = Process(other.store.client, tmp_path / "newcomer")
    assert (call := newcomer.live.version(began_with)) is not None
    assert call.document["name"] == "Another hotel 2"
    assert newcomer.versions.get(2).document["name"] == "Our hotel 2"
    assert 47 * 3600 < lifetime(other, keys.replaced_version(str(began_with))) <= RETIRED_SECONDS
    assert [version.number for version in restored.gone] == [2, 1]


def test_a_call_finds_its_version_too_where_the_backup_holds_only_the_line_of_that_number(
    process: Process, tmp_path: Path
) -> None:
    process.store.client.delete(keys.version(2))
    backup = backups(process).make()
    process.store.client.flushall()
    other = Process(process.store.client, tmp_path / "other", file=configuration("Another hotel"))
    began_with = other.versions.save(configuration("Another hotel 2"), expected=1, author="kim").version
    backups(other).restore(backup, author="sam", over=True)
    newcomer = Process(other.store.client, tmp_path / "newcomer")
    assert (call := newcomer.live.version(began_with)) is not None
    assert call.document["name"] == "Another hotel 2"
    with pytest.raises(VersionNotFoundError):
        newcomer.versions.get(2)


def test_before_anything_is_replaced_it_is_said_which_versions_would_go(backup: bytes, other: Process) -> None:
    with pytest.raises(BackupError) as refused:
        backups(other).restore(backup, author="sam")
    assert "2 of its 2 versions are not in this backup: v2, v1. The backup has others of the same numbers." in str(
        refused.value
    )
    assert "--over" in str(refused.value)
    assert other.versions.get(2).document["name"] == "Another hotel 2"


def test_a_later_version_of_the_same_history_is_named_alone(process: Process, backup: bytes) -> None:
    process.versions.save(configuration("Our hotel 4"), expected=3, author="sam")
    with pytest.raises(BackupError, match=r"1 of its 4 versions is not in this backup: v4\. To put"):
        backups(process).restore(backup, author="sam")
    assert [str(gone.number) for gone in backups(process).restore(backup, author="sam", over=True).gone] == ["4"]


def test_nothing_is_said_to_go_where_the_backup_holds_all(process: Process, backup: bytes) -> None:
    with pytest.raises(BackupError, match="The backup holds all of its versions"):
        backups(process).restore(backup, author="sam")
    assert backups(process).restore(backup, author="sam", over=True).gone == ()


def test_a_version_that_was_to_expire_expires_after_a_restore_and_no_other_does(process: Process) -> None:
    process.store.retire([1], 60)
    backup = backups(process).make()
    process.store.client.flushall()
    backups(process).restore(backup, author="sam")
    assert 47 * 3600 < lifetime(process, keys.version(1)) <= RETIRED_SECONDS
    assert [lifetime(process, keys.version(number)) for number in (2, 3)] == [-1, -1]
    assert backups(process).make() == backup


def test_what_is_altered_in_the_store_does_not_keep_a_backup_out(backup: bytes, other: Process) -> None:
    other.store.client.set(keys.version(1), "altered")
    other.store.client.hset(keys.versions(), "2", "altered")
    backups(other).restore(backup, author="sam", over=True)
    assert other.versions.get(1).document["name"] == "Our hotel"


def test_another_process_of_the_app_finds_it_with_its_one_quick_look(redis_url: str, tmp_path: Path) -> None:
    with Application(redis_url, tmp_path / "ours", DOCUMENT | {"name": "Our hotel"}) as ours:
        backup = ours.services.configurations.backups.make()
        redis.Redis.from_url(redis_url).flushall()
    with Application(redis_url, tmp_path / "another", DOCUMENT | {"name": "Another hotel"}) as another:
        began_with = another.services.live.environment("production").version
        another.services.configurations.backups.restore(backup, author="sam", over=True)
    with Application(redis_url, tmp_path / "new") as newcomer:
        assert newcomer.services.live.environment("production").document["name"] == "Our hotel"
        assert (call := newcomer.services.live.version(began_with)) is not None
        assert call.document["name"] == "Another hotel"
