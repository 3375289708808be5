"""What a process holds: both environments, the records that they came from, and what is wrong at the moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.configurations.deployment import Deployment
from webapp.configurations.published import Environment, Published
from webapp.configurations.records import Pointers, Version

STORE, DISK, FILE, EMERGENCY, MESSAGE = "store", "disk", "file", "emergency_destination", "spoken_message"


NO_DEPLOYMENT = Deployment()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Replaced as a whole, so that a call sees one consistent state. `pointers` is None for file and last resorts."""

    sandbox: Published
    production: Published
    sources: Mapping[Environment, str]
    pointers: Pointers | None = None
    raw: bytes = b""
    versions: tuple[Version, ...] = ()
    deployment: Deployment = NO_DEPLOYMENT
    deployment_sealed: bytes | None = None
    seen_at: float | None = None
    faults: tuple[str, ...] = ()
    edits_refused: str | None = None
    disk_fault: str | None = None
    file_fault: str | None = None
    """Why the shipped file does not answer, told as long as nothing better than the last resort does."""

    @property
    def all_faults(self) -> tuple[str, ...]:
        return (*self.faults, *(fault for fault in (self.disk_fault, self.file_fault) if fault is not None))

    def version_of(self, environment: Environment) -> Version:
        """The record that an environment came from; only for what once stood in a store."""
        wanted = (self.sandbox if environment == "sandbox" else self.production).version
        return next(version for version in self.versions if version.version == wanted)


def one_for_both(published: Published, source: str, faults: tuple[str, ...] = ()) -> Held:
    return Held(
        sandbox=published, production=published, sources={"sandbox": source, "production": source}, faults=faults
    )
