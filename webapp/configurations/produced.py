"""Which versions callers have had: read from the audit log, which nobody can write into without its key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from webapp.configurations.audit import Entry, is_ours, read_line
from webapp.configurations.records import Pointers
from webapp.configurations.version_id import VersionId
from webapp.configurations.version_store import VersionStore
from webapp.store.sealed import SealError

AT_ONCE = 2_000
SUBJECTS = ("production", "store")
"""A promote and a roll back name the production before and after them; so does a backup that was put back."""
_MARKS = tuple(f'"subject":"{subject}"'.encode() for subject in SUBJECTS)


@dataclass(frozen=True, slots=True)
class _Read:
    """What is known up to one entry: its number and its line, to notice that the log was begun again."""

    found: frozenset[VersionId] = frozenset()
    entry: int = 0
    line: bytes = b""


class Produced:
    """The log only grows, so each entry is read once in a process: a look costs what was added since the last one."""

    def __init__(self, store: VersionStore) -> None:
        self._store = store
        self._read = _Read()

    def all(self, pointers: Pointers) -> frozenset[VersionId]:
        """Every version that is or was in production, as far as the log goes back."""
        known = self._read
        if not known.entry or self._store.audit_line(known.entry, pointers) != known.line:
            known = _Read()
        last = pointers.audited - pointers.audit_base
        for start in range(max(known.entry - pointers.audit_base, 0), last, AT_ONCE):
            lines = self._store.audit_lines(start, min(start + AT_ONCE, last) - 1)
            if lines:
                found = known.found.union(self._named_in(lines))
                known = _Read(found, pointers.audit_base + start + len(lines), lines[-1])
        self._read = known
        now = (pointers.production, pointers.previous_production)
        return known.found.union(VersionId.parse(identity) for identity in now if identity)

    def _named_in(self, lines: Iterable[bytes]) -> Iterator[VersionId]:
        for line in lines:
            if any(mark in line for mark in _MARKS):
                entry = self._entry(line)
                yield from _identities(entry.before, entry.after) if entry else ()

    def _entry(self, line: bytes) -> Entry | None:
        """None for a line that is none of ours: it makes no version safe."""
        try:
            entry, link = read_line(line)
        except SealError:
            return None
        return entry if entry.subject in SUBJECTS and is_ours(self._store.seals, line[len(link) + 1 :], link) else None


def _identities(*values: Any) -> Iterator[VersionId]:
    for value in values:
        with suppress(ValueError, TypeError):
            yield VersionId.parse(value)
