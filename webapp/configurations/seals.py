"""Pack and seal the records that store and disk keep, each kind under its own purpose."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import SecretStr

from webapp.store.sealed import Seal, SealError


class RecordSeal:
    """A record as packed JSON under a seal, all ASCII, because our Redis clients read answers as text.

    Keys keep their order, because an export should look as its author wrote it. Nothing is unpacked before its
    seal was found whole.
    """

    def __init__(self, keys: Sequence[SecretStr], kind: str) -> None:
        self.kind = kind
        self._seal = Seal(keys, purpose=f"configuration {kind}")

    def close(self, record: Mapping[str, Any]) -> bytes:
        text = json.dumps(record, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
        return self._seal.wrap(base64.b64encode(zlib.compress(text.encode(), 6)))

    def open(self, sealed: bytes) -> dict[str, Any]:
        """The record. Raises SealError when it was altered, cut, of another kind or sealed under another key."""
        try:
            record = json.loads(zlib.decompress(base64.b64decode(self._seal.unwrap(sealed))))
        except SealError as fault:
            raise SealError(f"What is stored as {self.kind} was altered, or SECRET_KEY changed: {fault}.") from fault
        if not isinstance(record, dict):
            raise SealError(f"The stored {self.kind} carries our seal but is no record.")
        return record


class Seals:
    """One seal for each kind of record, so that one never passes for another."""

    def __init__(self, secret_keys: Sequence[SecretStr]) -> None:
        self.pointers = RecordSeal(secret_keys, "pointers")
        self.version = RecordSeal(secret_keys, "version")
        self.about = RecordSeal(secret_keys, "version summary")
        self.deployment = RecordSeal(secret_keys, "deployment document")
        self.audit = Seal(secret_keys, purpose="configuration audit entry")
