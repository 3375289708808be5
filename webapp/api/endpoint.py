"""One endpoint of the API as a value: who may call it, what it reads, what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from webapp.api.house import House
from webapp.configurations.records import LONGEST_NOTE
from webapp.people.roles import Role
from webapp.tokens.token import ApiToken

JSON = "application/json"
YAML = ("application/yaml", "text/yaml", "application/x-yaml")


class Strict(BaseModel):
    """What a request may hold: an unknown field is refused, because a typo must never be silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class NoQuery(Strict):
    pass


class DryRun(Strict):
    dry_run: bool = Field(default=False, description="Check everything, change nothing.")


class Write(DryRun):
    note: str = Field(default="", max_length=LONGEST_NOTE, description="Why, for the list of versions.")


class Paged(Strict):
    cursor: str | None = Field(default=None, max_length=80, description="`next_cursor` of the page before.")
    limit: int = Field(default=50, ge=1, le=200)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, checked: `body` is an instance of the endpoint's model, or plain where the model only documents."""

    house: House
    token: ApiToken
    path: Mapping[str, str]
    query: Any
    body: Any
    if_match: str | None = None
    request_id: str = ""

    @property
    def author(self) -> str:
        return f"{self.token.name} (API token {self.token.prefix}…)"


@dataclass(frozen=True, slots=True)
class Given:
    """The answer. `etag` without quotes."""

    body: Any
    status: int = 200
    etag: str | None = None
    location: str | None = None


Handler = Callable[[Asked], Given]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """`path` is below /api/v1, with `{name}` for its parts.

    `answer` is the type that documents the answer. `plain_body` leaves the checking of the body to the use case.
    `production`: a sandbox token may not call it. `if_match`: "" not read, "optional" or "required".
    `faults` are the kinds of problem (`problem.KINDS`) that only this endpoint gives.
    """

    method: str
    path: str
    role: Role
    summary: str
    handle: Handler
    answer: Any
    query: type[Strict] = NoQuery
    body: Any = None
    plain_body: bool = False
    body_optional: bool = False
    body_types: tuple[str, ...] = (JSON,)
    status: int = 200
    also: tuple[int, ...] = ()
    production: bool = False
    if_match: str = ""
    gives_etag: bool = False
    gives_location: bool = False
    idempotent: bool = False
    faults: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        return f"{self.method.lower()}_{re.sub(r'[^a-z0-9]+', '_', self.path.lower()).strip('_')}"

    @property
    def path_names(self) -> tuple[str, ...]:
        return tuple(re.findall(r"{([a-z0-9_]+)}", self.path))

    @property
    def flask_rule(self) -> str:
        """A test's name may hold a slash, so that part takes everything to the end."""
        return re.sub(r"{([a-z0-9_]+)}", lambda part: f"<{'path:' if part[1] == 'name' else ''}{part[1]}>", self.path)
