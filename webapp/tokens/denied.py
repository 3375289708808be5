"""The revoked tokens of this machine, sealed on disk: held also while Redis is away, read by every process here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import structlog
from pydantic import SecretStr

from webapp.store.sealed import Seal, SealError, read_sealed, write_sealed

log = structlog.get_logger(__name__)
KEPT = 2_000


class DeniedTokens:
    """A list of token ids, the latest last. What cannot be read denies nothing and is said in the log."""

    def __init__(self, folder: Path, secret_keys: Sequence[SecretStr]) -> None:
        self._path = folder / "denied-tokens"
        self._seal = Seal(secret_keys, purpose="denied tokens")
        self._seen: tuple[int, int] | None = None
        self._ids: frozenset[str] = frozenset()

    def ids(self) -> frozenset[str]:
        """Read again whenever another process has written it."""
        try:
            status = self._path.stat()
        except OSError:
            return self._ids
        seen = (status.st_mtime_ns, status.st_ino)
        if seen != self._seen:
            self._ids, self._seen = frozenset(self._read()), seen
        return self._ids

    def add(self, token_id: str) -> None:
        """Raises OSError when the disk refuses: then nothing is denied, and the caller must know."""
        kept = [one for one in self._read() if one != token_id][-KEPT + 1 :]
        write_sealed(self._path, json.dumps([*kept, token_id]).encode(), self._seal)

    def _read(self) -> list[str]:
        try:
            found = json.loads(read_sealed(self._path, self._seal))
        except FileNotFoundError:
            return []
        except (SealError, ValueError, OSError) as fault:
            log.error("denied tokens unreadable", why=type(fault).__name__)
            return []
        return [str(one) for one in found] if isinstance(found, list) else []
