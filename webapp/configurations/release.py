"""`handoff release`: a changed shipped file becomes a new sandbox version; production is never touched."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.configurations.adoption import Shipped
from webapp.configurations.canonical import digest_of
from webapp.configurations.versions import Saved, Versions

AUTHOR = "handoff release"


@dataclass(frozen=True, slots=True)
class Released:
    """`saved` is None when there was nothing new to import; `words` say what was done and what comes next."""

    words: str
    saved: Saved | None = None


def is_new(versions: Versions, shipped: Shipped) -> bool:
    """Would `release` make a version of the file?"""
    if shipped.document is None:
        return False
    digest = digest_of(shipped.document)
    return versions.pointers().of("sandbox").digest != digest and _last_imported(versions, shipped.name) != digest


def release(versions: Versions, shipped: Shipped) -> Released:
    """Import the file when neither sandbox nor an earlier import holds what it says.

    A file that was imported once and edited in the console since is not imported again: the console's edits win
    until the file itself changes.
    """
    if shipped.document is None:
        return Released(shipped.fault or "There is no file to import.")
    digest = digest_of(shipped.document)
    pointers = versions.pointers()
    if pointers.of("sandbox").digest == digest:
        return Released(f"{shipped.name} is the newest version ({pointers.sandbox}) already.")
    if _last_imported(versions, shipped.name) == digest:
        return Released(f"{shipped.name} did not change since its last import; later edits were kept.")
    saved = versions.save(
        shipped.document,
        expected=pointers.of("sandbox").number,
        author=AUTHOR,
        note=_note(shipped.name),
        request=f"release {digest}",
    )
    return Released(
        f"{shipped.name} is version {saved.version.number} now, in the sandbox. "
        f"Look at it with: handoff diff production {saved.version.number}. "
        f"Put it in production with: handoff promote {saved.version.number}",
        saved,
    )


def _note(name: str) -> str:
    return f"Imported from {name}"


def _last_imported(versions: Versions, name: str) -> str | None:
    """The digest of the newest version that came from this file, by import or as the seed of an empty store."""
    before: int | None = None
    while True:
        page = versions.list(before=before, limit=100)
        for about in page.versions:
            if about.note in (_note(name), f"Shipped with the application as {name}"):
                return about.digest
        if page.next_before is None:
            return None
        before = page.next_before
