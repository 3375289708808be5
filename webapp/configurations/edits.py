"""Make one edit of the store atomically: read, build the next state, exchange, and know afterwards if it happened."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import redis

from webapp import jitter
from webapp.configurations.audit import Entry, chained, faults_in, read_line
from webapp.configurations.conflicts import (
    STORE_FAULTS,
    EditRefusedError,
    EditUncertainError,
    StoreEmptyError,
    StoreNotTrustedError,
    StoreRefusedError,
)
from webapp.configurations.durability import Proof
from webapp.configurations.lineage import objection
from webapp.configurations.records import Pointers
from webapp.configurations.version_store import Change, Seen, VersionStore
from webapp.store.sealed import SealError

PATIENCE_SECONDS = 10.0
HeldPointers = Callable[[], Pointers | None]


@dataclass(frozen=True, slots=True)
class Made:
    """What was written, and the proof that it lasts."""

    change: Change
    proof: Proof


def timestamp(clock: Callable[[], datetime]) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    return clock().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_now() -> datetime:
    return datetime.now(UTC)


class Editor:
    """Compare-and-set over the sealed pointers; a store that does not descend from what is `held` is not edited."""

    def __init__(
        self, store: VersionStore, *, clock: Callable[[], datetime] = utc_now, held: HeldPointers = lambda: None
    ) -> None:
        self.store = store
        self.clock = clock
        self._held = held

    def edit(self, build: Callable[[Pointers], Change]) -> Made:
        """Make the edit that `build` derives from the pointers, again on newer ones when somebody else was first.

        `build` raises EditRefusedError when the edit makes no sense any more. A lost answer is looked up in the
        audit log, where every edit leaves exactly one line that nobody else could have written.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        tried: Change | None = None
        attempt = 0
        while time.monotonic() < deadline:
            seen, pointers = self.trusted()
            if tried is not None and self._was_made(tried, pointers):
                return Made(tried, self.store.prove())
            change = build(pointers)
            proof, tried = self._exchange(seen, change), change
            if proof is not None:
                return Made(change, proof)
            attempt += 1
            time.sleep(jitter.between(0, min(0.004 * 2**attempt, 0.08)))
        raise EditRefusedError("Too many people edit at once. Try again in a moment.")

    def trusted(self) -> tuple[Seen, Pointers]:
        """The pointers as they stand, when they are ours and not older than what this process has seen."""
        held = self._held()  # before the look: when another edit renews it in between, what is found is older, not lost
        try:
            seen = self.store.seen()
        except SealError as fault:
            raise StoreNotTrustedError(
                f"{fault} Edits wait until the right SECRET_KEY is set, or somebody on the server runs: handoff restore"
            ) from fault
        if seen.pointers is None:
            raise StoreEmptyError
        objects = objection(self.store, held, seen.pointers)
        if objects is not None:
            raise StoreNotTrustedError(objects)
        return seen, seen.pointers

    def audited(
        self, pointers: Pointers, *, actor: str, action: str, subject: str, before: Any = None, after: Any = None,
        note: str = "",
    ) -> tuple[Pointers, bytes]:  # fmt: skip
        """The pointers with one more audit entry counted in, and the line of that entry."""
        entry = Entry(
            sequence=pointers.audited + 1, at=timestamp(self.clock), actor=actor, action=action, subject=subject,
            before=before, after=after, note=note, previous=pointers.audit_head,
        )  # fmt: skip
        line, link = chained(self.store.seals, entry)
        return replace(pointers, audited=entry.sequence, audit_head=link), line

    def record(self, *, actor: str, action: str, subject: str, before: Any = None, after: Any = None) -> Made:
        """An audit entry for something that is kept elsewhere: users, tokens, numbers at Twilio."""

        def build(pointers: Pointers) -> Change:
            return Change(
                *self.audited(pointers.moved(), actor=actor, action=action, subject=subject, before=before, after=after)
            )

        return self.edit(build)

    def audit_faults(self) -> list[str]:
        """Where the audit log was altered, cut or reordered; empty when it is whole."""
        _, pointers = self.trusted()
        return faults_in(self.store.seals, pointers, self.store.audit_lines())

    def audit_entries(self, *, before: int | None = None, limit: int = 50) -> list[Entry]:
        """Newest first; `before` continues a list behind that entry's sequence."""
        _, pointers = self.trusted()
        last = min(pointers.audited, (before or pointers.audited + 1) - 1) - pointers.audit_base - 1
        lines = self.store.audit_lines(max(0, last - limit + 1), last) if last >= 0 else []
        return [read_line(line)[0] for line in reversed(lines)]

    def _exchange(self, seen: Seen, change: Change) -> Proof | None:
        try:
            return self.store.exchange(seen, change)
        except STORE_FAULTS as fault:
            if self._was_made_after_all(change):
                return self.store.prove()
            raise (
                StoreRefusedError(fault) if isinstance(fault, redis.ResponseError) else EditUncertainError()
            ) from fault

    def _was_made_after_all(self, change: Change) -> bool:
        """Once more over a new connection; a server that answers "no" here has not made the edit and never will."""
        try:
            pointers = self.store.seen().pointers
            return pointers is not None and self._was_made(change, pointers)
        except (*STORE_FAULTS, SealError):
            return False

    def _was_made(self, change: Change, pointers: Pointers) -> bool:
        return self.store.audit_line(change.pointers.audited, pointers) == change.audit_line
