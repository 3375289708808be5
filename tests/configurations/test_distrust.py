"""A store that was altered, went back, forked or belongs to somebody else is not followed, and the last good stays."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.configurations.conftest import Server
from tests.configurations.process import Process, configuration
from webapp.configurations.conflicts import StoreNotTrustedError
from webapp.store import keys


@pytest.mark.slow
def test_none_of_10000_corruptions_is_accepted_and_the_last_good_stays(server: Server, tmp_path: Path) -> None:
    process = Process(server.client(), tmp_path, file=configuration())
    process.versions.save(configuration(name="Good"), expected=1, author="sam")
    process.versions.promote(2, expected_production=1, author="sam")
    process.deployments.save({"sandbox_phone": "+14155550177"}, expected=None, author="sam")
    client, dice = server.client(), random.Random(3)
    names = [keys.pointers(), keys.version(2), keys.deployment()]
    good = {name: str(client.get(name)).encode() for name in names}
    for turn in range(10_000):
        name = dice.choice(names)
        client.set(name, _damaged(good[name], dice))
        if turn % 3:
            process.live.refresh()
            live = process.live
        else:
            live = Process(client, tmp_path / "fresh").live if turn % 300 == 0 else process.live
        assert live.environment("production").document["name"] in ("Good", "Last resort")
        assert live.deployment.sandbox_phone in ("+14155550177", None)
        client.set(name, good[name])
    process.live.refresh()
    assert process.live.reasons().faults == ()


def _damaged(content: bytes, dice: random.Random) -> bytes:
    position = dice.randrange(len(content))
    match dice.randrange(4):
        case 0:
            return content[:position] + bytes([content[position] ^ (1 << dice.randrange(7))]) + content[position + 1 :]
        case 1:
            return content[:position]
        case 2:
            return content[:position] + content[position:][::-1] + b"\n"
        case _:
            return dice.randbytes(dice.randrange(200))


def test_another_versions_bytes_in_a_versions_place_are_refused(server: Server, tmp_path: Path) -> None:
    process = Process(server.client(), tmp_path, file=configuration())
    process.versions.save(configuration(name="Two"), expected=1, author="sam")
    client = server.client()
    client.set(keys.version(2), str(client.get(keys.version(1))))
    fresh = Process(client, tmp_path / "fresh", file=configuration("File")).live
    assert fresh.environment("production").document["name"] == "Example Hotel"
    assert fresh.environment("sandbox").document["name"] == "File"
    assert "Version 2-" in fresh.reasons().faults[0]


def test_a_store_sealed_under_another_key_is_not_followed(server: Server, tmp_path: Path) -> None:
    Process(server.client(), tmp_path / "theirs", file=configuration(name="Theirs"), secrets=[SecretStr("x" * 40)])
    ours = Process(server.client(), tmp_path / "ours", file=configuration(name="Ours"))
    assert ours.live.environment("production").document["name"] == "Ours"
    with pytest.raises(StoreNotTrustedError):
        ours.versions.save(configuration(), expected=None, author="sam")


def test_a_store_that_went_back_is_not_followed_and_takes_no_edits_until_put_right(
    server: Server, tmp_path: Path
) -> None:
    process = Process(server.client(), tmp_path, file=configuration())
    process.versions.save(configuration(name="Two"), expected=1, author="sam")
    client = server.client()
    older = {name: client.dump(name) for name in (keys.pointers(), keys.audit())}
    process.versions.promote(2, expected_production=1, author="sam")
    for name, content in older.items():
        client.restore(name, 0, content, replace=True)
    restarted = Process(client, tmp_path)
    for witness in (process, restarted):
        witness.live.refresh()
        assert witness.live.environment("production").version.number == 2
        assert "lost edits" in witness.live.reasons().faults[0]
        with pytest.raises(StoreNotTrustedError):
            witness.versions.save(configuration(name="Three"), expected=2, author="sam")
    restarted.live.put_back("sam")
    for witness in (process, restarted):
        witness.live.refresh()
        assert witness.live.reasons().faults == ()
        assert witness.live.environment("production").document["name"] == "Two"
    assert process.versions.save(configuration(name="After"), expected=None, author="sam").durable
    assert process.editor.audit_faults() == []


def test_a_store_that_lost_edits_and_took_others_is_a_fork_and_not_followed(server: Server, tmp_path: Path) -> None:
    process = Process(server.client(), tmp_path / "here", file=configuration())
    client = server.client()
    older = {name: client.dump(name) for name in (keys.pointers(), keys.audit())}
    process.versions.save(configuration(name="Ours"), expected=1, author="sam")
    for name, content in older.items():
        client.restore(name, 0, content, replace=True)
    elsewhere = Process(client, tmp_path / "elsewhere")
    for number in range(1, 4):
        elsewhere.versions.save(configuration(name="Theirs"), expected=number, author="kim")
    process.live.refresh()
    assert process.live.environment("sandbox").document["name"] == "Ours"
    assert "took other ones since" in process.live.reasons().faults[0]
