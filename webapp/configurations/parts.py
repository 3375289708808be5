"""One destination, rule, schedule or saved test at a time: each change writes one new version of the whole document."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from handoff_rules.problems import Problem
from webapp import jitter
from webapp.configurations.canonical import digest_of
from webapp.configurations.conflicts import ConflictError, EditRefusedError
from webapp.configurations.naming import slug_from
from webapp.configurations.records import Version
from webapp.configurations.versions import Saved, Versions

Part = Literal["destinations", "rules", "hours", "tests"]
Item = dict[str, Any]
Change = Callable[[list[Item]], str]
"""Changes the items of a list, and says by its key which one."""
KEY: Mapping[str, str] = {"destinations": "id", "rules": "id", "hours": "id", "tests": "name"}
"""What an item of each part is called by."""
PATIENCE_SECONDS = 8.0


class ItemNotFoundError(LookupError):
    def __init__(self, part: str, key: str) -> None:
        self.part = part
        super().__init__(f"There is nothing called {key[:100]!r} among the {part}.")


class ItemExistsError(EditRefusedError):
    def __init__(self, part: str, key: str) -> None:
        super().__init__(f"{key[:100]!r} is already among the {part}. Change it, or choose another name.")


class OtherNameError(EditRefusedError):
    """The body calls the item otherwise than the path does."""


@dataclass(frozen=True, slots=True)
class Written:
    """`saved` is None for a dry run. `key`: what the item is called by, its id or the name of a test."""

    saved: Saved | None
    problems: tuple[Problem, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Order:
    """Who writes and why. `seen` is the digest of the item that was read (None: whatever stands)."""

    author: str
    note: str = ""
    request: str = ""
    dry_run: bool = False
    seen: str | None = None


def items_of(document: Mapping[str, Any], part: Part) -> list[Item]:
    return list(document.get(part, ()))


def find(document: Mapping[str, Any], part: Part, key: str) -> Item:
    """Raises ItemNotFoundError."""
    return items_of(document, part)[_place(items_of(document, part), part, key)]


def _place(items: list[Item], part: Part, key: str) -> int:
    place = next((index for index, item in enumerate(items) if item.get(KEY[part]) == key), None)
    if place is None:
        raise ItemNotFoundError(part, key)
    return place


class Parts:
    """Raises what `Versions.save` raises, and the errors above. A change is made again on a newer version when
    somebody else saved meanwhile, unless they changed the very item that the caller has seen."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions

    def add(self, part: Part, item: Item, order: Order, *, place: int | None = None) -> Written:
        """`place` counts from 1; none given: at the end. What is called by its id and has none gets one of its name,
        which nobody else took meanwhile."""

        def change(items: list[Item]) -> str:
            added = _with_id(part, item, items)
            key = added.get(KEY[part])
            if any(other.get(KEY[part]) == key for other in items):
                raise ItemExistsError(part, str(key))
            items.insert(len(items) if place is None else place - 1, added)
            return str(key)

        return self._write(part, change, order, verb="Added")

    def put(self, part: Part, key: str, item: Item, order: Order, *, place: int | None = None) -> Written:
        item = {KEY[part]: key, **item}
        if item[KEY[part]] != key:
            raise OtherNameError(f"The path names {key[:100]!r}, the body {str(item[KEY[part]])[:100]!r}.")

        def change(items: list[Item]) -> str:
            index = _place(items, part, key)
            self._unchanged(part, items[index], item, order)
            del items[index]
            items.insert(index if place is None else place - 1, item)
            return key

        return self._write(part, change, order, verb="Changed")

    def remove(self, part: Part, key: str, order: Order) -> Written:
        def change(items: list[Item]) -> str:
            index = _place(items, part, key)
            self._unchanged(part, items[index], {}, order)
            del items[index]
            return key

        return self._write(part, change, order, verb="Removed")

    def _unchanged(self, part: Part, stands: Item, yours: Item, order: Order) -> None:
        if order.seen is not None and digest_of(stands) != order.seen:
            now = self._versions.pointers().of("sandbox").number
            raise ConflictError(
                f"{stands[KEY[part]]} was changed meanwhile. Compare both, then save again.",
                expected=now, current=now, theirs=stands, yours=yours,
            )  # fmt: skip

    def _write(self, part: Part, change: Change, order: Order, *, verb: str) -> Written:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            version = self._versions.get("sandbox")
            document, key = _changed(version, part, change)
            if order.dry_run:
                return Written(None, self._versions.check(document)[1], key)
            try:
                saved = self._versions.save(
                    document, expected=version.number, author=order.author,
                    note=order.note or f"{verb} {part} {key}", request=order.request,
                )  # fmt: skip
            except ConflictError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(jitter.between(0.001, 0.03))
                continue
            return Written(saved, saved.problems, key)


def _changed(version: Version, part: Part, change: Change) -> tuple[dict[str, Any], str]:
    document = copy.deepcopy(dict(version.document))
    items = items_of(document, part)
    key = change(items)
    document[part] = items
    return document, key


def _with_id(part: Part, item: Item, others: list[Item]) -> Item:
    name = item.get("name")
    if KEY[part] != "id" or "id" in item or not isinstance(name, str) or not name.strip():
        return item
    return {"id": slug_from(name, [other["id"] for other in others]), **item}
