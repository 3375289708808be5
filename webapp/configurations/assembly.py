"""Put the parts together for one process: from its settings to live configurations, history and deployment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import redis

from webapp.calls.arrivals import Arrivals
from webapp.configurations.adoption import Adoption, Shipped
from webapp.configurations.backup import Backups
from webapp.configurations.checking import OwnNumbers
from webapp.configurations.conflicts import EditRefusedError
from webapp.configurations.credentials import CredentialBox
from webapp.configurations.deployments import Deployments
from webapp.configurations.disk import DiskCopy
from webapp.configurations.edits import Editor, HeldPointers
from webapp.configurations.held import EMERGENCY, MESSAGE
from webapp.configurations.last_resorts import emergency_destination, spoken_message
from webapp.configurations.live import LiveConfigurations
from webapp.configurations.published import Published
from webapp.configurations.records import Pointers
from webapp.configurations.seals import Seals
from webapp.configurations.shipped import read_shipped, shipped_file
from webapp.configurations.tests_on_save import RunSavedTests
from webapp.configurations.version_id import VersionId
from webapp.configurations.version_store import VersionStore, places_of
from webapp.configurations.versions import Versions
from webapp.people.store_away import STORE_AWAY
from webapp.settings import Settings
from webapp.store.redis import VoiceRedis, open_redis
from webapp.store.sealed import SealError


@dataclass(frozen=True, slots=True)
class History:
    """The store without what answers calls: enough for the command line and for jobs."""

    versions: Versions
    editor: Editor
    store: VersionStore
    disk: DiskCopy
    deployments: Deployments
    credentials: CredentialBox
    backups: Backups
    adoption: Adoption
    shipped: Callable[[], Shipped]


@dataclass(frozen=True, slots=True)
class Configurations:
    """What one web process needs of this package. `live.start()` begins to follow the store."""

    live: LiveConfigurations
    versions: Versions
    editor: Editor
    store: VersionStore
    disk: DiskCopy
    deployments: Deployments
    credentials: CredentialBox
    backups: Backups
    shipped: Callable[[], Shipped]


def open_history(
    settings: Settings,
    *,
    client: redis.Redis | None = None,
    voice: VoiceRedis | None = None,
    run_saved_tests: RunSavedTests = lambda _: (),
    held: HeldPointers | None = None,
    own_numbers: OwnNumbers | None = None,
    changed: Callable[[], object] | None = None,
) -> History:
    """Touches neither store nor disk. Edits are refused on a store that is older than this machine's sealed copy."""
    seals = Seals(settings.secret_keys)
    store = VersionStore(client or open_redis(settings.store_url), seals)
    disk = DiskCopy(settings.handoff_data_dir / "configuration", seals)
    file = shipped_file(settings.handoff_config, development=not settings.is_production)

    def shipped() -> Shipped:
        return read_shipped(file)

    adoption = Adoption(
        store,
        disk,
        shipped=shipped,
        last_resort=lambda: _last_resort(settings.emergency_destination),
        quick=(lambda version: _quick(voice, version)) if voice is not None else lambda _: (),
    )
    editor = Editor(store, held=held or (lambda: _on_disk(disk)))
    box = CredentialBox(settings.secret_keys)
    deployments = Deployments(editor, box, changed=changed or (lambda: None))
    return History(
        versions=Versions(
            editor,
            run_saved_tests=run_saved_tests,
            own_numbers=own_numbers or (lambda: _stored_numbers(deployments)),
            arrives_by_sip=Arrivals(store.client).by_sip,
            promotion=lambda: deployments.read().deployment.promotion,
            changed=changed or (lambda: None),
            compiled=adoption.library.add if changed else None,
        ),
        editor=editor,
        store=store,
        disk=disk,
        deployments=deployments,
        credentials=box,
        backups=Backups(editor, settings.secret_keys),
        adoption=adoption,
        shipped=shipped,
    )


def open_configurations(
    settings: Settings,
    *,
    client: redis.Redis | None = None,
    voice: VoiceRedis | None = None,
    run_saved_tests: RunSavedTests = lambda _: (),
) -> Configurations:
    """`client` waits patiently and serves edits and the background; `voice` looks up a call's older version quickly.

    Begins at once with the best that store, disk and file have, and seeds an empty store.
    """

    # Edits consult what this process holds, and what it holds is read through the same store: tied together here.
    def held() -> Pointers | None:
        return live.pointers

    def own_numbers() -> Mapping[str, bool]:
        return live.deployment.own_numbers

    def changed() -> None:
        live.refresh()

    history = open_history(
        settings, client=client, voice=voice, run_saved_tests=run_saved_tests, held=held,
        own_numbers=own_numbers, changed=changed,
    )  # fmt: skip
    live = LiveConfigurations(history.adoption)
    shared = {name: getattr(history, name) for name in Configurations.__slots__ if name != "live"}
    return Configurations(live=live, **shared)


def _on_disk(disk: DiskCopy) -> Pointers | None:
    try:
        return disk.pointers()
    except (SealError, OSError):
        return None  # A faulty copy says nothing about the store; the app reports it.


def _stored_numbers(deployments: Deployments) -> Mapping[str, bool]:
    """None known is no reason to refuse: whatever the store has to say, the edit itself will meet it."""
    try:
        return deployments.read().deployment.own_numbers
    except (EditRefusedError, SealError, *STORE_AWAY):
        return {}


def _last_resort(route: str | None) -> tuple[Published, str]:
    return (emergency_destination(route), EMERGENCY) if route else (spoken_message(), MESSAGE)


def _quick(voice: VoiceRedis, version: VersionId) -> list[bytes | None]:
    found = []
    for answer in voice.execute([("GET", place) for place in places_of(version)]):
        if isinstance(answer, Exception):
            raise answer
        found.append(answer.encode("utf-8", "replace") if isinstance(answer, str) else None)
    return found
