"""The list of versions, a page at a time: as many as were asked for, however many between them are no longer kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.configurations.records import About
from webapp.configurations.version_store import VersionStore

MOST_AT_ONCE = 1_000
"""Numbers that one look at the store asks for: after a restore thousands may be gone in a row."""


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first. `lost` numbers were retired or went with an emptied store; `next_before` continues the list."""

    versions: tuple[About, ...]
    lost: tuple[int, ...]
    next_before: int | None


def page_of(store: VersionStore, top: int, limit: int) -> Page:
    """The newest `limit` versions from number `top` down; `lost` are those that were passed over on the way."""
    versions: list[About] = []
    lost: list[int] = []
    look_at = limit
    number = top
    while number > 0 and len(versions) < limit:
        for at, about in store.abouts(range(number, max(0, number - look_at), -1)).items():
            if len(versions) == limit:
                break
            number = at - 1
            if about is None:
                lost.append(at)
            else:
                versions.append(about)
        look_at = min(2 * look_at, MOST_AT_ONCE)
    return Page(tuple(versions), tuple(lost), number + 1 if number > 0 else None)


def spans(numbers: Iterable[int]) -> list[str]:
    """Falling numbers in few words: those of a row as `v6 to v3`."""
    rows: list[list[int]] = []
    for number in numbers:
        if rows and rows[-1][-1] == number + 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    return [f"v{row[0]} to v{row[-1]}" if len(row) > 2 else ", ".join(f"v{number}" for number in row) for row in rows]
