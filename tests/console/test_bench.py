"""The page bench measures every page."""

from __future__ import annotations

from tests.application import Application
from tests.console.bench import CHANGED_PAGES, COMPARED_PAGES, PAGES, PRODUCTION_PAGES, PROMOTED_PAGES, ROLL_BACK
from tests.console.every_page import PARTS, endpoints, pages
from webapp.console.pages import OF_EITHER

NOT_MEASURED = {"console.set_up.index"}
"""It is there while nobody exists, and leads to the sign-in afterwards."""


def test_the_bench_measures_every_page_and_every_part_that_is_asked_for_again_and_again(house: Application) -> None:
    measured = endpoints(house, (*PAGES, *CHANGED_PAGES, *COMPARED_PAGES, ROLL_BACK, *PROMOTED_PAGES))
    assert (pages(house) | PARTS) - measured == NOT_MEASURED


def test_the_bench_measures_every_page_that_shows_production_as_well(house: Application) -> None:
    assert (OF_EITHER & pages(house)) - endpoints(house, PRODUCTION_PAGES) == set()
