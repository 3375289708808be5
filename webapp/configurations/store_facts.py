"""What doctor needs to know of a Redis: whether it evicts, whether it persists, whether it has room for us."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import redis

from webapp.configurations.conflicts import STORE_FAULTS

WANTED_CLIENTS = 20
"""Two web workers, the worker, a console and a deploy that overlaps them, four connections each."""


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """None: this Redis does not tell. `warnings` are sentences with a fix, for doctor and the console."""

    version: str | None
    eviction: str | None
    append_only: bool | None
    fsync: str | None
    snapshots: bool | None
    max_clients: int | None
    clients: int | None
    role: str | None
    warnings: tuple[str, ...] = ()


def store_facts(client: redis.Redis) -> StoreFacts:
    """Ask the server. Raises what the client raises when it is away; what it refuses to tell is None."""
    info: Mapping[str, Any] = client.info()
    told = {name: _config(client, name) for name in ("appendfsync", "save", "maxclients", "maxmemory-policy")}
    limit = told["maxclients"] or info.get("maxclients")
    facts = StoreFacts(
        version=_text(info.get("redis_version")),
        eviction=_text(info.get("maxmemory_policy")) or told["maxmemory-policy"],
        append_only=_flag(info.get("aof_enabled")),
        fsync=told["appendfsync"],
        snapshots=None if told["save"] is None else told["save"] != "",
        max_clients=None if limit is None else int(limit),
        clients=info.get("connected_clients"),
        role=_text(info.get("role")),
    )
    warnings = tuple(sentence for applies, sentence in _WARNINGS if applies(facts))
    return StoreFacts(
        **{name: getattr(facts, name) for name in facts.__slots__ if name != "warnings"}, warnings=warnings
    )


def _config(client: redis.Redis, name: str) -> str | None:
    """Managed servers forbid or rename CONFIG; then the answer is unknown, not a fault."""
    try:
        answer: Mapping[str, str] = client.config_get(name)  # type: ignore[assignment]
    except STORE_FAULTS:
        return None
    return answer.get(name)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _flag(value: Any) -> bool | None:
    return None if value is None else str(value) == "1"


_WARNINGS: tuple[tuple[Callable[[StoreFacts], bool], str], ...] = (
    (
        lambda facts: (facts.eviction or "").startswith("allkeys-"),
        "This Redis throws away any key when it is full, the configuration too. Set maxmemory-policy volatile-ttl.",
    ),
    (
        lambda facts: facts.append_only is False and facts.snapshots is not True,
        "This Redis keeps nothing on disk: a restart loses all edits. Set appendonly yes and appendfsync always.",
    ),
    (
        lambda facts: facts.append_only is False and facts.snapshots is True,
        "This Redis saves snapshots only: a crash loses the edits since the last one. Set appendonly yes.",
    ),
    (
        lambda facts: facts.append_only is True and facts.fsync in ("everysec", "no") and not _can_wait(facts),
        "A crash of this Redis can lose the last edits. Set appendfsync always, or use Redis 7.2 or newer.",
    ),
    (
        lambda facts: facts.max_clients is not None and facts.max_clients < WANTED_CLIENTS,
        f"This Redis takes fewer than {WANTED_CLIENTS} connections. Use fewer workers, or a larger plan.",
    ),
    (
        lambda facts: facts.role == "slave",
        "This Redis is a replica and takes no edits. Point REDIS_URL at the primary.",
    ),
)


def _can_wait(facts: StoreFacts) -> bool:
    """WAITAOF came with Redis 7.2."""
    parts = (facts.version or "0").split(".")
    return tuple(int(part) for part in parts[:2] if part.isdigit()) >= (7, 2)
