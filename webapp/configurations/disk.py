"""The sealed copies on disk: what a process starts from when Redis is away, one file per record, each written whole."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from webapp.configurations.records import Pointers, Version, from_plain, to_plain
from webapp.configurations.seals import RecordSeal, Seals
from webapp.configurations.version_id import VersionId
from webapp.store.sealed import SealError, write_whole

KEPT_SECONDS = 48 * 3600
"""Twice the longest call that Twilio allows, so that a call always finds the version that it began with."""
_LARGEST_FILE = 32 * 1024 * 1024


class DiskCopy:
    """A directory of sealed records. All processes of one machine write the same bytes, so they may share it."""

    def __init__(self, directory: Path, seals: Seals) -> None:
        self.directory = directory
        self._seals = seals

    def pointers(self) -> Pointers | None:
        """The last accepted pointers. None when there are none; SealError when the file was altered."""
        raw = self._read("pointers")
        return None if raw is None else from_plain(Pointers, self._seals.pointers.open(raw))

    def version(self, version: VersionId) -> Version | None:
        raw = self._read(f"version-{version}")
        if raw is None:
            return None
        found = from_plain(Version, self._seals.version.open(raw))
        if found.version != version or not found.is_whole:
            raise SealError(f"The file of version {version} holds another version.")
        return found

    def deployment(self) -> bytes | None:
        """The sealed deployment document as it was stored; its reader judges the seal."""
        return self._read("deployment")

    def keep_version(self, version: Version) -> None:
        self._write(f"version-{version.version}", self._seals.version, to_plain(version))

    def keep_deployment(self, sealed: bytes) -> None:
        self._write_bytes("deployment", sealed)

    def keep_pointers(self, pointers: Pointers) -> None:
        """Written last, when everything that they speak of is on disk already."""
        self._begin_to_age(pointers)
        self._write("pointers", self._seals.pointers, to_plain(pointers))
        self._forget_old(pointers)

    def _begin_to_age(self, following: Pointers) -> None:
        """A version's days are counted from the moment at which calls no longer begin with it."""
        with suppress(OSError, SealError):
            before = self.pointers()
            if before is not None and before != following:
                for identity in {before.sandbox, before.production}:
                    os.utime(self.directory / f"version-{identity}")

    def _write(self, name: str, seal: RecordSeal, record: dict[str, object]) -> None:
        self._write_bytes(name, seal.close(record))

    def _write_bytes(self, name: str, content: bytes) -> None:
        with suppress(OSError):
            if (self.directory / name).read_bytes() == content:
                return
        write_whole(self.directory / name, content)

    def _read(self, name: str) -> bytes | None:
        try:
            with (self.directory / name).open("rb") as file:
                return file.read(_LARGEST_FILE)
        except FileNotFoundError:
            return None

    def _forget_old(self, pointers: Pointers) -> None:
        needed = {f"version-{pointers.sandbox}", f"version-{pointers.production}"}
        oldest = time.time() - KEPT_SECONDS
        for file in self.directory.glob("version-*"):
            with suppress(OSError):
                if file.name not in needed and file.stat().st_mtime < oldest:
                    file.unlink()
