"""Which versions callers have had, and how production moved last: read from the audit log, which nobody can write
into without its key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from webapp.configurations.audit import Entry, is_ours, read_line
from webapp.configurations.conflicts import EditRefusedError, RolledBackAlreadyError
from webapp.configurations.records import Pointers
from webapp.configurations.version_id import VersionId
from webapp.configurations.version_store import VersionStore
from webapp.store.sealed import SealError

AT_ONCE = 2_000
ROLLED_BACK = "rolled back"
NAMED_AT_ONCE = 5
SUBJECTS = ("production", "store")
"""A promote and a roll back name the production before and after them; so does a backup that was put back."""
_MARKS = tuple(f'"subject":"{subject}"'.encode() for subject in SUBJECTS)


@dataclass(frozen=True, slots=True)
class _Read:
    """What is known up to one entry: its number and its line, to notice that the log was begun again.

    `last` promoted or rolled back last.
    """

    found: frozenset[VersionId] = frozenset()
    last: Entry | None = None
    entry: int = 0
    line: bytes = b""


class Produced:
    """The log only grows, so each entry is read once in a process: a look costs what was added since the last one."""

    def __init__(self, store: VersionStore) -> None:
        self._store = store
        self._read = _Read()

    def all(self, pointers: Pointers) -> frozenset[VersionId]:
        """Every version that is or was in production, as far as the log goes back."""
        known = self._up_to(pointers)
        now = (pointers.production, pointers.previous_production)
        return known.found.union(VersionId.parse(identity) for identity in now if identity)

    def before(self, pointers: Pointers) -> int:
        """Which version is meant by going back when none is named: the production that the last promote replaced.

        Going back once more from there would bring back what was just left, so it raises RolledBackAlreadyError.
        """
        if pointers.previous_production is None:
            raise EditRefusedError("Nothing was promoted yet, so there is nothing to roll back to.")
        left, now = VersionId.parse(pointers.previous_production).number, pointers.of("production").number
        move = self._up_to(pointers).last
        if move and move.action == ROLLED_BACK and move.after == pointers.production:
            earlier = sorted({one.number for one in self.all(pointers) if one.number < now}, reverse=True)
            raise RolledBackAlreadyError(
                now=now, left=left, author=move.actor, at=move.at, earlier=earlier[:NAMED_AT_ONCE]
            )
        return left

    def _up_to(self, pointers: Pointers) -> _Read:
        known = self._read
        if not known.entry or self._store.audit_line(known.entry, pointers) != known.line:
            known = _Read()
        last = pointers.audited - pointers.audit_base
        for start in range(max(known.entry - pointers.audit_base, 0), last, AT_ONCE):
            lines = self._store.audit_lines(start, min(start + AT_ONCE, last) - 1)
            if lines:
                moves = tuple(self._moves_in(lines))
                found = known.found.union(*(_identities(move.before, move.after) for move in moves))
                moved = next((move for move in reversed(moves) if move.subject == "production"), known.last)
                known = _Read(found, moved, pointers.audit_base + start + len(lines), lines[-1])
        self._read = known
        return known

    def _moves_in(self, lines: Iterable[bytes]) -> Iterator[Entry]:
        for line in lines:
            if any(mark in line for mark in _MARKS):
                entry = self._entry(line)
                if entry is not None:
                    yield entry

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
