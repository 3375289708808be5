"""What a restore would take away: the versions of a store that a backup does not hold, or holds others in place of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from webapp.configurations.version_id import VersionId
from webapp.configurations.version_store import VersionStore
from webapp.store.sealed import SealError

NAMED = 5


@dataclass(frozen=True, slots=True)
class Displaced:
    """`gone`: what leaves the list of versions, newest first. `aside`: documents, as they are sealed, that lie in a
    place which the backup has for another version; some may have left the list before."""

    listed: int
    gone: tuple[VersionId, ...]
    aside: Mapping[VersionId, bytes]

    def in_words(self) -> str:
        """For whoever is about to restore."""
        if not self.gone:
            return "The backup holds all of its versions."
        be = "is" if len(self.gone) == 1 else "are"
        told = f"{len(self.gone)} of its {self.listed} versions {be} not in this backup: {numbers_of(self.gone)}."
        return f"{told} The backup has others of the same numbers." if set(self.gone) & self.aside.keys() else told


def numbers_of(versions: tuple[VersionId, ...]) -> str:
    more = f" and {len(versions) - NAMED} more" if len(versions) > NAMED else ""
    return ", ".join(f"v{version.number}" for version in versions[:NAMED]) + more


def displaced(store: VersionStore, abouts: Mapping[str, str], documents: Mapping[str, str]) -> Displaced:
    """What goes when these lines and documents of a backup, by number, are put into the store."""
    listed = dict(_identities(store, store.about_lines().items()))
    kept = dict(_identities(store, ((int(number), line.encode()) for number, line in abouts.items())))
    gone = sorted((version for number, version in listed.items() if kept.get(number) != version), reverse=True)
    return Displaced(len(listed), tuple(gone), dict(_aside(store, abouts, documents)))


def _aside(
    store: VersionStore, abouts: Mapping[str, str], documents: Mapping[str, str]
) -> Iterator[tuple[VersionId, bytes]]:
    for number in map(int, abouts):
        raw, coming = store.version_bytes(number), documents.get(str(number), "").encode()
        if raw is None or raw == coming:
            continue
        with suppress(SealError):  # What carries no seal of ours answers no call.
            found = store.open_version(number, raw).version
            if not coming or store.open_version(number, coming).version != found:
                yield found, raw


def _identities(store: VersionStore, lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, VersionId]]:
    for number, line in lines:
        with suppress(SealError):
            yield number, store.open_about(line).version
