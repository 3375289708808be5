"""While Redis is away every page is there, says since when, and offers nothing to change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.document import DOCUMENT
from tests.console.every_page import FILES, address, pages, routes
from tests.console.telephony.conftest import ENVIRONMENT
from tests.console.telephony_house import playing_account
from tests.redis_server import RedisServer
from webapp.console.pages import ROLES, Open
from webapp.people.roles import Role

IN_THE_STORE_ALONE = {
    "console.call.index", "console.call.play_again", "console.versions.compare", "console.versions.ask_roll_back",
}  # fmt: skip
"""About one call or one older version, of which this process knows nothing: the page says so, in its frame."""


@dataclass(frozen=True, slots=True)
class Away:
    house: Application
    admin: Person


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Away]:
    """A house whose Redis went away after somebody had signed in."""
    with (
        playing_account().playing(),
        RedisServer() as redis,
        Application(redis.url, tmp_path_factory.mktemp("away"), DOCUMENT, **ENVIRONMENT) as house,
    ):
        admin = person(house, Role.ADMIN)
        admin.sees("/")
        redis.kill()
        while not house.services.live.reasons().edits_refused:
            house.services.live.refresh()
        yield Away(house, admin)


def addresses(away: Away) -> dict[str, str]:
    """Of everything that signed-in people can look at: endpoint to address."""
    asked = [
        rule
        for rule in routes(away.house)
        if "GET" in (rule.methods or ()) and not isinstance(ROLES[rule.endpoint], Open)
    ]
    return {rule.endpoint: address(rule) for rule in asked}


def test_every_page_is_drawn_in_its_frame_and_says_since_when_editing_is_off(away: Away) -> None:
    shown = {endpoint: path for endpoint, path in addresses(away).items() if endpoint in pages(away.house)}
    assert len(shown) >= 40
    for endpoint, path in shown.items():
        page = away.admin.sees(path, status=503 if endpoint in IN_THE_STORE_ALONE else 200)
        assert "editing is off." in page, path
        assert 'Since <time datetime="' in page, path
        assert 'aria-label="Main"' in page, path
        assert "ConnectionError" not in page, path


def test_data_that_is_in_the_store_is_refused_and_never_half_of_it_told(away: Away) -> None:
    files = [path for path in addresses(away).values() if path.partition("?")[0].endswith(FILES)]
    answers = {path: away.admin.get(path) for path in files}
    assert {answer.status_code for answer in answers.values()} == {200, 503}
    assert all("does not answer" in answer.text for answer in answers.values() if answer.status_code == 503)


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/settings/people", "The list of people is out of reach."),
        ("/settings/audit", "The audit log is out of reach."),
        ("/versions", "Production is v1 and the sandbox v1"),
        ("/calls", "The call log is out of reach."),
    ],
)
def test_a_list_that_is_out_of_reach_says_so_in_its_place(away: Away, path: str, what: str) -> None:
    assert what in away.admin.sees(path)


def test_who_adds_a_person_then_finds_what_was_typed_in_the_form(away: Away) -> None:
    typed = {"name": "Kim Lee", "email": "kim@example.com", "role": "releaser", "_password": "a few unrelated words"}
    answer = away.admin.posts("/settings/people", typed)
    assert answer.status_code == 503
    assert "Nobody was added." in answer.text
    assert re.search(r'<input id="f-name" name="name"[^>]* value="Kim Lee"', answer.text)
    assert re.search(r'<input id="f-email" name="email"[^>]* value="kim@example.com"', answer.text)
    assert '<option value="releaser" selected>' in answer.text
    assert typed["_password"] not in answer.text
