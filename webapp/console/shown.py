"""Which version a page of the configuration shows: the sandbox, to be edited, or production, to be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import has_request_context, request, url_for

from webapp.configurations.published import Environment, Published
from webapp.console.needs import needs
from webapp.console.pages import OF_EITHER
from webapp.console.twin import Twin, call_api, command

ASKED = "version"
"""The word of the address, and of API and command line alike."""


def environment() -> Environment:
    """`?version=production` on a page that can show it; a form that is sent is always about the sandbox."""
    asked = request.method == "GET" and request.endpoint in OF_EITHER
    return "production" if asked and request.args.get(ASKED) == "production" else "sandbox"


def reads_production() -> bool:
    return environment() == "production"


def published() -> Published:
    return needs().live.environment(environment())


def place() -> str:
    """For a sentence: where something is, or is not."""
    return "production" if reads_production() else "the sandbox"


def stay(endpoint: str, values: dict[str, Any]) -> None:
    """A link from a page of production to another one stays with production; `version=None` leaves it."""
    if endpoint in OF_EITHER and has_request_context() and reads_production():
        values.setdefault(ASKED, "production")


def elsewhere() -> str:
    """The address of the same page for the other environment, of its list when that has no such thing.

    Empty on a page that shows no version.
    """
    endpoint, arguments = str(request.endpoint), dict(request.view_args or {})
    if endpoint not in OF_EITHER or request.method != "GET":
        return ""
    other: Environment = "sandbox" if reads_production() else "production"
    part = endpoint.split(".")[1]
    identifier = arguments.get("identifier")
    there = needs().live.environment(other).document.get(part, ())
    if identifier and not any(item["id"] == identifier for item in there):
        endpoint, arguments = f"console.{part}.index", {}
    return url_for(endpoint, **{**arguments, ASKED: None if other == "sandbox" else other})


def leads_to(part: str, wanted: Environment) -> Callable[[str], str]:
    """Tells the page of a thing in that environment, else in the other one; empty when neither has it any more."""
    order: tuple[Environment, ...] = ("production", "sandbox") if wanted == "production" else ("sandbox", "production")
    held = {one: {item["id"] for item in needs().live.environment(one).document.get(part, ())} for one in order}

    def page(identifier: str) -> str:
        found = next((one for one in order if identifier in held[one]), None)
        if found is None:
            return ""
        version = "production" if found == "production" else None
        return url_for(f"console.{part}.edit", identifier=identifier, version=version)

    return page


def twin(part: str, page: str, identifier: str = "") -> Twin:
    """The twin of a list of the configuration, or of one thing in it; `page` is the address of its JSON."""
    of_production = reads_production()
    words = (part, "show", identifier) if identifier else (part, "list")
    version = ("--version", "production") if of_production else ()
    query = {ASKED: "production"} if of_production else None
    return Twin(command(*words, *version), call_api(*filter(None, (part, identifier)), query=query), page)
