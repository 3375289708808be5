"""Overview: the last day beside the same day of the week before, and what it says when the store does not answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.document import DOCUMENT
from tests.redis_server import RedisServer
from webapp.people.roles import Role
from webapp.store import keys

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def store(house: Application, count: int, *, hours_ago: float, ends: str = "answered", first: int = 0) -> None:
    client, at = house.services.configurations.store.client, NOW - timedelta(hours=hours_ago)
    for number in range(first, first + count):
        call_sid = f"CA{number:032x}"
        client.hset(keys.call(call_sid), mapping={"environment": "production", "ends": ends})
        client.zadd(keys.calls(), {call_sid: int(at.timestamp() * 1000) - number})


def test_the_day_stands_beside_the_same_day_of_the_week_before(house: Application, admin: Person) -> None:
    store(house, 3, hours_ago=2)
    store(house, 5, hours_ago=7 * 24 + 3, first=10)
    store(house, 9, hours_ago=6 * 24, first=20)
    page = admin.sees("/")
    assert '<b>3</b><span class="hint">5 a week ago</span>' in page
    assert admin.get("/overview.json").get_json()["a_week_before"] == {"calls": 5, "answered": 5, "failed": 0}


def test_without_a_call_in_the_week_before_nothing_is_compared(house: Application, admin: Person) -> None:
    store(house, 3, hours_ago=2)
    assert "a week ago" not in admin.sees("/")


def test_a_day_with_more_calls_than_are_counted_is_compared_with_nothing(house: Application, admin: Person) -> None:
    store(house, 1_001, hours_ago=2)
    store(house, 5, hours_ago=7 * 24 + 3, first=2_000)
    page = admin.sees("/")
    assert "the latest 1000" in page
    assert "a week ago" not in page


def test_without_calls_the_day_is_told_in_words_and_no_empty_chart_is_drawn(admin: Person) -> None:
    page = admin.sees("/")
    assert "No call came in." in page
    assert '<svg class="pic"' not in page


def test_what_callers_get_stands_under_the_bar_of_production(house: Application, admin: Person) -> None:
    for path in ("/", "/calls"):
        assert '<header class="bar production">' in admin.sees(path), path
    assert '<header class="bar sandbox">' in admin.sees("/calls?view=test")


def test_with_the_store_away_nobody_is_asked_to_receive_a_call_that_may_have_come(tmp_path: Path) -> None:
    with RedisServer() as server, Application(server.url, tmp_path, DOCUMENT) as house:
        admin = person(house, Role.ADMIN)
        store(house, 1, hours_ago=1)
        admin.sees("/")
        server.kill()
        house.services.live.refresh()
        assert "Receive a call" not in admin.sees("/")


def know(house: Application, count: int) -> None:
    numbers = {f"+1415555{9_000 + number}": {"environment": "production"} for number in range(count)}
    house.services.configurations.deployments.save({"numbers": numbers}, expected=None, author="t", note="Numbers")


def test_numbers_that_a_rule_tells_apart_have_an_answer_each(house: Application, admin: Person) -> None:
    know(house, 2)
    versions = house.services.configurations.versions
    newest = versions.get("sandbox")
    when = {"variable": "called_number", "is": "+14155559001"}
    own = {"id": "own", "name": "Its own line", "when": when, "destination": "vip-host"}
    document = {**newest.document, "rules": [own, *newest.document["rules"]]}
    saved = versions.save(document, expected=newest.number, author="t")
    versions.promote(saved.version.number, expected_production=1, author="t", tests=False)
    places = admin.get("/overview.json").get_json()["right_now"]
    assert {place["number"]: place["why"] for place in places}["+14155559001"] == "rule \u201cIts own line\u201d"
    assert "Its own line" not in {place["number"]: place["why"] for place in places}["+14155559000"]


def test_many_numbers_stand_on_several_pages_and_in_full_in_the_json(house: Application, admin: Person) -> None:
    know(house, 25)
    page = admin.sees("/")
    assert page.count('data-label="A call to"') == 20
    assert 'href="/?page=2"' in page
    assert admin.sees("/?page=2").count('data-label="A call to"') == 5
    assert len(admin.get("/overview.json").get_json()["right_now"]) == 25
