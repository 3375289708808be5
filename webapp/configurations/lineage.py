"""Whether a state of the store descends from the one that this process holds: no edit may vanish silently."""

from __future__ import annotations

from enum import StrEnum

from webapp.configurations.audit import read_line
from webapp.configurations.records import Pointers
from webapp.configurations.version_store import VersionStore


class Lineage(StrEnum):
    DESCENDS = "descends"
    BEHIND = "behind"
    FORKED = "forked"


SENTENCES = {
    Lineage.BEHIND: "The store lost edits that it had acknowledged (a failover or an old backup).",
    Lineage.FORKED: "The store lost acknowledged edits and took other ones since.",
}
FIX = "The last good configuration stays in use and edits are refused. Put it back with: handoff restore --from-disk"


def lineage(store: VersionStore, held: Pointers | None, found: Pointers) -> Lineage:
    """The audit chain is the witness: our last entry must stand in the found state's log, in its place."""
    if held is None or held == found:
        return Lineage.DESCENDS
    if found.serial <= held.serial:
        return Lineage.BEHIND if found.serial < held.serial else Lineage.FORKED
    if found.restored_at > held.serial:
        return Lineage.DESCENDS  # An operator put an older state back knowingly; only the key's holder can say so.
    if held.audited < found.audit_base:
        return Lineage.DESCENDS  # The log was begun again after our last entry: the serial alone can speak.
    if held.audited == found.audit_base:
        return Lineage.DESCENDS if found.audit_base_head == held.audit_head else Lineage.FORKED
    line = store.audit_line(held.audited, found)
    if line is None or read_line(line)[1] != held.audit_head:
        return Lineage.FORKED
    return Lineage.DESCENDS


def objection(store: VersionStore, held: Pointers | None, found: Pointers) -> str | None:
    """Why nothing may be built on this state of the store; None when it descends from what is held."""
    relation = lineage(store, held, found)
    return None if relation is Lineage.DESCENDS else f"{SENTENCES[relation]} {FIX}"


def is_lesser_seed(held: Pointers | None, found: Pointers) -> bool:
    """The store was emptied and seeded from something older than what we hold, and nobody has edited it since."""
    return held is not None and found.seeded_from is not None and held.edited_until > found.seeded_from
