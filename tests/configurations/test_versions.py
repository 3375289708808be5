"""Saving, listing, promoting and rolling back, with their checks."""

from __future__ import annotations

from pathlib import Path

import pytest
import redis

from handoff_rules.problems import ConfigurationError
from tests.configurations.conftest import Server
from tests.configurations.process import Process, configuration
from webapp.configurations.conflicts import (
    ConflictError,
    StoreEmptyError,
    StoreRefusedError,
    VersionNotFoundError,
)
from webapp.configurations.differences import difference
from webapp.configurations.edits import Editor
from webapp.configurations.version_list import spans
from webapp.configurations.version_store import Change, VersionStore
from webapp.configurations.versions import Versions
from webapp.store import keys
from webapp.store.sealed import SealError


@pytest.fixture
def process(server: Server, tmp_path: Path) -> Process:
    return Process(server.client(), tmp_path, file=configuration())


def test_a_version_keeps_who_when_why_and_what_came_before(process: Process) -> None:
    process.versions.save(configuration("Two"), expected=1, author="sam", note="A new name")
    version = process.versions.get(2)
    assert (version.author, version.note, version.parent) == ("sam", "A new name", str(process.versions.get(1).version))
    assert version.at.endswith("Z")
    assert process.versions.get("sandbox") == version
    assert process.versions.get("production").number == 1


def test_a_document_with_errors_is_not_saved(process: Process) -> None:
    with pytest.raises(ConfigurationError):
        process.versions.save(configuration() | {"default_destination": "nobody"}, expected=1, author="sam")
    assert process.versions.pointers().newest == 1


def test_the_same_configuration_has_the_same_identity_however_it_was_written(process: Process) -> None:
    spelled_out = configuration() | {"rules": [], "time_zone": "UTC", "schema": "1"}
    saved = process.versions.save(spelled_out, expected=1, author="sam")
    assert saved.version.digest == process.versions.get(1).digest


def test_a_repeated_request_is_saved_once(process: Process) -> None:
    first = process.versions.save(configuration("Two"), expected=1, author="sam", request="form-7")
    again = process.versions.save(configuration("Two"), expected=1, author="sam", request="form-7")
    assert first.version == again.version
    assert process.versions.pointers().newest == 2
    with pytest.raises(ConflictError):
        process.versions.save(configuration("Two"), expected=1, author="sam", request="form-8")


class LosesAnswers(VersionStore):
    """A store whose answer is lost after the edit was made, as when a connection dies at the worst moment."""

    lost = 0

    def exchange(self, *arguments):  # type: ignore[no-untyped-def]
        super().exchange(*arguments)
        self.lost += 1
        raise redis.ConnectionError("the answer was lost")


def test_an_edit_whose_answer_was_lost_is_found_in_the_audit_log_and_not_made_twice(process: Process) -> None:
    store = LosesAnswers(process.store.client, process.seals)
    saved = Versions(Editor(store)).save(configuration("Two"), expected=1, author="sam")
    assert store.lost == 1
    assert saved.durable
    assert process.versions.get(2).version == saved.version
    assert process.versions.pointers().newest == 2


class SendsTwice(VersionStore):
    """A client that sends an edit again over a new connection: the second one finds the first one's pointers."""

    def exchange(self, *arguments):  # type: ignore[no-untyped-def]
        super().exchange(*arguments)
        return super().exchange(*arguments)


def test_an_edit_that_the_client_sent_twice_is_made_once_and_is_no_conflict(process: Process) -> None:
    store = SendsTwice(process.store.client, process.seals)
    assert Versions(Editor(store)).save(configuration("Two"), expected=1, author="sam").version.number == 2
    assert process.versions.pointers().newest == 2


def test_an_edit_built_on_pointers_that_moved_changes_nothing(process: Process) -> None:
    stale = process.store.seen()
    process.versions.save(configuration("Two"), expected=1, author="sam")
    before = {name: process.store.client.dump(name) for name in process.store.client.keys("*")}  # type: ignore[union-attr]
    assert stale.pointers is not None
    pointers, line = process.editor.audited(stale.pointers.moved(newest=9), actor="kim", action="x", subject="y")
    assert process.store.exchange(stale, Change(pointers, line, versions=(process.versions.get(2),))) is None
    assert {name: process.store.client.dump(name) for name in before} == before


def test_another_versions_bytes_under_a_number_are_not_that_version(process: Process) -> None:
    process.versions.save(configuration("Two"), expected=1, author="sam")
    process.store.client.set(keys.version(2), process.store.version_bytes(1) or b"")
    with pytest.raises(SealError, match="another version"):
        process.versions.get(2)


