"""The file that an empty store begins with: a faulty one stops the start, because nothing else could answer calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from webapp.settings import Settings

if TYPE_CHECKING:
    from webapp.configurations.adoption import Shipped


class FaultyFileError(Exception):
    """There is nothing that calls could be answered with; the text has every problem of the file, a line each."""

    def __init__(self, shipped: Shipped) -> None:
        why = "The store is empty and begins with this file, so nothing is started."
        super().__init__("\n".join([*shipped.lines, why]))


def has_begun(data_directory: Path) -> bool:
    """Was a version in use here before? Known without the modules that read one, which cost a start 0.2 s."""
    return (data_directory / "configuration" / "pointers").exists()


def how_to_bring_in(settings: Settings) -> str | None:
    """The file differs from what is stored, and a start never changes where calls go: the two commands that do."""
    from webapp.configurations.adoption import UNSOUND
    from webapp.configurations.assembly import open_history
    from webapp.configurations.conflicts import STORE_FAULTS, EditRefusedError
    from webapp.configurations.release import is_new

    history = open_history(settings)
    shipped = history.shipped()
    try:
        if not is_new(history.versions, shipped):
            return None
    except (*STORE_FAULTS, *UNSOUND, EditRefusedError):
        return None
    finally:
        history.store.client.close()
    return f"{shipped.name} was changed, and calls go on as stored. To bring it in: handoff release, handoff promote"


def refuse_faulty_file(settings: Settings) -> None:
    """Raises FaultyFileError when the store holds no version, and the file cannot become the first one."""
    from webapp.configurations.adoption import UNSOUND
    from webapp.configurations.assembly import open_history
    from webapp.configurations.conflicts import STORE_FAULTS

    history = open_history(settings)
    shipped = history.shipped()
    if shipped.document is not None:
        return  # Whatever the store holds, so it is not asked: while it hangs that takes 2 s.
    try:
        if history.store.seen().pointers is not None:
            return
    except (*STORE_FAULTS, *UNSOUND):
        return  # Not known to be empty: what is wrong with it is told at /readyz, and calls may go on.
    finally:
        history.store.client.close()
    raise FaultyFileError(shipped)
