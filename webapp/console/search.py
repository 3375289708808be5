"""One search for everything that has a page: destinations, rules, hours, numbers, call SIDs, error codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoff_rules.configuration import Configuration
from webapp.console import editing
from webapp.console.frame import show
from webapp.console.masking import readable
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.twin import Twin
from webapp.messaging import explain
from webapp.messaging.catalogue import catalogue
from webapp.people.roles import Role

pages = Pages("search", __name__)
CALL_SID = re.compile(r"CA[0-9a-f]{32}")
LONGEST = 80
MOST = 15
"""Of each kind: who sees more types more."""


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    name: str
    text: str
    url: str


@pages.page("/search", Role.VIEWER)
def index() -> ResponseReturnValue:
    text = _asked()
    if CALL_SID.fullmatch(text):
        return redirect(url_for("console.call.index", call_sid=text))
    if explain.normal_code(text) in catalogue():
        return redirect(url_for("console.errors.code", code=explain.normal_code(text)))
    kinds = _kinds(text)
    return show(
        "search.html",
        section="",
        help="shortcuts",
        text=text,
        found=_shown(kinds),
        most=MOST if any(len(kind) > MOST for kind in kinds) else 0,
        twin=Twin(json=url_for(".as_json", q=text)),
    )


@pages.page("/search.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    found = _shown(_kinds(_asked()))
    return jsonify([{"kind": one.kind, "name": one.name, "text": one.text, "url": one.url} for one in found])


def _asked() -> str:
    return request.args.get("q", "").strip()[:LONGEST]


def _shown(kinds: list[list[Found]]) -> list[Found]:
    return [one for kind in kinds for one in kind[:MOST]]


def _kinds(text: str) -> list[list[Found]]:
    """Of each kind what holds these words, whatever their case; a number is found however it is written.

    One more than MOST when there are more.
    """
    if not text:
        return []
    configuration, wanted = editing.sandbox().compiled.configuration, text.casefold()
    digits = "".join(sign for sign in text if sign.isdecimal())
    kinds = (_destinations(configuration, wanted, digits), _rules(configuration, wanted), _hours(configuration, wanted),
             _numbers(digits), _codes(text))  # fmt: skip
    return [list(islice(kind, MOST + 1)) for kind in kinds]


def _destinations(configuration: Configuration, wanted: str, digits: str) -> Iterator[Found]:
    for item in configuration.destinations:
        if _holds(wanted, (item.name, item.id, item.description, *item.routes)) or _holds_number(digits, item.routes):
            url = url_for("console.destinations.edit", identifier=item.id)
            yield Found("Destination", item.name, ", ".join(readable(route) for route in item.routes), url)


def _rules(configuration: Configuration, wanted: str) -> Iterator[Found]:
    for place, item in enumerate(configuration.rules, start=1):
        if _holds(wanted, (item.name, item.id)):
            yield Found("Rule", item.name, f"Place {place}", url_for("console.rules.edit", identifier=item.id))


def _hours(configuration: Configuration, wanted: str) -> Iterator[Found]:
    for item in configuration.hours:
        if _holds(wanted, (item.name, item.id)):
            yield Found("Hours", item.name, "", url_for("console.hours.edit", identifier=item.id))


def _numbers(digits: str) -> Iterator[Found]:
    for number, about in needs().live.deployment.numbers.items():
        if _holds_number(digits, (number,)):
            yield Found("Number", readable(number), about.environment, url_for("console.number.index", e164=number))


def _codes(text: str) -> Iterator[Found]:
    for entry in explain.search(text, limit=MOST):
        yield Found("Error code", entry.code, entry.title, url_for("console.errors.code", code=entry.code))


def _holds(wanted: str, texts: Iterable[str]) -> bool:
    return any(wanted in text.casefold() for text in texts)


def _holds_number(digits: str, routes: Iterable[str]) -> bool:
    return len(digits) >= 3 and any(digits in route for route in routes)
