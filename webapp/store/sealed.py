"""Files that prove themselves: written whole or not at all, and refused when a single bit was changed."""

from __future__ import annotations

import hashlib
import hmac
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from pydantic import SecretStr

_FORMAT: Final = b"handoff-seal-1"
_MAXIMUM_BYTES: Final = 32 * 1024 * 1024
"""No honest document comes near this; a file that does is refused before it is read into memory."""


class SealError(Exception):
    """The content was not sealed by us under one of our keys, or it was changed since."""


class Seal:
    """HMAC-SHA256 under keys derived from SECRET_KEY (and SECRET_KEY_NEXT, which is accepted and not used to seal).

    `purpose` separates kinds of content: a sealed deployment document never passes for a version.
    """

    def __init__(self, secret_keys: Sequence[SecretStr], purpose: str) -> None:
        if not secret_keys:
            raise ValueError("a seal needs at least one secret key")
        label = _FORMAT + b":" + purpose.encode()
        self._keys = [hmac.digest(key.get_secret_value().encode(), label, hashlib.sha256) for key in secret_keys]

    def sign(self, content: bytes) -> str:
        return hmac.digest(self._keys[0], content, hashlib.sha256).hex()

    def verify(self, content: bytes, mark: str) -> None:
        """Raise SealError unless `mark` is our mark on exactly this content."""
        given = mark.encode("utf-8", "replace")
        marks = (hmac.digest(key, content, hashlib.sha256).hex().encode() for key in self._keys)
        if not any(hmac.compare_digest(given, ours) for ours in marks):
            raise SealError("the seal does not fit the content")

    def wrap(self, content: bytes) -> bytes:
        """One line with format and mark, then the content as it is."""
        return _FORMAT + b" " + self.sign(content).encode() + b"\n" + content

    def unwrap(self, sealed: bytes) -> bytes:
        head, newline, content = sealed.partition(b"\n")
        words = head.split(b" ")
        if not newline or len(words) != 2 or words[0] != _FORMAT:
            raise SealError("this is not a sealed document")
        self.verify(content, words[1].decode("utf-8", "replace"))
        return content


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace the file in one step that survives a power cut; an OSError leaves the old file as it was."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    """The new name lives in the directory: without this a power cut may bring the old file back."""
    descriptor = os.open(directory, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_sealed(path: Path, content: bytes, seal: Seal) -> None:
    write_whole(path, seal.wrap(content))


def read_sealed(path: Path, seal: Seal) -> bytes:
    """The content. FileNotFoundError when there is none, SealError when it cannot be trusted."""
    with path.open("rb") as file:
        sealed = file.read(_MAXIMUM_BYTES + 1)
    if len(sealed) > _MAXIMUM_BYTES:
        raise SealError("the file is larger than anything that was ever sealed")
    return seal.unwrap(sealed)
