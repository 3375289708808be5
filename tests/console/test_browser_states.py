"""In a real Chromium: no fault in the states that no address alone shows: doors, refusals, conflicts, outages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.application import Application
from tests.console import reaching, states
from tests.console.axe import faults
from tests.console.browser import CHROMIUM, PASSWORD, Running
from tests.console.every_page import endpoints, pages
from tests.console.screenshots import NO_ACCOUNT, VIEWER
from tests.console.telephony_house import TELEPHONY_PAGES, telephony_house
from tests.console.test_browser import all_pages
from tests.console.windows import Window, a_stranger, a_window, let_go
from tests.redis_server import RedisServer
from webapp.people.roles import Role

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)")
DOORS = {
    "sign-in": reaching.At("/sign-in"),
    "sign-in-refused": reaching.wrong_password,
    "set-up": reaching.set_up,
    "set-up-too-late": reaching.At("/setup?token=used"),
    "asked-to-sign-in": reaching.At("/destinations"),
}
REFUSED_TO_A_VIEWER = ("/settings/people", "/destinations/new", "/versions/1/roll-back", "/destinations/front-desk")


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with (
        tempfile.TemporaryDirectory() as directory,
        RedisServer() as redis,
        telephony_house(redis, Path(directory)) as (house, _),
    ):
        house.application.app.add_url_rule("/failing", "failing", reaching.failing)
        reaching.place_calls(house)
        with a_window(house) as found:
            yield found


def test_every_page_is_looked_at_in_the_browser(house: Application) -> None:
    looked_at = [
        *all_pages(),
        *TELEPHONY_PAGES,
        *(door.path for door in DOORS.values() if isinstance(door, reaching.At)),
    ]
    assert pages(house) - endpoints(house, looked_at) == set()


@pytest.mark.parametrize("name", states.LOOKED_AT)
def test_a_state_has_no_fault_in_either_scheme_at_either_width(window: Window, name: str) -> None:
    let_go(window.page)
    states.LOOKED_AT[name](window.page, window.house)
    assert faults(window) == []


@pytest.mark.parametrize("name", DOORS)
def test_a_door_has_no_fault_for_somebody_who_is_not_signed_in(window: Window, name: str) -> None:
    with a_stranger(window) as stranger:
        DOORS[name](stranger.page, stranger.house)
        assert faults(stranger) == []


def test_what_is_refused_to_a_viewer_is_said_without_a_fault(window: Window) -> None:
    window.house.needs.people.users.add(email=VIEWER, name="Vera Lind", role=Role.VIEWER, password=PASSWORD)
    with a_stranger(window) as viewer:
        window.house.sign_in(viewer.page, VIEWER)
        for path in REFUSED_TO_A_VIEWER:
            viewer.open(path)
            assert faults(viewer) == [], path


@contextmanager
def at_home(window: Window, house: Running) -> Iterator[Window]:
    """Somebody signed in at another house, in the same browser."""
    with a_stranger(window, house) as somebody:
        house.sign_in(somebody.page)
        yield somebody


def test_what_a_change_leads_to_has_no_fault(window: Window, redis_url: str, tmp_path: Path) -> None:
    """One after the other, in a house of their own: each begins where the one before left it."""
    with Running(redis_url, tmp_path) as house, at_home(window, house) as somebody:
        house.live_a_little()
        for name, reach in states.CHANGED.items():
            let_go(somebody.page)
            reach(somebody.page, house)
            assert faults(somebody) == [], name


def test_an_empty_house_has_no_fault(window: Window, redis_url: str, tmp_path: Path) -> None:
    with Running(redis_url, tmp_path, states.EMPTY, **NO_ACCOUNT) as house, at_home(window, house) as somebody:
        for path in states.EMPTY_PAGES:
            somebody.open(path)
            assert faults(somebody) == [], path


def test_pages_without_the_store_have_no_fault(window: Window, tmp_path: Path) -> None:
    with (
        RedisServer() as redis,
        Running(redis.url, tmp_path) as house,
        at_home(window, house) as somebody,
        a_stranger(window, house) as stranger,
    ):
        house.live_a_little()
        reaching.person_typed(somebody.page, house)
        redis.kill()
        house.application.services.live.refresh()
        reaching.person_sent(somebody.page, house)
        assert faults(somebody) == []
        for path in (*states.AWAY_PAGES, *house.call_pages()):
            somebody.open(path)
            assert faults(somebody) == [], path
        for path in ("/sign-in", "/"):
            stranger.open(path)
            assert faults(stranger) == [], path
