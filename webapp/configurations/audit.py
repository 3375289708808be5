"""The audit log's entries: who changed what, from what, to what, each chained to the one before it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from webapp.configurations.records import Pointers
from webapp.configurations.seals import Seals
from webapp.store.sealed import SealError


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One write. `before` and `after` are version identities, or the values where nothing else keeps them."""

    sequence: int
    at: str
    actor: str
    action: str
    subject: str
    before: Any = None
    after: Any = None
    note: str = ""
    previous: str = ""


def chained(seals: Seals, entry: Entry) -> tuple[bytes, str]:
    """The stored line and its link: a MAC over the entry, which holds the link of the entry before."""
    text = json.dumps(asdict(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    link = seals.audit.sign(text.encode())
    return f"{link} {text}".encode(), link


def read_line(line: bytes) -> tuple[Entry, str]:
    """The entry and its link; a line that is none of ours raises SealError."""
    try:
        link, _, text = line.decode("ascii").partition(" ")
        return Entry(**json.loads(text)), link
    except (ValueError, TypeError) as fault:
        raise SealError("an audit entry cannot be read") from fault


def faults_in(seals: Seals, pointers: Pointers, lines: Sequence[bytes]) -> list[str]:
    """Every place where the log was altered, cut or reordered, as sentences; none when it is whole.

    `lines` is the whole stored log. The pointers are sealed and name its first and last link, so that a cut
    at either end shows as well.
    """
    expected = pointers.audited - pointers.audit_base
    faults = (
        [] if len(lines) == expected else [f"The audit log has {len(lines)} entries where {expected} were written."]
    )
    previous = pointers.audit_base_head
    for position, line in enumerate(lines, start=pointers.audit_base + 1):
        try:
            entry, link = read_line(line)
        except SealError:
            faults.append(f"Audit entry {position} cannot be read.")
            continue
        text = line[len(link) + 1 :]
        if not is_ours(seals, text, link) or entry.previous != previous or entry.sequence != position:
            faults.append(f"Audit entry {position} was altered or is not in its place.")
        previous = link
    if previous != pointers.audit_head:
        faults.append("The last audit entry is not the one that was written last.")
    return faults


def is_ours(seals: Seals, text: bytes, link: str) -> bool:
    """Whether the link of an entry was made under our key from this text."""
    try:
        seals.audit.verify(text, link)
    except SealError:
        return False
    return True
