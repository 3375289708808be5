"""Decide what a process may hold: take over what the store publishes when it is sound, keep the last good otherwise."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handoff_rules.problems import ConfigurationError, Problem
from webapp.configurations.canonical import digest_of
from webapp.configurations.compiled_versions import CompiledVersions
from webapp.configurations.conflicts import STORE_FAULTS, in_words
from webapp.configurations.deployment import Deployment
from webapp.configurations.disk import DiskCopy
from webapp.configurations.held import DISK, FILE, STORE, Held, one_for_both
from webapp.configurations.lineage import is_lesser_seed, objection
from webapp.configurations.published import Environment, Published, publish
from webapp.configurations.records import Pointers, Version
from webapp.configurations.seeding import Seeder
from webapp.configurations.version_id import VersionId
from webapp.configurations.version_store import Seen, VersionStore
from webapp.store.sealed import SealError

EMPTY = "The store is empty."

UNSOUND = (SealError, ConfigurationError, ValueError)
"""What a record can be that is not to be trusted: not ours, or ours and not a configuration of this release."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """The file that came with the application: its plain document, its name, or why it cannot be used.

    `trouble` and `fix` are a sentence each; `problems` are all that make a document that can be read no configuration.
    """

    document: Mapping[str, Any] | None
    name: str
    trouble: str = ""
    fix: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def fault(self) -> str | None:
        return f"{self.trouble} {self.fix}" if self.trouble else None

    @property
    def lines(self) -> tuple[str, ...]:
        """For a terminal: all problems, a line each."""
        if self.problems:
            return (f"{self.name} is not used:", *(f"  {problem}" for problem in self.problems))
        return () if self.fault is None else (self.fault,)


class NothingToSeedWithError(Exception):
    """The store is empty, and the shipped file cannot fill it; the text says why."""


class Adoption:
    """The layers, in order: store, disk, shipped file, last resort. No method but `start` is called before another."""

    def __init__(
        self,
        store: VersionStore,
        disk: DiskCopy,
        *,
        shipped: Callable[[], Shipped],
        last_resort: Callable[[], tuple[Published, str]],
        quick: Callable[[VersionId], Sequence[bytes | None]] = lambda _: (),
        seeder: Seeder | None = None,
    ) -> None:
        self._store = store
        self._disk = disk
        self._shipped = shipped
        self._last_resort = last_resort
        self._quick = quick
        self._seeder = seeder or Seeder(store)
        self.library = CompiledVersions(self._find)

    def start(self) -> Held:
        """What to begin with: the store when it answers, else the best that is left."""
        last_resort = one_for_both(*self._last_resort())
        self.library.add(last_resort.production)
        from_disk, fault = self.from_disk()
        followed = self.follow(from_disk or last_resort)
        if followed.pointers is not None:
            return followed
        return self._filled_from_file(replace(followed, disk_fault=fault))

    def follow(self, held: Held) -> Held:
        """One look at the store, and what is held after it. Faults become sentences, never exceptions."""
        try:
            seen = self._store.seen()
            if seen.pointers is None or is_lesser_seed(held.pointers, seen.pointers):
                seen = self._seed(seen, held)
            if seen.pointers is None:
                return _refusing(held, EMPTY)
            if seen.raw == held.raw:
                return self._unchanged(held, seen.pointers)
            refusal = objection(self._store, held.pointers, seen.pointers)
            return _refusing(held, refusal) if refusal else self._adopt(held, seen, seen.pointers)
        except NothingToSeedWithError as fault:
            empty = replace(held, faults=(EMPTY,), file_fault=str(fault))
            return replace(empty, edits_refused=f"{EMPTY} {fault}")
        except STORE_FAULTS as fault:
            return _refusing(held, in_words(fault))
        except UNSOUND as fault:
            return _refusing(held, f"{fault} The last good configuration stays in use.")

    def _unchanged(self, held: Held, pointers: Pointers) -> Held:
        """Nothing new. A copy that the disk did not take is tried again."""
        same = replace(held, seen_at=time.monotonic(), faults=(), edits_refused=None)
        return same if held.disk_fault is None else self._keep(same, pointers)

    def seed_from_file(self) -> bool:
        """Make the shipped file version 1 of an empty store; False when it is not empty or there is no sound file."""
        seen, shipped = self._store.seen(), self._shipped()
        if seen.pointers is not None or shipped.document is None:
            return False
        return self._seeder.from_file(seen, shipped.document, shipped.name)

    def put_back(self, held: Held, author: str) -> Held:
        """An operator settles it: what is held here replaces what the store has. Raises what the store raises."""
        try:
            seen = self._store.seen()
        except SealError:
            self._store.forget_pointers()
            return self.follow(held)
        if seen.pointers is not None:
            self._seeder.over(seen, held, author)
        return self.follow(held)

    def _seed(self, seen: Seen, held: Held) -> Seen:
        if held.pointers is not None:
            self._seeder.from_held(seen, held)
        else:
            shipped = self._shipped()
            if shipped.document is None:
                raise NothingToSeedWithError(shipped.fault)
            self._seeder.from_file(seen, shipped.document, shipped.name)
        return self._store.seen()

    def _adopt(self, held: Held, seen: Seen, pointers: Pointers) -> Held:
        """Each environment by itself: a version that is not sound keeps that environment at its last good one."""
        faults: list[str] = []
        versions: dict[VersionId, Version] = {}
        published: dict[Environment, Published] = {"sandbox": held.sandbox, "production": held.production}
        sources = dict(held.sources)
        for environment in published:
            wanted = pointers.of(environment)
            try:
                versions[wanted] = self._version(wanted, versions, held)
                published[environment] = self._published(versions[wanted])
                sources[environment] = STORE
            except UNSOUND as fault:
                faults.append(f"Version {wanted} for {environment} is not used: {fault}")
        deployment, sealed = held.deployment, held.deployment_sealed
        try:
            deployment, sealed = self._deployment(held, pointers)
        except UNSOUND as fault:
            faults.append(f"The deployment document is not used: {fault}")
        after = Held(
            sandbox=published["sandbox"], production=published["production"], sources=sources,
            pointers=held.pointers if faults else pointers, raw=b"" if faults else seen.raw,
            versions=held.versions if faults else tuple(versions.values()), deployment=deployment,
            deployment_sealed=sealed, seen_at=time.monotonic(), faults=tuple(faults),
        )  # fmt: skip
        return after if faults else self._keep(after, pointers)

    def _version(self, wanted: VersionId, known: Mapping[VersionId, Version], held: Held) -> Version:
        near = {version.version: version for version in held.versions} | dict(known)
        found = near.get(wanted) or self._store.version(wanted.number)
        if found is None or found.version != wanted:
            raise SealError("the store does not hold it.")
        return found

    def _published(self, version: Version) -> Published:
        ready = self.library.held(version.version)
        if ready is None:
            ready = publish(version.document, version.version)
            self.library.add(ready)
        return ready

    def _deployment(self, held: Held, pointers: Pointers) -> tuple[Deployment, bytes | None]:
        if held.pointers is not None and held.pointers.deployment == pointers.deployment:
            return held.deployment, held.deployment_sealed
        sealed = self._store.deployment_bytes()
        return self._read_deployment(sealed, pointers), sealed

    def _read_deployment(self, sealed: bytes | None, pointers: Pointers) -> Deployment:
        if sealed is None:
            return Deployment()
        record = self._store.seals.deployment.open(sealed)
        if record["serial"] < pointers.deployment:
            raise SealError("The stored deployment document is an older one than was published.")
        return Deployment.read(record["document"])

    def _keep(self, held: Held, pointers: Pointers) -> Held:
        """On disk as well; a disk that cannot be written is an alarm, not an error."""
        try:
            for version in held.versions:
                self._disk.keep_version(version)
            if held.deployment_sealed is not None:
                self._disk.keep_deployment(held.deployment_sealed)
            self._disk.keep_pointers(pointers)
        except OSError as fault:
            return replace(held, disk_fault=f"The copy on disk could not be written: {fault.strerror}.")
        return replace(held, disk_fault=None)

    def from_disk(self) -> tuple[Held | None, str | None]:
        """What the sealed copy holds, or why it cannot be used; both None when there is none."""
        try:
            pointers = self._disk.pointers()
            if pointers is None:
                return None, None
            wanted = {pointers.of("sandbox"), pointers.of("production")}
            versions = [version for identity in wanted if (version := self._disk.version(identity)) is not None]
            if len(versions) < len(wanted):
                return None, "The copy on disk is not used: it lacks a version."
            ready = {version.version: self._published(version) for version in versions}
            sealed = self._disk.deployment()
            return Held(
                sandbox=ready[pointers.of("sandbox")], production=ready[pointers.of("production")],
                sources={"sandbox": DISK, "production": DISK}, pointers=pointers, versions=tuple(versions),
                deployment=self._read_deployment(sealed, pointers), deployment_sealed=sealed,
            ), None  # fmt: skip
        except (*UNSOUND, OSError) as fault:
            return None, f"The copy on disk is not used: {fault}"

    def _filled_from_file(self, held: Held) -> Held:
        """The shipped file for each environment that would only have the last resort."""
        bare = [environment for environment, source in held.sources.items() if source not in (STORE, DISK)]
        shipped = self._shipped()
        if not bare:
            return held
        if shipped.document is None:
            return replace(held, file_fault=shipped.fault)
        published = publish(shipped.document)
        self.library.add(published)
        return replace(
            held,
            sandbox=published if "sandbox" in bare else held.sandbox,
            production=published if "production" in bare else held.production,
            sources=dict(held.sources) | dict.fromkeys(bare, FILE),
        )

    def _find(self, version: VersionId) -> Published | None:
        """For a call that began with a version no longer held: the disk, then one short look at Redis."""
        if version.number == 0:
            shipped = self._shipped().document
            return publish(shipped, version) if shipped is not None and digest_of(shipped) == version.digest else None
        try:
            found = self._disk.version(version)
            if found is None:
                found = self._store.among(self._quick(version), version)
            return None if found is None else publish(found.document, version)
        except (*UNSOUND, *STORE_FAULTS):
            return None


def _refusing(held: Held, fault: str) -> Held:
    """What is held stays; the fault is told, and it is why edits are refused."""
    return replace(held, faults=(fault,), edits_refused=fault)
