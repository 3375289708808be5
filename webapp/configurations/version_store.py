"""The configuration's place in Redis: sealed values under one hash tag, all changed by one atomic script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, cast

import redis

from webapp.configurations.conflicts import VersionNotFoundError
from webapp.configurations.durability import PROOF_COMMANDS, Proof, judge
from webapp.configurations.records import About, Pointers, Version, from_plain, to_plain
from webapp.configurations.seals import Seals
from webapp.configurations.version_id import VersionId
from webapp.store import keys
from webapp.store.sealed import SealError

# Everything that one edit changes is changed here or not at all: Redis runs a script as one step, and writes
# its effects to the append-only file as one transaction (redis.io/docs, "Scripting with Lua", atomicity).
# The pointers are compared byte for byte, so that an edit made on an older state changes nothing.
# A server that was killed while it wrote may keep the beginning of a transaction and run it with the next one when it
# reads the file again (redis aof.c: a cut inside a command of MULTI is not taken back to the MULTI). So every effect
# says its place: the log is cut to the lines that were there, and the empty line makes the cut part of the file.
_EXCHANGE = """
local current = redis.call('GET', KEYS[1]) or ''
if current ~= ARGV[1] then return 0 end
local abouts, sealed = tonumber(ARGV[4]), tonumber(ARGV[5])
for i = 4 + sealed, #KEYS do if redis.call('EXISTS', KEYS[i]) == 0 then return -1 end end
if ARGV[3] ~= '' then
  local before = tonumber(ARGV[6])
  redis.call('RPUSH', KEYS[2], '')
  if before > 0 then redis.call('LTRIM', KEYS[2], 0, before - 1) else redis.call('DEL', KEYS[2]) end
  redis.call('RPUSH', KEYS[2], ARGV[3])
