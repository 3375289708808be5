"""A promote or a roll back that is not made keeps what was typed in its form, whatever the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.application import Application
from tests.console.conftest import FIELD, Person, person
from tests.console.document import DOCUMENT
from tests.redis_server import RedisServer
from webapp.console.needs import EXTENSION, Needs
from webapp.people.roles import Role

WHY = 'The "season" begins'
KEPT = re.compile(r'<textarea id="note" name="note"[^>]*>The &#34;season&#34; begins</textarea>')


@dataclass(frozen=True, slots=True)
class Away:
    """Version 2 is in production and version 3 in the sandbox; `hidden` are the fields of the page of changes then."""

    admin: Person
    hidden: dict[str, str]
    token: str


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Away]:
    folder = tmp_path_factory.mktemp("away")
    with RedisServer() as redis, Application(redis.url, folder, DOCUMENT) as house:
        needs: Needs = house.app.extensions[EXTENSION]
        rename(needs, 2)
        needs.versions.promote(2, expected_production=1, author="kim", tests=False)
        rename(needs, 3)
        house.services.live.refresh()
        admin = person(house, Role.ADMIN)
        hidden = dict(FIELD.findall(admin.sees("/changes")))
        token = re.findall(r'name="_token" value="([^"]+)"', admin.sees("/versions/1/roll-back"))[0]
        redis.kill()
        while not house.services.live.reasons().edits_refused:
            house.services.live.refresh()
        yield Away(admin, hidden, token)


def rename(needs: Needs, number: int) -> None:
    newest = needs.versions.get("sandbox")
    needs.versions.save({**newest.document, "name": f"Hotel {number}"}, expected=number - 1, author="kim")


def send(away: Away, path: str, **typed: str) -> tuple[int, str]:
    answer = away.admin.client.post(
        path, data=away.hidden | typed | {"_token": away.token}, base_url="https://handoff.example.com",
        headers={"Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    return answer.status_code, answer.text


def test_a_promote_without_the_store_keeps_its_form_with_the_note(away: Away) -> None:
    status, page = send(away, "/changes/promote", note=WHY)
    assert status == 503
    assert "Not promoted. Callers get what they got before." in page
    assert KEPT.search(page)
    assert "Promote v3 to production</button>" in page


def test_a_roll_back_without_the_store_keeps_its_form_with_the_note(away: Away) -> None:
    status, page = send(away, "/versions/1/roll-back", note=WHY, _production="2")
    assert status == 503
    assert "Not rolled back. Callers get what they got before." in page
    assert KEPT.search(page)
    assert 'name="_production" value="2"' in page
    assert "Roll back to v1</button>" in page


def test_a_promote_that_is_not_confirmed_keeps_the_note(admin: Person, needs: Needs) -> None:
    newest = needs.versions.get("sandbox")
    destinations = [{**one, "route": "+14155550177"} for one in newest.document["destinations"][:1]]
    document = {**newest.document, "destinations": [*destinations, *newest.document["destinations"][1:]]}
    needs.versions.save(document, expected=1, author="kim")
    typed = {"_version": "2", "_production": "1", "note": WHY}
    refused = admin.posts("/changes/promote", typed, page="/changes")
    assert refused.status_code == 422
    assert KEPT.search(refused.text)


def test_a_promote_of_what_was_changed_meanwhile_keeps_the_note_and_asks_for_a_new_tick(
    admin: Person, needs: Needs
) -> None:
    rename(needs, 2)
    rename(needs, 3)
    typed = {"_version": "2", "_production": "1", "note": WHY, "understood": "true"}
    refused = admin.posts("/changes/promote", typed, page="/changes")
    assert refused.status_code == 409
    assert "v3 was saved while you were reading." in refused.text
    assert KEPT.search(refused.text)
    assert " checked" not in refused.text


def test_a_roll_back_from_another_production_keeps_the_note(admin: Person, needs: Needs) -> None:
    for number in (2, 3):
        rename(needs, number)
        needs.versions.promote(number, expected_production=number - 1, author="kim", tests=False)
    refused = admin.posts("/versions/1/roll-back", {"_production": "2", "note": WHY})
    assert refused.status_code == 409
    assert KEPT.search(refused.text)
