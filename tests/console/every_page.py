"""Every page of the console as the app itself lists it, so that a new page cannot be left out of what is promised."""

from __future__ import annotations

from collections.abc import Iterable

from tests.application import Application

FILES = (".json", ".csv", ".yaml", "/static/<path:filename>")
PARTS = {"console.calls.new", "console.versions.since_the_promote"}
"""Not pages but parts of one, asked for every few seconds while it is open."""


def pages(house: Application) -> set[str]:
    """The endpoints of every page that a link can lead to."""
    found = {
        rule.endpoint
        for rule in house.app.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and "GET" in (rule.methods or ()) and not rule.rule.endswith(FILES)
    }
    return found - PARTS


def endpoints(house: Application, paths: Iterable[str]) -> set[str]:
    """Where these addresses lead; what leads nowhere is left out."""
    urls = house.app.url_map.bind("handoff.example.com")
    plain = (path.partition("?")[0] for path in paths)
    return {urls.match(path, method="GET")[0] for path in plain if urls.test(path, "GET")}
