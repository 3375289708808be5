"""Pictures of every page and state at 1280 and 390 pixels, light and dark, into an ignored folder: `make screenshots`.

Names after it take these pictures alone: `make screenshots only="changes promoted"`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.console import reaching, states
from tests.console.browser import PASSWORD, Running, open_browser
from tests.console.telephony_house import TELEPHONY_PAGES, telephony_house
from tests.console.test_pages import PAGES
from tests.console.windows import let_go
from tests.redis_server import RedisServer
from webapp.people.roles import Role

FOLDER = Path("screenshots")
WIDTHS = (1280, 390)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
VIEWER = "vera@example.com"
NO_ACCOUNT = {"TWILIO_ACCOUNT_SID": "", "TWILIO_AUTH_TOKEN": ""}


def name_of(path: str) -> str:
    return (path.strip("/").replace("/", "-").replace("?", "-").replace("&", "-").replace("=", "-") or "overview")[:60]


def addresses(paths: tuple[str, ...], before: str = "") -> dict[str, reaching.Reach]:
    return {before + name_of(path): reaching.At(path) for path in paths}


class Camera:
    """One browser; each house is photographed in a window of its own."""

    def __init__(self, browser: Browser, only: list[str]) -> None:
        self._browser = browser
        self._only = only

    @contextmanager
    def window(self) -> Iterator[Page]:
        context = self._browser.new_context()
        yield context.new_page()
        context.close()

    def take(self, page: Page, house: Running, wanted: Mapping[str, reaching.Reach]) -> None:
        for name, reach in wanted.items():
            page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            if not self._only or name in self._only:
                let_go(page)
                reach(page, house)
                self._shoot(page, name)

    def _shoot(self, page: Page, name: str) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            # As high as the page: what sticks to an edge of the window would else cover the middle of the picture.
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        browser = open_browser(playwright)
        camera = Camera(browser, sys.argv[1:])
        full_house(camera, Path(directory, "full"))
        empty_house(camera, Path(directory, "empty"))
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}/")


def full_house(camera: Camera, directory: Path) -> None:
    """The pages of somebody who may do everything, of a viewer, and then of everybody when Redis is gone."""
    with (
        RedisServer(appendonly="yes", appendfsync="always") as redis,
        telephony_house(redis, directory) as (house, _),
        camera.window() as page,
    ):
        house.application.app.add_url_rule("/failing", "failing", reaching.failing)
        doors = {"sign-in": reaching.At("/sign-in"), "sign-in-refused": reaching.wrong_password}
        camera.take(
            page, house, doors | {"set-up": reaching.set_up, "set-up-too-late": reaching.At("/setup?token=used")}
        )
        house.sign_in(page)
        camera.take(page, house, addresses((*PAGES, *TELEPHONY_PAGES, *house.call_pages())))
        camera.take(page, house, {name: reaching.At(path) for name, path in reaching.place_calls(house).items()})
        camera.take(page, house, states.LOOKED_AT)
        with camera.window() as theirs:
            house.needs.people.users.add(email=VIEWER, name="Vera Lind", role=Role.VIEWER, password=PASSWORD)
            house.sign_in(theirs, VIEWER)
            camera.take(theirs, house, addresses(states.VIEWER_PAGES, "viewer-"))
        camera.take(page, house, states.CHANGED)
        reaching.person_typed(page, house)
        redis.kill()
        house.application.services.live.refresh()
        camera.take(
            page,
            house,
            {"away-person": reaching.person_sent} | addresses((*states.AWAY_PAGES, *house.call_pages()), "away-"),
        )
        with camera.window() as stranger:
            camera.take(stranger, house, {"away-sign-in": reaching.At("/sign-in"), "away-stranger": reaching.At("/")})


def empty_house(camera: Camera, directory: Path) -> None:
    with (
        RedisServer() as redis,
        Running(redis.url, directory, states.EMPTY, **NO_ACCOUNT) as house,
        camera.window() as page,
    ):
        house.sign_in(page)
        camera.take(page, house, addresses(states.EMPTY_PAGES, "empty-"))


if __name__ == "__main__":
    main()
