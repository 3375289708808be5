"""A page offers nothing that would be refused: not to a role that may not, and not to anybody while editing is off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.exceptions import HTTPException

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.document import DOCUMENT
from tests.console.doors import Doors
from tests.console.telephony.conftest import ENVIRONMENT
from tests.console.telephony_house import TELEPHONY_PAGES, playing_account
from tests.console.test_pages import PAGES
from tests.redis_server import RedisServer
from webapp.console.pages import ROLES, Open
from webapp.people.roles import Role

WITHOUT_THE_STORE = {"console.settings.appearance", "console.sign_in.out", "console.numbers.check"}
"""They change this browser, or ask our own address, and keep nothing."""


def needed(house: Application, method: str, address: str, page: str) -> tuple[str, Role | Open]:
    path = (address or page).partition("?")[0].partition("#")[0]
    try:
        endpoint, _ = house.app.url_map.bind("handoff.example.com").match(path, method=method)
    except HTTPException:
        return "", Open.TO_ALL
    return endpoint, ROLES.get(endpoint, Open.TO_ALL)


@pytest.fixture
def house(redis_url: str, tmp_path: Path) -> Iterator[Application]:
    with playing_account().playing(), Application(redis_url, tmp_path, DOCUMENT, **ENVIRONMENT) as application:
        yield application


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.RELEASER])
@pytest.mark.parametrize("path", [*PAGES, *TELEPHONY_PAGES])
def test_a_page_offers_nothing_that_the_role_may_not_do(house: Application, path: str, role: Role) -> None:
    answer = person(house, role).get(path)
    if answer.status_code == 403:
        return
    offered = [
        (method, address, needed(house, method, address, path)[1]) for method, address in Doors(answer.text).found
    ]
    assert [one for one in offered if isinstance(one[2], Role) and not role.may_act_as(one[2])] == []


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Application, Person]]:
    """A house whose Redis went away after somebody had signed in."""
    directory: Path = tmp_path_factory.mktemp("away")
    with (
        playing_account().playing(),
        RedisServer() as redis,
        Application(redis.url, directory, DOCUMENT, **ENVIRONMENT) as house,
    ):
        admin = person(house, Role.ADMIN)
        admin.sees("/")
        redis.kill()
        while not house.services.live.reasons().edits_refused:
            house.services.live.refresh()
        yield house, admin


@pytest.mark.parametrize("path", [*PAGES, *TELEPHONY_PAGES])
def test_a_page_offers_no_change_while_editing_is_off(away: tuple[Application, Person], path: str) -> None:
    house, admin = away
    offered = [
        needed(house, method, address, path)[0]
        for method, address in Doors(admin.get(path).text).found
        if method == "POST"
    ]
    assert set(offered) - WITHOUT_THE_STORE == set()