@pytest.mark.parametrize("wanted", [99, "0", "-1", "nine", "１", "12345678901", ""])
def test_a_version_that_is_not_there_is_named(process: Process, wanted: int | str) -> None:
    with pytest.raises(VersionNotFoundError, match="There is no version"):
        process.versions.get(wanted)


def test_the_list_is_paged_newest_first(process: Process) -> None:
    for number in range(2, 8):
        process.versions.save(configuration(f"v{number}"), expected=number - 1, author="sam")
    first = process.versions.list(limit=3)
    assert [about.number for about in first.versions] == [7, 6, 5]
    second = process.versions.list(limit=3, before=first.next_before)
    assert [about.number for about in second.versions] == [4, 3, 2]
    last = process.versions.list(limit=3, before=second.next_before)
    assert ([about.number for about in last.versions], last.next_before) == ([1], None)


def test_a_page_holds_as_many_versions_as_were_asked_for_though_some_between_them_are_gone(process: Process) -> None:
    for number in range(2, 31):
        process.versions.save(configuration(f"v{number}"), expected=number - 1, author="sam")
    process.store.client.hdel(keys.versions(), *map(str, range(4, 29)))
    page = process.versions.list(limit=4)
    assert [about.number for about in page.versions] == [30, 29, 3, 2]
    assert (page.lost, page.next_before) == (tuple(range(28, 3, -1)), 2)
    rest = process.versions.list(limit=4, before=2)
    assert ([about.number for about in rest.versions], rest.lost, rest.next_before) == ([1], (), None)
    assert spans([9, 7, 6, 4, 3, 2]) == ["v9", "v7, v6", "v4 to v2"]


def test_a_difference_is_a_sentence_and_a_line_of_yaml(process: Process) -> None:
    process.versions.save(configuration(route="+14155550199"), expected=1, author="sam")
    found = difference(process.versions.get(1), process.versions.get(2))
    (change,) = found.changes
    assert "Front desk" in str(change)
    assert '+    route: "+14155550199"' in found.yaml


def test_an_empty_store_takes_no_edit(server: Server, tmp_path: Path) -> None:
    process = Process(server.client(), tmp_path)
    with pytest.raises(StoreEmptyError):
        process.versions.save(configuration(), expected=None, author="sam")


def test_versions_have_no_expiry_until_they_are_retired_far_behind_the_newest(process: Process) -> None:
    client = process.store.client
    process.versions.save(configuration("Two"), expected=1, author="sam")
    assert client.ttl(keys.version(1)) == client.ttl(keys.version(2)) == -1
    process.store.retire([1], 48 * 3600)
    assert 47 * 3600 < int(client.ttl(keys.version(1))) <= 48 * 3600  # type: ignore[arg-type]


REFUSALS = {
    "Redis is full.": ({"maxmemory": "1", "maxmemory-policy": "noeviction"}, {"maxmemory": "0"}),
    "Redis lacks its primary or its replicas.": ({"min-replicas-to-write": "1"}, {"min-replicas-to-write": "0"}),
}


@pytest.mark.parametrize("reason", REFUSALS)
def test_a_redis_that_refuses_writes_is_quoted_with_its_reason_and_nothing_is_half_done(
    process: Process, server: Server, reason: str
) -> None:
    process.versions.save(configuration("Two"), expected=1, author="sam")
    client = server.client()
    broken, mended = REFUSALS[reason]
    for name, value in broken.items():
        client.config_set(name, value)
    try:
        for attempt in (
            lambda: process.versions.save(configuration("Three"), expected=2, author="sam"),
            lambda: process.versions.promote(2, expected_production=1, author="sam"),
            lambda: process.deployments.save({}, expected=None, author="sam"),
        ):
            with pytest.raises(StoreRefusedError, match=f"The edit was not saved. {reason}"):
                attempt()
        process.live.refresh()
        assert process.live.environment("sandbox").version.number == 2
    finally:
        for name, value in mended.items():
            client.config_set(name, value)
    assert (process.versions.pointers().newest, process.versions.pointers().of("production").number) == (2, 1)
    assert process.versions.save(configuration("Three"), expected=2, author="sam").version.number == 3
    assert process.editor.audit_faults() == []


def test_a_replica_refuses_edits_as_read_only(process: Process, server: Server) -> None:
    client = server.client()
    client.replicaof("127.0.0.1", "1")
    try:
        with pytest.raises(StoreRefusedError, match="Redis is read-only"):
            process.versions.save(configuration("Two"), expected=1, author="sam")
    finally:
        client.replicaof("NO", "ONE")
    assert process.versions.pointers().newest == 1
