"""The overview says what needs attention, the most pressing first, and who saved and released what."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.application import Application
from tests.console.conftest import Person, person
from tests.console.document import DOCUMENT
from tests.console.test_roll_back import produce
from tests.redis_server import RedisServer
from webapp.calls.log import CallLog
from webapp.console.needs import Needs
from webapp.people.roles import Role
from webapp.webhook_log import WebhookLog, note_passed, note_refused


def store(house: Application, number: int, destination: str, ends: str) -> None:
    at = house.services.clock() - timedelta(minutes=number)
    summary = {"environment": "production", "version": "1-0", "destination:1": destination, "ends": ends}
    log = CallLog(house.services.voice_store, 30)
    log.open(f"CA{number:032x}", {"decision": {"variables": {}}}, summary, [], int(at.timestamp() * 1000))
    assert house.services.voice_store.flush(10)


def webhook(house: Application, status: str, refusal: str = "") -> None:
    def app(environ, start_response):  # type: ignore[no-untyped-def]
        if refusal:
            note_refused(environ, ValueError(refusal))
        else:
            note_passed(environ, {})
        start_response(status, [])
        return [b""]

    wrapped = WebhookLog(app, house.services.voice_store, house.services.clock)
    wrapped({"PATH_INFO": "/voice/call", "REQUEST_METHOD": "POST"}, lambda *_: None)
    assert house.services.voice_store.flush(10)


def matters(somebody: Person) -> list[str]:
    page = somebody.sees("/").partition("Needs attention</h2>")[2].partition("</section>")[0]
    return re.findall(r'<span class="grow">(.*?)</span><a', page)


def test_a_place_that_lets_most_calls_go_is_the_headline_and_is_not_told_twice(
    house: Application, admin: Person
) -> None:
    for number, ends in enumerate(("hung_up", "hung_up", "voicemail", "answered"), start=1):
        store(house, number, "vip-host", ends)
    store(house, 9, "front-desk", "answered")
    said = "VIP host took 1 of its last 4 calls."
    assert f"<h1>{said}</h1>" in admin.sees("/")
    assert matters(admin)[:1] == ["2 calls reached nobody."]
    assert 'href="/calls?destination=vip-host">See calls' in admin.sees("/")


def test_of_many_places_that_let_calls_go_the_rest_are_counted_and_leave_room_for_what_else_is_wrong(
    house: Application, admin: Person, needs: Needs
) -> None:
    desk = DOCUMENT["destinations"][1]
    many = [desk | {"id": f"desk-{number}", "name": f"Desk {number}"} for number in range(8)]
    document = {**DOCUMENT, "destinations": [*DOCUMENT["destinations"], *many]}
    needs.versions.save(document, expected=1, author="kim")
    needs.versions.promote(2, expected_production=1, author="kim", tests=False)
    needs.live.refresh()
    for number in range(8 * 5):
        store(house, number, f"desk-{number % 8}", "hung_up")
    webhook(house, "403 Forbidden", "The signature is wrong.")
    said = matters(admin)
    assert said[:2] == ["7 more destinations take few of their calls.", "40 calls reached nobody."]
    assert said[2].startswith("The latest webhook was refused.")
    page = admin.sees("/destinations?state=failing&version=production")
    assert all(f"Desk {number}" in page for number in range(8))
    assert 'href="/destinations?state=failing&amp;version=production">See them' in admin.sees("/")


def test_a_quiet_house_needs_no_attention(admin: Person) -> None:
    assert "Needs attention" not in admin.sees("/")


def test_a_webhook_that_was_refused_last_is_told_with_its_reason(house: Application, admin: Person) -> None:
    webhook(house, "403 Forbidden", "The signature is wrong.")
    assert matters(admin) == ["The latest webhook was refused. The signature is wrong."]


def test_a_refusal_that_a_good_webhook_followed_is_told_no_more(house: Application, admin: Person) -> None:
    webhook(house, "403 Forbidden", "The signature is wrong.")
    house.at = house.services.clock() + timedelta(seconds=2)
    webhook(house, "200 OK")
    assert matters(admin) == []


def test_webhooks_that_were_answered_with_an_error_are_counted(house: Application, admin: Person) -> None:
    webhook(house, "200 OK")
    webhook(house, "500 Internal Server Error")
    assert matters(admin) == ["Answered with an error: 1 of the latest 2 webhooks."]


def test_webhooks_of_yesterday_are_told_no_more(house: Application, admin: Person) -> None:
    webhook(house, "500 Internal Server Error")
    house.at = house.services.clock() + timedelta(hours=25)
    assert matters(person(house, Role.ADMIN)) == []


@pytest.mark.parametrize(("days", "told"), [(6, False), (8, True)])
def test_a_change_that_waits_for_more_than_a_week_is_told(
    house: Application, needs: Needs, days: int, told: bool
) -> None:
    house.at = None
    needs.versions.save({**DOCUMENT, "name": "Grand Hotel"}, expected=1, author="kim")
    house.at = house.services.clock() + timedelta(days=days)
    said = "Not promoted for more than a week: 1 change in the sandbox."
    assert (said in matters(person(house, Role.ADMIN))) is told


def activities(somebody: Person) -> list[tuple[str, str]]:
    page = somebody.sees("/").partition("Recent changes</h2>")[2].partition("</section>")[0]
    return re.findall(r'<strong>(v\d+)</strong><span class="grow">([^<]*?) ?<', page)


def test_recent_changes_tell_who_saved_and_who_released(admin: Person, needs: Needs) -> None:
    needs.versions.save({**DOCUMENT, "name": "Grand Hotel"}, expected=1, author="kim", note="Renamed the site")
    needs.versions.promote(2, expected_production=1, author="sam", note="Before the season", tests=False)
    needs.versions.roll_back(1, author="kim")
    assert activities(admin) == [
        ("v1", "Rolled back: in production again"),
        ("v2", "Promoted to production: Before the season"),
        ("v2", "Renamed the site"),
    ]


def test_what_is_no_version_does_not_stand_among_the_changes(admin: Person, needs: Needs) -> None:
    produce(needs, 2)
    needs.configurations.editor.record(actor="sam", action="revealed a caller", subject="CA1")
    assert {version for version, _ in activities(admin)} == {"v2"}


def test_the_overview_without_its_store_says_so_in_each_part(tmp_path: Path) -> None:
    with RedisServer() as redis, Application(redis.url, tmp_path, DOCUMENT) as house:
        admin = person(house, Role.ADMIN)
        admin.sees("/")
        redis.kill()
        page = admin.sees("/")
        assert "The log of changes is out of reach." in page
        assert "The call log is out of reach." in page
