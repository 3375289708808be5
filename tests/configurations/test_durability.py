"""A write is called durable when Redis has proven it, and never otherwise."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.configurations.conftest import Server
from tests.configurations.process import Process, configuration
from webapp.configurations.durability import judge
from webapp.configurations.store_facts import store_facts

EVERYSEC = ["appendonly", "yes", "appendfsync", "everysec"]
ALWAYS = ["appendonly", "yes", "appendfsync", "always"]
INFO = "aof_enabled:1\r\naof_last_write_status:ok\r\n"
UNKNOWN = Exception("ERR unknown command 'WAITAOF'")


@pytest.mark.parametrize(
    ("answers", "durable", "says"),
    [
        # What WAITAOF answers: how many of the asked-for local and replica files hold the write.
        ([[1, 0], EVERYSEC, INFO], True, ""),
        ([[0, 0], EVERYSEC, INFO], False, "appendfsync is everysec"),
        ([UNKNOWN, ALWAYS, INFO], True, ""),
        ([UNKNOWN, {"appendonly": "yes", "appendfsync": "always"}, {"aof_enabled": 1}], True, ""),
        ([UNKNOWN, EVERYSEC, INFO], False, "appendfsync is everysec"),
        ([UNKNOWN, ["appendonly", "no", "appendfsync", "always"], "aof_enabled:0\r\n"], False, "no append-only file"),
        ([UNKNOWN, Exception("NOPERM"), INFO], False, "does not tell"),
        ([UNKNOWN, ALWAYS, INFO.replace(":ok", ":err")], False, "full disk"),
        ([UNKNOWN, [], Exception("NOPERM")], False, "no append-only file"),
    ],
)
def test_the_verdict_follows_the_answers(answers: list[object], durable: bool, says: str) -> None:
    proof = judge(answers)
    assert proof.durable is durable
    assert says in proof.why
    assert durable or proof.why.startswith("Saved, not durable on this Redis: ")


@pytest.fixture
def make_server() -> Iterator[type[Server]]:
    made: list[Server] = []

    class Tracked(Server):
        def __init__(self, *options: str) -> None:
            super().__init__(Path(tempfile.mkdtemp(prefix="h-", dir="/tmp")), *options)
            made.append(self)
            self.start()

    yield Tracked
    for server in made:
        server.close_clients()
        server.kill()
        shutil.rmtree(server.directory, ignore_errors=True)


@pytest.mark.parametrize(
    ("options", "durable"),
    [
        (["--appendonly", "yes", "--appendfsync", "always"], True),
        (["--appendonly", "yes", "--appendfsync", "everysec"], False),
        (["--appendonly", "no"], False),
        (["--appendonly", "yes", "--appendfsync", "always", "--rename-command", "CONFIG", ""], False),
    ],
    ids=["always", "everysec", "no file", "CONFIG forbidden"],
)
def test_a_real_server_is_judged_by_what_it_does(
    make_server: type[Server], tmp_path: Path, options: list[str], durable: bool
) -> None:
    server = make_server(*options)  # type: ignore[arg-type]
    saved = Process(server.client(), tmp_path, file=configuration()).versions.save(
        configuration("Two"), expected=1, author="sam"
    )
    # A server of 7.2 or newer proves every append-only file by WAITAOF.
    can_wait = tuple(map(int, str(store_facts(server.client()).version).split(".")[:2])) >= (7, 2)
    assert saved.durable is (durable or (can_wait and "yes" in options))
    assert saved.durable or saved.why


def test_doctor_hears_of_eviction_of_missing_persistence_and_of_few_connections(make_server: type[Server]) -> None:
    server = make_server("--maxmemory-policy", "allkeys-lru", "--appendonly", "no", "--maxclients", "18")  # type: ignore[arg-type]
    facts = store_facts(server.client())
    assert (facts.eviction, facts.append_only, facts.max_clients) == ("allkeys-lru", False, 18)
    said = " ".join(facts.warnings)
    assert "volatile-ttl" in said
    assert "appendonly yes" in said
    assert "20 connections" in said


def test_doctor_has_nothing_to_say_of_a_server_as_it_should_be(server: Server) -> None:
    assert store_facts(server.client()).warnings == ()
