"""`/destinations`, `/rules`, `/hours`, `/tests`: collections of the document; each write makes one new version."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

from pydantic import ConfigDict, Field

from handoff_rules.destinations import Destination
from handoff_rules.hours import Hours
from handoff_rules.rules import Rule
from handoff_rules.saved_tests import SavedTest
from webapp.api.configuration import Which, at
from webapp.api.endpoint import Asked, Endpoint, Given, Paged, Write
from webapp.api.placing import at_parameter, in_the_body, told_at
from webapp.api.reading import unknown_cursor
from webapp.api.shapes import PageOf, SavedAnswer, written_answer
from webapp.configurations.canonical import digest_of
from webapp.configurations.parts import KEY, Order, Part, Written, find, items_of
from webapp.people.roles import Role


def _id_is_optional(schema: dict[str, Any]) -> None:
    schema["required"].remove("id")
    schema["properties"]["id"]["description"] = "Made from the name when it is left out."


class NewDestination(Destination):
    model_config = ConfigDict(json_schema_extra=_id_is_optional)


class NewRule(Rule):
    model_config = ConfigDict(json_schema_extra=_id_is_optional)


class NewHours(Hours):
    model_config = ConfigDict(json_schema_extra=_id_is_optional)


MODELS: dict[Part, Any] = {"destinations": Destination, "rules": Rule, "hours": Hours, "tests": SavedTest}
NEW: dict[Part, Any] = {"destinations": NewDestination, "rules": NewRule, "hours": NewHours, "tests": SavedTest}
"""As the bodies of POST are documented; the whole document that they make is what is checked."""
SINGULAR = {"destinations": "destination", "rules": "rule", "hours": "set of hours", "tests": "saved test"}
WRITE_FAULTS = ("conflict", "refused", "store_away", "not_found")


class ListQuery(Paged, Which):
    pass


class Placed(Write):
    place: int | None = Field(default=None, ge=1, le=10_000, description="The place in the list, from 1.")


def page_of(model: Any) -> Any:
    return PageOf.__class_getitem__(model)


def _endpoints(part: Part) -> Iterator[Endpoint]:
    model, one, key = MODELS[part], SINGULAR[part], KEY[part]
    listed, item = f"/{part}", f"/{part}/{{{key}}}"
    article = f"a {one}"
    yield Endpoint(
        method="GET", path=listed, role=Role.VIEWER, query=ListQuery, answer=page_of(model),
        summary=f"The {part} in their order", handle=_handlers[part].page, faults=("not_found", "store_away"),
    )  # fmt: skip
    yield Endpoint(
        method="POST", path=listed, role=Role.OPERATOR, query=Placed, body=NEW[part], plain_body=True,
        answer=SavedAnswer, status=201, also=(200,), idempotent=True, gives_etag=True, gives_location=True,
        summary=f"Add {article}", handle=_handlers[part].add, faults=WRITE_FAULTS,
    )  # fmt: skip
    yield Endpoint(
        method="GET", path=item, role=Role.VIEWER, query=Which, answer=model, gives_etag=True,
        summary=f"Read {article}", handle=_handlers[part].read, faults=("not_found", "store_away"),
    )  # fmt: skip
    yield Endpoint(
        method="PUT", path=item, role=Role.OPERATOR, query=Placed, body=model, plain_body=True, answer=SavedAnswer,
        if_match="optional", gives_etag=True, idempotent=True, summary=f"Change {article}",
        handle=_handlers[part].put, faults=WRITE_FAULTS,
    )  # fmt: skip
    yield Endpoint(
        method="DELETE", path=item, role=Role.OPERATOR, query=Write, answer=SavedAnswer, if_match="optional",
        idempotent=True, summary=f"Remove {article}", handle=_handlers[part].remove, faults=WRITE_FAULTS,
    )  # fmt: skip


class _Handlers:
    def __init__(self, part: Part) -> None:
        self._part = part

    def page(self, asked: Asked) -> Given:
        version = at(asked, asked.query.version)
        items = items_of(version.document, self._part)
        start = _start(asked.query.cursor)
        end = start + asked.query.limit
        following = str(end) if end < len(items) else None
        return Given({"data": items[start:end], "next_cursor": following})

    def read(self, asked: Asked) -> Given:
        version = at(asked, asked.query.version)
        found = find(version.document, self._part, self._key(asked))
        return Given(found, etag=digest_of(found))

    def add(self, asked: Asked) -> Given:
        with told_at(in_the_body(partial(_where, asked, self._part))):
            written = asked.house.parts.add(self._part, asked.body, _order(asked), place=asked.query.place)
        return self._given(asked, written, status=201)

    def put(self, asked: Asked) -> Given:
        key = self._key(asked)
        with told_at(in_the_body(partial(_where, asked, self._part, key))):
            written = asked.house.parts.put(self._part, key, asked.body, _order(asked), place=asked.query.place)
        return self._given(asked, written, status=200)

    def remove(self, asked: Asked) -> Given:
        with told_at(at_parameter(KEY[self._part])):
            removed = asked.house.parts.remove(self._part, self._key(asked), _order(asked))
        return Given(written_answer(removed))

    def _key(self, asked: Asked) -> str:
        return asked.path[KEY[self._part]]

    def _given(self, asked: Asked, written: Written, *, status: int) -> Given:
        """With the ETag of the item as it was stored: what repeats a default is left out there."""
        answer = written_answer(written)
        if written.saved is None:
            return Given(answer)
        key = written.key.strip()
        stored = asked.house.services.configurations.versions.get(written.saved.version.number)
        etag = digest_of(find(stored.document, self._part, key))
        location = f"/api/v1/{self._part}/{quote(key, safe='')}" if status == 201 else None
        return Given(answer, status=status, etag=etag, location=location)


def _where(asked: Asked, part: Part, key: str | None = None) -> str:
    """Where the item of the body stands in the document that was checked; without a `key` it is a new one."""
    items = items_of(at(asked, "sandbox").document, part)
    place = asked.query.place
    index = next((i for i, item in enumerate(items) if item.get(KEY[part]) == key), len(items))
    return f"{part}/{index if place is None else min(place - 1, len(items))}"


def _order(asked: Asked) -> Order:
    seen = None if asked.if_match == "*" else asked.if_match
    return Order(asked.author, asked.query.note, asked.request_id, asked.query.dry_run, seen)


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 6:
        raise unknown_cursor()
    return int(cursor)


_handlers: dict[Part, _Handlers] = {part: _Handlers(part) for part in MODELS}
ENDPOINTS = tuple(endpoint for part in MODELS for endpoint in _endpoints(part))
