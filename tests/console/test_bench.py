"""The page bench measures every page."""

from __future__ import annotations

from tests.application import Application
from tests.console.bench import COMPARED_PAGES, PAGES, ROLL_BACK
from tests.console.every_page import endpoints, pages

NOT_MEASURED = {"console.set_up.index"}
"""It is there while nobody exists, and leads to the sign-in afterwards."""


def test_the_bench_measures_every_page(house: Application) -> None:
    measured = endpoints(house, (*PAGES, *COMPARED_PAGES, ROLL_BACK))
    assert pages(house) - measured == NOT_MEASURED
