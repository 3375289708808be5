"""Every page of the console as the app itself lists it, so that a new page cannot be left out of what is promised."""

from __future__ import annotations

from collections.abc import Iterable

from tests.application import Application

FILES = (".json", ".csv", ".yaml", "/static/<path:filename>", "/calls/new")
"""What is no page of its own: data, files, and the part of a page that the calls ask for."""


def pages(house: Application) -> set[str]:
    """The endpoints of every page that a link can lead to."""
    return {
        rule.endpoint
        for rule in house.app.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and "GET" in (rule.methods or ()) and not rule.rule.endswith(FILES)
    }


def endpoints(house: Application, paths: Iterable[str]) -> set[str]:
    """Where these addresses lead."""
    urls = house.app.url_map.bind("handoff.example.com")
    return {urls.match(path.partition("?")[0], method="GET")[0] for path in paths}
