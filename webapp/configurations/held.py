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

    @property
    def all_faults(self) -> tuple[str, ...]:
        return self.faults if self.disk_fault is None else (*self.faults, self.disk_fault)

    def version_of(self, environment: Environment) -> Version:
        """The record that an environment came from; only for what once stood in a store."""
        wanted = (self.sandbox if environment == "sandbox" else self.production).version
        return next(version for version in self.versions if version.version == wanted)


def one_for_both(published: Published, source: str, faults: tuple[str, ...] = ()) -> Held:
    return Held(
        sandbox=published, production=published, sources={"sandbox": source, "production": source}, faults=faults
    )