end
for i = 1, abouts do redis.call('HSET', KEYS[3], ARGV[5 + 2 * i], ARGV[6 + 2 * i]) end
for i = 1, sealed do redis.call('SET', KEYS[3 + i], ARGV[2 * abouts + i + 6]) end
for i = 4 + sealed, #KEYS do redis.call('PERSIST', KEYS[i]) end
redis.call('SET', KEYS[1], ARGV[2])
return 1
"""


EXPIRED = -1


@dataclass(frozen=True, slots=True)
class Change:
    """One edit, whole: the new pointers, its audit line, and the values that they speak of.

    `points_at`: an older version that an environment meets from now on; it may have been retired, and stays now.
    """

    pointers: Pointers
    audit_line: bytes
    versions: Sequence[Version] = ()
    deployment: bytes | None = None
    points_at: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """The pointers as they were read: their exact bytes (what an edit is compared with) and their meaning."""

    raw: bytes
    pointers: Pointers | None = field(default=None)


def places_of(version: VersionId) -> tuple[str, str]:
    """The keys that may hold a version: that of its number, and its own when a restore gave the number to another."""
    return keys.version(version.number), keys.replaced_version(str(version))


class VersionStore:
    """Reads and writes sealed records. It judges seals and nothing else; what may be written is decided elsewhere."""

    def __init__(self, client: redis.Redis, seals: Seals) -> None:
        self.client = client
        self.seals = seals

    def seen(self) -> Seen:
        """The pointers now. Raises SealError when they are not ours, redis.RedisError when Redis is away."""
        raw = _read(self.client.get(keys.pointers()))
        return Seen(b"") if raw is None else Seen(raw, self.open_pointers(raw))

    def open_pointers(self, raw: bytes) -> Pointers:
        return from_plain(Pointers, self.seals.pointers.open(raw))

    def open_version(self, number: int, raw: bytes) -> Version:
        """The version of this number, or SealError when another one's bytes lie in its place."""
        version = from_plain(Version, self.seals.version.open(raw))
        if version.number != number or not version.is_whole:
            raise SealError(f"What is stored as version {number} is another version.")
        return version

    def seal_version(self, version: Version) -> bytes:
        return self.seals.version.close(to_plain(version))

    def version_bytes(self, number: int) -> bytes | None:
        return _read(self.client.get(keys.version(number)))

    def among(self, found: Iterable[bytes | None], wanted: VersionId) -> Version | None:
        """The wanted version among what lies in its places. SealError when nothing of it is ours."""
        faults = []
        for raw in found:
            try:
                if raw is not None and (version := self.open_version(wanted.number, raw)).version == wanted:
                    return version
            except SealError as fault:
                faults.append(fault)
        if faults:
            raise faults[0]
        return None

    def version(self, number: int) -> Version | None:
        """The version for a call that began with it: also one that a restore took out of the list."""
        raw = self.version_bytes(number)
        return None if raw is None else self.open_version(number, raw)

    def listed_version(self, number: int) -> Version | None:
        """The version for people: only one that stands in the list."""
        pipeline = self.client.pipeline(transaction=False)  # A full Redis answers reads, but no transaction.
        pipeline.hexists(keys.versions(), str(number))
        pipeline.get(keys.version(number))
        is_listed, answer = pipeline.execute()
        raw = _read(answer)
        return self.open_version(number, raw) if is_listed and raw is not None else None

    def deployment_bytes(self) -> bytes | None:
        return _read(self.client.get(keys.deployment()))

    def abouts(self, numbers: Iterable[int]) -> dict[int, About | None]:
        """What is known about each of these versions; None for one that was lost or retired."""
        wanted = list(numbers)
        if not wanted:
            return {}
        stored = cast("list[Any]", self.client.hmget(keys.versions(), [str(number) for number in wanted]))
        return {number: self._about(_read(raw)) for number, raw in zip(wanted, stored, strict=True)}

    def about_lines(self) -> dict[int, bytes]:
        """Each line of the list of versions by its number, as it is sealed."""
        lines = cast("dict[Any, Any]", self.client.hgetall(keys.versions()))
        return {int(number): raw for number, line in lines.items() if number.isdigit() and (raw := _read(line))}

    def numbers(self) -> list[int]:
        """The numbers of all versions that are there, in no order."""
        fields = cast("list[Any]", self.client.hkeys(keys.versions()))
        return [int(field) for field in fields if field.isdigit()]

    def _about(self, raw: bytes | None) -> About | None:
        return None if raw is None else self.open_about(raw)

    def open_about(self, raw: bytes) -> About:
        return from_plain(About, self.seals.about.open(raw))

    def audit_lines(self, first: int = 0, last: int = -1) -> list[bytes]:
        lines = cast("list[Any]", self.client.lrange(keys.audit(), first, last))
        return [line for line in map(_read, lines) if line is not None]

    def audit_ends(self) -> tuple[bytes, bytes] | None:
        """The first and the last line, as they stood at one moment; None when the log is empty."""
        pipeline = self.client.pipeline(transaction=True)
        pipeline.lindex(keys.audit(), 0)
        pipeline.lindex(keys.audit(), -1)
        first, last = map(_read, pipeline.execute())
        return None if first is None or last is None else (first, last)

    def audit_line(self, sequence: int, pointers: Pointers) -> bytes | None:
        """The audit line of that number, or None when it is not (or no longer) in the log."""
        position = sequence - pointers.audit_base - 1
        return _read(self.client.lindex(keys.audit(), position)) if position >= 0 else None

    def prove(self) -> Proof:
        """How safe everything written so far is. The log on disk is one sequence: a later write proves the earlier."""
        pipeline = self.client.pipeline(transaction=False)
        pipeline.set(keys.probe(), b"", ex=keys.PROBE_SECONDS)
        for command in PROOF_COMMANDS:
            pipeline.execute_command(*command)
        written, *answers = pipeline.execute(raise_on_error=False)
        if isinstance(written, Exception):
            raise written
        return judge(answers)

    def forget_pointers(self) -> None:
        """Remove pointers that are not ours, so that the next look finds an empty store and seeds it."""
        self.client.delete(keys.pointers())

    def retire(self, numbers: Iterable[int], seconds: int) -> None:
        """Let these versions expire; what a list shows of them stays."""
        pipeline = self.client.pipeline(transaction=False)
        for number in numbers:
            pipeline.expire(keys.version(number), seconds)
        pipeline.execute()

    def exchange(self, seen: Seen, change: Change) -> Proof | None:
        """Put `change` in place of what was `seen`: None when somebody else was first, else how safe it is now.
        Raises VersionNotFoundError when the version that it points at has expired.

        The proof is asked for on the same connection in the same round trip, because WAITAOF speaks of the
        writes of its own connection (redis.io/commands/waitaof).
        """
        sealed = {keys.version(v.number): self.seal_version(v) for v in change.versions}
        if change.deployment is not None:
            sealed[keys.deployment()] = change.deployment
        abouts = [(str(v.number), self.seals.about.close(to_plain(v.about()))) for v in change.versions]
        fixed = [keys.pointers(), keys.audit(), keys.versions()]
        values = [
            seen.raw,
            self.seals.pointers.close(to_plain(change.pointers)),
            change.audit_line,
            len(abouts),
            len(sealed),
            change.pointers.audited - change.pointers.audit_base - 1,
            *chain.from_iterable(abouts),
        ]
        pipeline = self.client.pipeline(transaction=False)
        names = [*fixed, *sealed, *([keys.version(change.points_at)] if change.points_at else ())]
        pipeline.execute_command("EVAL", _EXCHANGE, len(names), *names, *values, *sealed.values())
        for command in PROOF_COMMANDS:
            pipeline.execute_command(*command)
        done, *proofs = pipeline.execute(raise_on_error=False)
        if isinstance(done, Exception):
            raise done
        if done == EXPIRED and change.points_at:
            raise VersionNotFoundError(change.points_at)
        return judge(proofs) if done == 1 else None


def _read(answer: Any) -> bytes | None:
    """What we write is ASCII; a client that decodes answers only changes what was altered, and no seal fits that."""
    return answer.encode("utf-8", "replace") if isinstance(answer, str) else cast("bytes | None", answer)
