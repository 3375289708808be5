"""Roles, forged requests, headers, cookies and redirects: who may do what, and what every answer carries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.application import Application
from tests.console.conftest import PASSWORD, Person, person
from tests.console.document import DOCUMENT
from tests.console.every_page import address, routes
from tests.console.telephony.conftest import ENVIRONMENT
from tests.console.telephony_house import playing_account
from webapp.console.access import safe_target
from webapp.console.needs import Needs
from webapp.console.pages import ROLES, Open
from webapp.console.security import HEADERS
from webapp.people.roles import ORDER, Role


@pytest.fixture
def house(redis_url: str, tmp_path: Path) -> Iterator[Application]:
    """With a Twilio account, so that the pages about it have something to show and to change."""
    with (
        playing_account().playing(),
        Application(redis_url, tmp_path, DOCUMENT, **ENVIRONMENT) as application,
    ):
        yield application


def test_every_route_of_the_console_says_who_may_use_it(house: Application) -> None:
    assert {rule.endpoint for rule in routes(house)} == set(ROLES)


def test_a_route_that_says_no_role_is_refused_to_everybody(house: Application) -> None:
    house.app.add_url_rule("/forgotten", "console.forgotten", lambda: "shown")
    assert person(house, Role.ADMIN).get("/forgotten").status_code == 403


def test_only_signing_in_and_setting_up_are_open_to_all() -> None:
    assert {endpoint for endpoint, role in ROLES.items() if isinstance(role, Open)} == {
        "console.static", "console.sign_in.index", "console.sign_in.begin", "console.sign_in.out",
        "console.set_up.index", "console.set_up.create",
    }  # fmt: skip


def test_only_viewers_routes_are_reached_by_following_links_that_change_nothing(house: Application) -> None:
    """Every route that changes something is a POST: GET and POST never share an endpoint."""
    for rule in routes(house):
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert len(methods) == 1, rule.endpoint


def test_a_stranger_is_sent_to_sign_in_everywhere(house: Application, needs: Needs) -> None:
    needs.people.users.add(email="a@example.com", name="A", role=Role.ADMIN, password=PASSWORD)
    stranger = Person(house.app.test_client())
    for rule in routes(house):
        if isinstance(ROLES[rule.endpoint], Open) or "GET" not in (rule.methods or ()):
            continue
        answer = stranger.get(address(rule))
        assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/sign-in"), rule.rule


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_its_own_routes_and_no_others(house: Application, role: Role) -> None:
    somebody = person(house, role)
    for rule in routes(house):
        needed = ROLES[rule.endpoint]
        if isinstance(needed, Open) or "GET" not in (rule.methods or ()):
            continue
        status = somebody.get(address(rule)).status_code
        allowed = ORDER.index(role) >= ORDER.index(needed)
        assert (status != 403) is allowed, f"{rule.rule} answered {status} to a {role}"


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_post_to_its_own_routes_and_no_others(house: Application, role: Role) -> None:
    somebody = person(house, role)
    for rule in routes(house):
        needed = ROLES[rule.endpoint]
        if isinstance(needed, Open) or "POST" not in (rule.methods or ()) or ORDER.index(role) >= ORDER.index(needed):
            continue
        answer = somebody.posts(address(rule), {}, page="/settings")
        assert answer.status_code == 403, rule.rule
        assert f"needs the role {needed}" in answer.text


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.RELEASER, Role.ADMIN])
def test_each_role_gets_through_to_its_own_changes(house: Application, role: Role) -> None:
    somebody = person(house, role)
    for rule in routes(house):
        if ROLES[rule.endpoint] is not role or "POST" not in (rule.methods or ()):
            continue
        assert somebody.posts(address(rule), {}, page="/settings").status_code != 403, rule.rule


@pytest.mark.parametrize("trick", ["no token", "foreign token", "cross-site", "foreign origin", "text/plain"])
def test_no_change_is_made_by_a_forged_request(house: Application, admin: Person, trick: str, needs: Needs) -> None:
    before = needs.versions.pointers()
    token = _token(admin)
    for rule in routes(house):
        if "POST" not in (rule.methods or ()):
            continue
        data = {"_token": "invented" if trick == "foreign token" else token, "_version": "1", "name": "x"}
        headers = {"Sec-Fetch-Site": "same-origin"}
        if trick == "no token":
            data.pop("_token")
        if trick == "cross-site":
            headers = {"Sec-Fetch-Site": "cross-site"}
        if trick == "foreign origin":
            headers = {"Origin": "https://evil.example"}
        kind = "text/plain" if trick == "text/plain" else "application/x-www-form-urlencoded"
        answer = admin.client.post(
            address(rule), data=data if kind != "text/plain" else str(data), content_type=kind, headers=headers,
            base_url="https://handoff.example.com",
        )  # fmt: skip
        assert answer.status_code == 403, f"{rule.rule}: {answer.status_code}"
    assert needs.versions.pointers() == before


def _token(somebody: Person) -> str:
    return somebody.sees("/settings").split('name="_token" value="')[1].partition('"')[0]


def test_every_answer_carries_the_headers(house: Application, admin: Person) -> None:
    for path in ("/", "/nowhere", "/sign-in", "/static/console.css", "/destinations.json", "/destinations/none"):
        answer = admin.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS, path
        assert "Cookie" in answer.vary
        assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]
    assert admin.get("/").headers["Cache-Control"] == "no-store"
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_the_session_cookie_is_bound_to_the_host(house: Application, needs: Needs) -> None:
    needs.people.users.add(email="a@example.com", name="A", role=Role.ADMIN, password=PASSWORD)
    somebody = Person(house.app.test_client())
    answer = somebody.posts("/sign-in", {"_email": "a@example.com", "_password": PASSWORD})
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("__Host-handoff="))
    assert all(part in cookie for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))


def test_a_cookie_from_before_the_sign_in_never_becomes_a_signed_in_one(house: Application, needs: Needs) -> None:
    needs.people.users.add(email="a@example.com", name="A", role=Role.ADMIN, password=PASSWORD)
    victim, attacker = Person(house.app.test_client()), Person(house.app.test_client())
    victim.sees("/sign-in")
    before = victim.client.get_cookie("__Host-handoff", domain="handoff.example.com")
    assert before is not None
    victim.posts("/sign-in", {"_email": "a@example.com", "_password": PASSWORD})
    attacker.client.set_cookie("__Host-handoff", before.value, domain="handoff.example.com", secure=True)
    assert attacker.get("/").status_code == 302


def test_signing_out_ends_the_session_on_the_server(house: Application, admin: Person) -> None:
    cookie = admin.client.get_cookie("__Host-handoff", domain="handoff.example.com")
    assert cookie is not None
    admin.posts("/sign-out", {}, page="/")
    thief = Person(house.app.test_client())
    thief.client.set_cookie("__Host-handoff", cookie.value, domain="handoff.example.com", secure=True)
    assert thief.get("/").status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
        "http:/x", "/%0d%0aSet-Cookie:x\r\n", "", "evil", " //evil.example", "/\t/evil.example", "///evil.example",
        "/x\\y",
    ],
)  # fmt: skip
def test_a_sign_in_never_leads_to_another_site(target: str) -> None:
    assert safe_target(target) == "/"


def test_a_sign_in_leads_back_to_the_page_that_was_asked_for() -> None:
    assert safe_target("/destinations/vip-host?x=1") == "/destinations/vip-host?x=1"


def test_what_was_typed_before_the_session_ended_comes_back_after_signing_in(house: Application, admin: Person) -> None:
    hidden = {"_token": _token(admin), "_version": "1", "_order": "save"}
    admin.client.delete_cookie("__Host-handoff", domain="handoff.example.com")
    fresh = Person(admin.client)
    token = fresh.sees("/sign-in").split('name="_token" value="')[1].partition('"')[0]
    typed = hidden | {"_token": token, "name": "Night porter", "route": "+14155550177"}
    asked = fresh.client.post(
        "/destinations/new",
        data=typed,
        base_url="https://handoff.example.com",
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert asked.status_code == 401
    assert 'value="Night porter"' in asked.text
    kept = {"name": "Night porter", "route": "+14155550177", "_kept_order": "save", "_kept_version": "1"}
    signed = fresh.posts(
        "/sign-in", kept | {"_email": "admin@example.com", "_password": PASSWORD, "_then": "/destinations/new"}
    )
    assert 'action="/destinations/new"' in signed.text
    assert 'name="_order" value="save"' in signed.text
    assert 'value="Night porter"' in signed.text
