"""The file that an empty store begins with: a faulty one stops the start, because nothing else could answer calls."""

from __future__ import annotations

from webapp.configurations.adoption import UNSOUND, Shipped
from webapp.configurations.assembly import open_history
from webapp.configurations.conflicts import STORE_FAULTS
from webapp.settings import Settings


class FaultyFileError(Exception):
    """There is nothing that calls could be answered with; the text has every problem of the file, a line each."""

    def __init__(self, shipped: Shipped) -> None:
        super().__init__(
            "\n".join([*shipped.lines, "The store is empty and begins with this file, so nothing is started."])
        )


def refuse_faulty_file(settings: Settings) -> None:
    """Raises FaultyFileError when neither store nor disk holds a version, and the file cannot become the first one."""
    history = open_history(settings)
    try:
        if history.store.seen().pointers is not None or history.adoption.from_disk()[0] is not None:
            return
    except (*STORE_FAULTS, *UNSOUND):
        return  # Not known to be empty: what is wrong with it is told at /readyz, and calls may go on.
    finally:
        history.store.client.close()
    shipped = history.shipped()
    if shipped.document is None:
        raise FaultyFileError(shipped)
