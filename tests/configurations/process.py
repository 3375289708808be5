"""One process of the app as far as configurations go: its store, disk copy, live configurations and history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import redis
from pydantic import SecretStr

from webapp.configurations.adoption import Adoption, Shipped
from webapp.configurations.credentials import CredentialBox
from webapp.configurations.deployments import Deployments
from webapp.configurations.disk import DiskCopy
from webapp.configurations.edits import Editor
from webapp.configurations.last_resorts import emergency_destination, spoken_message
from webapp.configurations.live import LiveConfigurations
from webapp.configurations.seals import Seals
from webapp.configurations.version_store import VersionStore, places_of
from webapp.configurations.versions import Versions

SECRET = SecretStr("a secret key of the tests, long enough")


def configuration(name: str = "Example Hotel", route: str = "+14155550100") -> dict[str, Any]:
    return {
        "schema": 1,
        "name": name,
        "default_destination": "front-desk",
        "destinations": [{"id": "front-desk", "name": "Front desk", "method": "INVITE", "route": route}],
    }


def _bytes(answer: Any) -> bytes | None:
    return answer.encode() if isinstance(answer, str) else answer


class Process:
    def __init__(
        self,
        client: redis.Redis,
        directory: Path,
        *,
        file: Mapping[str, Any] | None = None,
        emergency: str | None = None,
        secrets: Sequence[SecretStr] = (SECRET,),
    ) -> None:
        self.seals = Seals(secrets)
        self.store = VersionStore(client, self.seals)
        self.disk = DiskCopy(directory, self.seals)
        adoption = Adoption(
            self.store,
            self.disk,
            shipped=lambda: Shipped(file, "handoff.yaml", "" if file else "There is no handoff.yaml.", "Write one."),
            last_resort=lambda: (
                (emergency_destination(emergency), "emergency_destination")
                if emergency
                else (spoken_message(), "spoken_message")
            ),
            quick=lambda version: [_bytes(client.get(place)) for place in places_of(version)],
        )
        self.live = LiveConfigurations(adoption)
        self.editor = Editor(self.store, held=lambda: self.live.pointers)
        self.deployments = Deployments(self.editor, CredentialBox(secrets), changed=self.live.refresh)
        self.versions = Versions(self.editor, changed=self.live.refresh, compiled=adoption.library.add)
