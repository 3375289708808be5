"""kill -9 of Redis at random points: what was acknowledged stays, and nobody ever sees half a promote."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from tests.configurations.conftest import Server
from tests.configurations.process import Process, configuration
from tests.redis_server import commands_on_disk
from webapp.configurations.conflicts import STORE_FAULTS, EditRefusedError
from webapp.store import keys

PROMOTES = 300


@pytest.mark.slow
def test_killing_redis_at_random_points_of_300_promotes_loses_nothing_acknowledged(
    killable_server: Server, tmp_path: Path
) -> None:
    server, dice = killable_server, random.Random(7)
    writer = Process(server.client(), tmp_path / "writer", file=configuration())
    reader = Process(server.client(), tmp_path / "reader", file=configuration())
    for number in range(2, 5):
        writer.versions.save(configuration(f"Hotel {number}"), expected=number - 1, author="sam")
    acknowledged = uncertain = 0
    for turn in range(PROMOTES):
        before = writer.versions.pointers().of("production").number
        wanted = before % 4 + 1
        killer = threading.Timer(dice.uniform(0, 0.006), server.kill)
        killer.start()
        try:
            saved = writer.versions.promote(wanted, expected_production=before, author="sam", note=str(turn))
            assert saved.durable
            must_be = {wanted}
            acknowledged += 1
        except (*STORE_FAULTS, EditRefusedError):
            must_be = {before, wanted}
            uncertain += 1
        killer.join()
        reader.live.refresh()
        assert reader.live.environment("production").version.number in {before, wanted}
        server.start()
        pointers = writer.versions.pointers()
        assert pointers.of("production").number in must_be
        assert writer.store.version(pointers.of("production").number) is not None
        for process in (reader, writer):
            process.live.refresh()
            published = process.live.environment("production")
            assert published.version == pointers.of("production")
            number = published.version.number
            assert published.document["name"] == (f"Hotel {number}" if number > 1 else "Example Hotel")
    assert acknowledged > PROMOTES // 20, "some promotes must have been answered before the kill"
    assert uncertain > PROMOTES // 20, "some kills must have hit a promote"


def test_the_beginning_of_an_edit_that_a_kill_left_in_the_log_on_disk_is_no_foreign_edit(
    killable_server: Server, tmp_path: Path
) -> None:
    """Redis keeps the whole commands of a transaction that was cut inside one, and runs them with the next one."""
    writer = Process(killable_server.client(), tmp_path / "writer", file=configuration())
    writer.versions.save(configuration("Two"), expected=1, author="sam")
    killable_server.kill()
    with commands_on_disk(killable_server.directory).open("ab") as file:
        file.write(_command("MULTI") + _command("RPUSH", keys.audit(), "a line of nobody") + b"*3\r\n$3\r\nSET\r\n$9")
    killable_server.start()
    writer.versions.save(configuration("Three"), expected=2, author="sam")
    killable_server.kill()
    killable_server.start()
    assert writer.versions.pointers().newest == 3
    assert writer.editor.audit_faults() == []


def _command(*words: str) -> bytes:
    """As Redis writes it to its append-only file (redis.io/docs/reference/protocol-spec)."""
    return f"*{len(words)}\r\n".encode() + b"".join(f"${len(word)}\r\n{word}\r\n".encode() for word in words)
