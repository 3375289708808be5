"""`make screenshots` leaves no page out."""

from __future__ import annotations

from tests.application import Application
from tests.console.states import CHANGED, LOOKED_AT, At
from tests.console.telephony_house import TELEPHONY_PAGES
from tests.console.test_pages import PAGES

NOT_PAGES = {"console.static", "console.calls.new", "console.developers.export"}
"""A file, a part of a page that htmx asks for, and a document to save."""
DOORS = ("/sign-in", "/setup", "/calls/CA0")


def test_every_page_of_the_console_is_photographed(house: Application) -> None:
    pages = {
        rule.endpoint
        for rule in house.app.url_map.iter_rules()
        if rule.endpoint.startswith("console.")
        and "GET" in (rule.methods or ())
        and not rule.rule.endswith((".json", ".csv"))
    }
    shown = [reach.path for reach in {**LOOKED_AT, **CHANGED}.values() if isinstance(reach, At)]
    paths = [path.partition("?")[0] for path in (*PAGES, *TELEPHONY_PAGES, *DOORS, *shown)]
    addresses = house.app.url_map.bind("localhost")
    photographed = {addresses.match(path)[0] for path in paths if addresses.test(path, "GET")}
    assert pages - photographed == NOT_PAGES
