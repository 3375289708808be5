"""`make screenshots` leaves no page out."""

from __future__ import annotations

from tests.application import Application
from tests.console.every_page import endpoints, pages
from tests.console.reaching import At
from tests.console.states import CHANGED, LOOKED_AT
from tests.console.telephony_house import TELEPHONY_PAGES
from tests.console.test_pages import PAGES

DOORS = ("/sign-in", "/setup", "/calls/CA0")


def test_every_page_of_the_console_is_photographed(house: Application) -> None:
    shown = [reach.path for reach in {**LOOKED_AT, **CHANGED}.values() if isinstance(reach, At)]
    assert pages(house) - endpoints(house, (*PAGES, *TELEPHONY_PAGES, *DOORS, *shown)) == set()
