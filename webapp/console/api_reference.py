"""The API reference, drawn from the OpenAPI document that the API itself serves: there is no second description."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from itertools import groupby
from typing import Any, cast

from flask import abort, current_app
from flask.typing import ResponseReturnValue

from webapp.console.api_operations import Operation, operations
from webapp.console.frame import show
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.twin import Twin
from webapp.people.roles import Role

pages = Pages("api_reference", __name__)
DOCUMENT = "/api/v1/openapi.json"


@pages.page("/developers/api", Role.VIEWER)
def index() -> ResponseReturnValue:
    found = sorted(_operations(), key=lambda one: one.group)
    return show(
        "api_reference.html",
        section="developers",
        tab="api",
        groups=[(name, list(group)) for name, group in groupby(found, key=lambda one: one.group)],
        introduction=_document()["info"]["description"],
        base_url=needs().base_url(),
        twin=_twin(),
    )


@pages.page("/developers/api/<name>", Role.VIEWER)
def operation(name: str) -> ResponseReturnValue:
    found = next((one for one in _operations() if one.name == name), None)
    if found is None:
        abort(404, description=f"The API has no operation called {name[:60]}.")
    return show(
        "api_operation.html",
        section="developers",
        tab="api",
        one=found,
        curl=found.curl(needs().base_url()),
        python=found.python(needs().base_url()),
        twin=_twin(),
    )


def _twin() -> Twin:
    return Twin(curl=f"curl {shlex.quote(needs().base_url() + DOCUMENT)}", json=DOCUMENT)


def _document() -> dict[str, Any]:
    """The API leaves it with the application: console and API do not import each other."""
    return cast("Callable[[], dict[str, Any]]", current_app.extensions["openapi"])()


def _operations() -> list[Operation]:
    return operations(_document())
