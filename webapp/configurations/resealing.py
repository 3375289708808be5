"""Move the store to a new SECRET_KEY: open every record with the key that still opens it, seal it with the first."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

import redis

from webapp.configurations.audit import chained, read_line
from webapp.configurations.conflicts import EditRefusedError
from webapp.configurations.credentials import CredentialBox
from webapp.configurations.deployment import Deployment
from webapp.configurations.durability import Proof
from webapp.configurations.edits import Editor
from webapp.configurations.records import Pointers, to_plain
from webapp.configurations.version_store import Seen, VersionStore
from webapp.store import keys
from webapp.store.sealed import SealError


@dataclass(frozen=True, slots=True)
class Resealed:
    """`unreadable` versions were sealed under a key that is not set any more; they stay as they are."""

    versions: int
    unreadable: tuple[int, ...]
    proof: Proof


class Resealer:
    """Needs the new key as SECRET_KEY and the old one as SECRET_KEY_NEXT; afterwards the old one can go."""

    def __init__(self, editor: Editor, box: CredentialBox) -> None:
        self._editor = editor
        self._box = box
        self._store: VersionStore = editor.store

    def reseal(self, author: str) -> Resealed:
        """All or nothing, as one edit that running processes follow. Repeating it is harmless."""
        seen, pointers = self._editor.trusted()
        log, head = self._audit_log_anew()
        serial = pointers.serial + 1
        moved = replace(
            pointers, epoch=secrets.token_hex(8), serial=serial, restored_at=serial, seeded_from=None, audit_head=head,
            deployment=serial,
        )  # fmt: skip
        audited, line = self._editor.audited(moved, actor=author, action="sealed under SECRET_KEY", subject="store")
        values, unreadable = self._records_anew(serial)
        self._write(seen, values, [*log, line], audited)
        return Resealed(len(values[keys.versions()]), unreadable, self._store.prove())

    def _audit_log_anew(self) -> tuple[list[bytes], str]:
        lines, link = [], ""
        for position, line in enumerate(self._store.audit_lines()):
            entry, _ = read_line(line)
            anew, link = chained(self._store.seals, entry if position == 0 else replace(entry, previous=link))
            lines.append(anew)
        return lines, link

    def _records_anew(self, serial: int) -> tuple[dict[str, bytes | dict[str, bytes]], tuple[int, ...]]:
        values: dict[str, bytes | dict[str, bytes]] = {}
        abouts: dict[str, bytes] = {}
        unreadable = []
        for number in sorted(self._store.numbers()):
            try:
                version = self._store.listed_version(number)
                about = version.about() if version else self._store.abouts([number])[number]
            except SealError:
                unreadable.append(number)
                continue
            if version is not None:
                values[keys.version(number)] = self._store.seal_version(version)
            if about is not None:
                abouts[str(number)] = self._store.seals.about.close(to_plain(about))
        values[keys.versions()] = abouts
        values[keys.deployment()] = self._deployment_anew(serial)
        return values, tuple(unreadable)

    def _deployment_anew(self, serial: int) -> bytes:
        sealed = self._store.deployment_bytes()
        record = self._store.seals.deployment.open(sealed) if sealed else {"document": {}}
        deployment = Deployment.read(record["document"])
        if deployment.twilio is not None:
            anew = self._box.close(self._box.open(deployment.twilio))
            deployment = deployment.model_copy(update={"twilio": anew})
        return self._store.seals.deployment.close({"serial": serial, "document": deployment.to_document()})

    def _write(
        self, seen: Seen, values: dict[str, bytes | dict[str, bytes]], log: list[bytes], pointers: Pointers
    ) -> None:
        with self._store.client.pipeline(transaction=True) as pipeline:
            pipeline.watch(keys.pointers())
            if self._store.seen().raw != seen.raw:
                raise EditRefusedError("Somebody edited meanwhile. Nothing was changed; try again.")
            pipeline.multi()
            for name, value in values.items():
                if isinstance(value, bytes):
                    pipeline.set(name, value, keepttl=True)
                elif value:
                    pipeline.hset(name, mapping=value)  # type: ignore[arg-type]  # the stubs know text fields only
            pipeline.delete(keys.audit())
            pipeline.rpush(keys.audit(), *log)
            pipeline.set(keys.pointers(), self._store.seals.pointers.close(to_plain(pointers)))
            try:
                pipeline.execute()
            except redis.WatchError as fault:
                raise EditRefusedError("Somebody edited meanwhile. Nothing was changed; try again.") from fault
