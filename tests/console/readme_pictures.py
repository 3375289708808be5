"""The three pictures of the README: `python -m tests.console.readme_pictures` makes them anew in docs/images/."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.console.browser import Running, open_browser
from tests.redis_server import RedisServer, wait_until

FOLDER = Path(__file__).parents[2] / "docs" / "images"
PICTURES = {
    "overview": ("/", 900),
    "test-a-call": ("/test?variables=intent%3Dbilling&at=2026-11-20T12%3A00&far/0=busy", 620),
    "changes": ("/changes", 860),
}
"""Where each is, and how high."""
LARGEST = 150_000
"""Bytes of one picture: people who read the README on a phone wait for them."""


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as directory,
        RedisServer() as redis,
        Running(redis.url, Path(directory)) as house,
        sync_playwright() as playwright,
    ):
        house.live_a_little()
        browser = open_browser(playwright)
        page = browser.new_page(color_scheme="light")
        house.sign_in(page)
        for name, (path, height) in PICTURES.items():
            page.set_viewport_size({"width": 1280, "height": height})
            page.goto(house.url + path)
            # The impact of a change is worked out in the background, a part for each look.
            wait_until(lambda: page.reload() and not page.get_by_text("Replaying").count())
            size = len(page.screenshot(path=FOLDER / f"{name}.png"))
            print(f"docs/images/{name}.png  {size:,} bytes")
            assert size < LARGEST, "make it smaller: a lower picture shows less"
        browser.close()


if __name__ == "__main__":
    main()
