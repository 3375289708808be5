"""Fill an empty store: from what this process holds, or from the shipped file. The exchange lets exactly one do it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from webapp.configurations.audit import read_line
from webapp.configurations.canonical import digest_of
from webapp.configurations.edits import Editor, timestamp, utc_now
from webapp.configurations.held import Held
from webapp.configurations.records import Pointers, Version
from webapp.configurations.version_store import Change, Seen, VersionStore

ACTOR = "handoff"


@dataclass(frozen=True, slots=True)
class _Log:
    """Where the audit log of the store stands; it may have outlived the pointers."""

    audited: int
    head: str
    base: int
    base_head: str


class Seeder:
    def __init__(self, store: VersionStore, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._clock = clock
        self._editor = Editor(store, clock=clock)

    def from_held(self, seen: Seen, held: Held) -> bool:
        """Put back the held versions under their numbers; False when another process was first."""
        old = held.pointers
        assert old is not None, "only what once stood in a store is put back into one"
        log = self._log(old)
        found_serial = seen.pointers.serial if seen.pointers else 0
        pointers = replace(
            old, epoch=secrets.token_hex(8), serial=max(old.serial, found_serial) + 1, seeded_from=old.edited_until,
            audited=log.audited, audit_head=log.head, audit_base=log.base, audit_base_head=log.base_head,
        )  # fmt: skip
        return self._exchange(
            seen, pointers, held.versions, held.deployment_sealed, action="re-seeded from the sealed copy"
        )

    def over(self, seen: Seen, held: Held, author: str) -> bool:
        """What is held becomes the newest versions of a store that lost or replaced acknowledged edits."""
        old, found = held.pointers, seen.pointers
        assert old is not None, "only what once stood in a store is put back into one"
        assert found is not None, "an empty store is seeded, not put right"
        serial = max(old.serial, found.serial) + 1
        sandbox, production = held.version_of("sandbox"), held.version_of("production")
        anew = [
            self._again(v, number) for number, v in enumerate((production, sandbox), max(old.newest, found.newest) + 1)
        ]
        moved = replace(
            found, epoch=secrets.token_hex(8), serial=serial, restored_at=serial, seeded_from=None,
            newest=anew[-1].number, sandbox=str(anew[-1].version), production=str(anew[0].version),
            previous_production=found.production, production_at=timestamp(self._clock), production_by=author,
            deployment=serial if held.deployment_sealed else found.deployment,
        )  # fmt: skip
        return self._exchange(
            seen, moved, tuple(anew), self._resealed(held, serial), action="put back the last good", actor=author
        )

    def _again(self, version: Version, number: int) -> Version:
        note = f"Version {version.version} put back"
        return replace(version, number=number, parent=str(version.version), note=note, at=timestamp(self._clock))

    def _resealed(self, held: Held, serial: int) -> bytes | None:
        if held.deployment_sealed is None:
            return None
        return self._store.seals.deployment.close({"serial": serial, "document": held.deployment.to_document()})

    def from_file(self, seen: Seen, document: Mapping[str, Any], name: str) -> bool:
        """The shipped file becomes version 1 of both environments (or the next one where versions are left over)."""
        number = self._highest_left_over() + 1
        version = Version(
            number=number, digest=digest_of(document), author=ACTOR, at=timestamp(self._clock),
            note=f"Shipped with the application as {name}", parent=None, document=document,
        )  # fmt: skip
        log = self._log(None)
        identity = str(version.version)
        pointers = Pointers(
            epoch=secrets.token_hex(8), serial=1, newest=number, sandbox=identity, production=identity, seeded_from=0,
            production_at=version.at, production_by=ACTOR,
            audited=log.audited, audit_head=log.head, audit_base=log.base, audit_base_head=log.base_head,
        )  # fmt: skip
        return self._exchange(seen, pointers, (version,), None, action=f"seeded from {name}")

    def _exchange(
        self,
        seen: Seen,
        pointers: Pointers,
        versions: tuple[Version, ...],
        deployment: bytes | None,
        *,
        action: str,
        actor: str = ACTOR,
    ) -> bool:
        audited, line = self._editor.audited(
            pointers, actor=actor, action=action, subject="store", after=[str(v.version) for v in versions]
        )
        change = Change(audited, line, versions=versions, deployment=deployment)
        return self._store.exchange(seen, change) is not None

    def _log(self, old: Pointers | None) -> _Log:
        """The chain goes on behind the entries that are left; with none, behind the last one that we knew."""
        ends = self._store.audit_ends()
        if ends is not None:
            (first, _), (last, link) = map(read_line, ends)
            return _Log(last.sequence, link, first.sequence - 1, first.previous)
        if old is not None:
            return _Log(old.audited, old.audit_head, old.audited, old.audit_head)
        return _Log(0, "", 0, "")

    def _highest_left_over(self) -> int:
        return max(self._store.numbers(), default=0)
