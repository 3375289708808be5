"""Everything that must outlive a Redis in one sealed file: versions, pointers, audit log, deployment, people."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, cast

import redis
from pydantic import SecretStr

from webapp.configurations.audit import faults_in
from webapp.configurations.conflicts import EditRefusedError
from webapp.configurations.displaced import Displaced, displaced
from webapp.configurations.durability import Proof
from webapp.configurations.edits import Editor, timestamp
from webapp.configurations.records import Pointers, to_plain
from webapp.configurations.version_id import VersionId
from webapp.configurations.version_store import VersionStore
from webapp.configurations.versions import RETIRED_SECONDS
from webapp.store import keys
from webapp.store.sealed import Seal, SealError

_HASHES = {
    "versions": keys.versions(),
    "users": keys.users(),
    "user_emails": keys.user_emails(),
    "tokens": keys.tokens(),
}
_STRINGS = {"pointers": keys.pointers(), "deployment": keys.deployment()}
_FORMAT = 1
HOW = (
    "To put the backup in its place, with its settings, people, tokens and audit log, add --over. "
    "Calls that began with a version keep it, for two days."
)


class BackupError(EditRefusedError):
    """The file is no backup of ours, or the store is not as a restore needs it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: how many versions and audit entries, what production is, and whether it would last. `gone`: the
    versions that stood in the store and are not in the backup, newest first; only their calls still find them."""

    versions: int
    audit_entries: int
    production: str
    proof: Proof
    gone: tuple[VersionId, ...]


class Backups:
    """Calls, messages and sessions are not part of a backup: they expire, and no restore should bring them back."""

    def __init__(self, editor: Editor, secret_keys: Sequence[SecretStr]) -> None:
        self._editor = editor
        self._store: VersionStore = editor.store
        self._seal = Seal(secret_keys, purpose="backup")

    def make(self) -> bytes:
        """One file. The same store gives the same bytes, so that a backup proves a restore."""
        content = self._read()
        if content["strings"]["pointers"] is None:
            raise BackupError("The store holds no configuration yet, so there is nothing to back up.")
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return self._seal.wrap(text.encode())

    def restore(self, backup: bytes, *, author: str, over: bool = False) -> Restored:
        """Put a backup into an empty store as it was, or, with `over`, in place of what a store holds.

        Over something, it counts as an edit: running processes follow it, and the audit log says who did it.
        """
        content = self._opened(backup)
        pointers = self._store.open_pointers(content["strings"]["pointers"].encode())
        lines = [line.encode() for line in content["audit"]]
        faults = faults_in(self._store.seals, pointers, lines)
        if faults:
            raise BackupError(f"The audit log in this backup is not whole: {faults[0]}")
        client = self._store.client
        with client.pipeline(transaction=True) as pipeline:
            pipeline.watch(keys.pointers())
            present = pipeline.get(keys.pointers())
            before = displaced(self._store, content["hashes"]["versions"], content["versions"])
            if present is not None:
                if not over:
                    raise BackupError(f"The store is not empty. {before.in_words()} {HOW}")
                pointers, line = self._as_edit(pointers, author)
                content["audit"].append(line.decode())
                content["strings"]["pointers"] = self._store.seals.pointers.close(to_plain(pointers)).decode()
            stored = {str(_plain(number)) for number in pipeline.hkeys(keys.versions())}
            pipeline.multi()
            _clear(pipeline, content, stored)
            _put_aside(pipeline, before)
            _write(pipeline, content)
            try:
                pipeline.execute()
            except redis.WatchError as fault:
                raise BackupError("Somebody edited during the restore. Nothing was changed; try again.") from fault
        return Restored(
            len(content["versions"]), len(content["audit"]), pointers.production, self._store.prove(), before.gone
        )

    def _as_edit(self, backed_up: Pointers, author: str) -> tuple[Pointers, bytes]:
        now = self._editor.store.seen().pointers
        serial = max(backed_up.serial, now.serial if now else 0) + 1
        moved = replace(
            backed_up, epoch=secrets.token_hex(8), serial=serial, restored_at=serial, seeded_from=None,
            newest=max(backed_up.newest, now.newest if now else 0),
            production_at=timestamp(self._editor.clock), production_by=author,
        )  # fmt: skip
        return self._editor.audited(
            moved, actor=author, action="restored a backup", subject="store",
            before=now.production if now else None, after=backed_up.production,
        )  # fmt: skip

    def _read(self) -> dict[str, Any]:
        pipeline = self._store.client.pipeline(transaction=True)
        for name in _STRINGS.values():
            pipeline.get(name)
        for name in _HASHES.values():
            pipeline.hgetall(name)
        pipeline.lrange(keys.audit(), 0, -1)
        answers = _plain(pipeline.execute())
        strings, hashes = answers[: len(_STRINGS)], answers[len(_STRINGS) : -1]
        content = {
            "format": _FORMAT,
            "strings": dict(zip(_STRINGS, strings, strict=True)),
            "hashes": dict(zip(_HASHES, hashes, strict=True)),
            "audit": answers[-1],
        }
        numbers = sorted(int(number) for number in content["hashes"]["versions"])
        documents = _plain([self._store.client.get(keys.version(number)) for number in numbers])
        content["versions"] = {
            str(number): document for number, document in zip(numbers, documents, strict=True) if document is not None
        }
        content["expiring"] = [number for number in content["versions"] if self._expires(int(number))]
        return content

    def _expires(self, number: int) -> bool:
        return self._store.client.ttl(keys.version(number)) > 0

    def _opened(self, backup: bytes) -> dict[str, Any]:
        try:
            content = json.loads(self._seal.unwrap(backup))
        except (SealError, ValueError) as fault:
            raise BackupError(
                "This is no whole backup made under this SECRET_KEY. Set the key that it was made with."
            ) from fault
        if content.get("format") != _FORMAT:
            raise BackupError("This backup was made by another release that this one cannot read.")
        return cast("dict[str, Any]", content)


def _clear(pipeline: Any, content: Mapping[str, Any], stored: Set[str]) -> None:
    """Take away what is there. A version that the backup does not know goes out of the list, and its document stays
    for as long as a call can last that began with it."""
    known = content["hashes"]["versions"]
    for number in stored - known.keys():
        pipeline.expire(keys.version(int(number)), RETIRED_SECONDS)
    for number in known.keys() - content["versions"].keys():
        pipeline.delete(keys.version(int(number)))  # Retired in the backup, and not to be answered by another version.
    pipeline.delete(keys.audit(), *_HASHES.values(), *_STRINGS.values())


def _put_aside(pipeline: Any, before: Displaced) -> None:
    """What the backup has another version in place of stays under its own name, for the calls that began with it."""
    for version, document in before.aside.items():
        pipeline.set(keys.replaced_version(str(version)), document, ex=RETIRED_SECONDS)


def _write(pipeline: Any, content: Mapping[str, Any]) -> None:
    expiring = set(content.get("expiring", ()))  # Backups of before it was kept lack it.
    for number, document in content["versions"].items():
        pipeline.set(keys.version(int(number)), document, ex=RETIRED_SECONDS if number in expiring else None)
    for name, fields in content["hashes"].items():
        if fields:
            pipeline.hset(_HASHES[name], mapping=fields)
    if content["audit"]:
        pipeline.rpush(keys.audit(), *content["audit"])
    for name, value in content["strings"].items():
        if value is not None:
            pipeline.set(_STRINGS[name], value)


def _plain(answer: Any) -> Any:
    if isinstance(answer, bytes):
        return answer.decode()
    if isinstance(answer, Mapping):
        return {_plain(key): _plain(value) for key, value in answer.items()}
    return [_plain(item) for item in answer] if isinstance(answer, list) else answer
