"""Whether a write that Redis has answered would survive the death of Redis: the proof, read from its own answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WAIT_MILLISECONDS = 1000

PROOF_COMMANDS: tuple[tuple[str | int, ...], ...] = (
    ("WAITAOF", 1, 0, WAIT_MILLISECONDS),
    ("CONFIG", "GET", "append*"),
    ("INFO", "persistence"),
)
"""Sent behind a write on its own connection. WAITAOF exists since Redis 7.2 (redis.io/commands/waitaof)."""


@dataclass(frozen=True, slots=True)
class Proof:
    """`why` says, when `durable` is False, what is missing and how to mend it."""

    durable: bool
    why: str = ""


_NOT = "Saved, not durable on this Redis: "


def judge(answers: Sequence[Any]) -> Proof:
    """Read the answers to PROOF_COMMANDS; an answer may be the exception that the server gave instead."""
    waited, configured, info = answers
    if isinstance(waited, list | tuple) and len(waited) == 2 and int(waited[0]) >= 1:
        return Proof(True)
    persistence = {} if isinstance(info, Exception) else _pairs(info)
    if persistence.get("aof_enabled") == "0":
        return Proof(False, _NOT + "it keeps no append-only file, and a restart loses the edit. Set appendonly yes.")
    if persistence.get("aof_last_write_status") == "err":
        return Proof(False, _NOT + "its last write to disk failed. Look for a full disk on the Redis server.")
    if isinstance(configured, Exception):
        return Proof(False, _NOT + "it does not tell how it writes to disk. Ask its provider for appendfsync always.")
    return _judge_settings(_pairs(configured))


def _judge_settings(settings: Mapping[str, str]) -> Proof:
    # `appendonly` is "no" on a server that was told otherwise at run time only after CONFIG SET, so both are read.
    if settings.get("appendonly") != "yes":
        return Proof(False, _NOT + "it keeps no append-only file, and a restart loses the edit. Set appendonly yes.")
    if settings.get("appendfsync") == "always":
        return Proof(True)
    fsync = settings.get("appendfsync", "unknown")
    return Proof(
        False,
        f"{_NOT}appendfsync is {fsync}, and a crash can lose the last second. "
        "Set appendfsync always, or use Redis 7.2 or newer.",
    )


def _pairs(answer: Any) -> dict[str, str]:
    """CONFIG GET as a flat list or a mapping, INFO as text or as redis-py has parsed it: all to plain pairs."""
    if isinstance(answer, Mapping):
        return {_text(name): _text(value) for name, value in answer.items()}
    if isinstance(answer, str | bytes):
        lines = (line.partition(":") for line in _text(answer).splitlines())
        return {name: value for name, _, value in lines if value}
    if isinstance(answer, Sequence):
        return {_text(name): _text(value) for name, value in zip(answer[::2], answer[1::2], strict=False)}
    return {}


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
