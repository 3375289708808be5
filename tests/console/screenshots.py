"""Pictures of every page at 1280 and 390 pixels, light and dark, into an ignored folder: `make screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

from tests.console.browser import open_browser
from tests.console.telephony_house import TELEPHONY_PAGES, telephony_house
from tests.console.test_pages import PAGES
from tests.redis_server import RedisServer

FOLDER = Path("screenshots")
WIDTHS = (1280, 390)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def name_of(path: str) -> str:
    return (path.strip("/").replace("/", "-").replace("?", "-").replace("&", "-").replace("=", "-") or "overview")[:60]


def main() -> None:
    only = sys.argv[1:]
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as directory,
        RedisServer() as redis,
        telephony_house(redis, Path(directory)) as (house, _),
        sync_playwright() as playwright,
    ):
        browser = open_browser(playwright)
        for scheme in SCHEMES:
            for width in WIDTHS:
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
                page = context.new_page()
                page.goto(f"{house.url}/sign-in")
                page.screenshot(path=FOLDER / f"sign-in-{width}-{scheme}.png", full_page=True)
                house.sign_in(page)
                for path in (*PAGES, *TELEPHONY_PAGES, *house.call_pages()):
                    if only and name_of(path) not in only:
                        continue
                    page.goto(house.url + path)
                    page.screenshot(path=FOLDER / f"{name_of(path)}-{width}-{scheme}.png", full_page=True)
                context.close()
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}/")


if __name__ == "__main__":
    main()
