"""The Developers pages: tokens, the API reference, the webhook log, import."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.console.conftest import Person, person
from tests.stand_in import Twilio
from tests.stand_in.transport import WsgiTransport
from webapp import urls
from webapp.console.filters import indented
from webapp.console.masking import masked
from webapp.console.needs import Needs
from webapp.people.roles import Role
from webapp.store import keys
from webapp.webhook_log import Noted, lately

WANTED = {"name": "Nightly import", "role": "operator", "environment": "sandbox", "days": "30"}
SECRET = re.compile(r'<code id="secret">(hf_[A-Za-z0-9_-]+)</code>')


def create(admin: Person, **changes: str) -> str:
    answer = admin.posts("/developers/tokens", WANTED | changes)
    assert answer.status_code == 200, answer.text
    found = SECRET.search(answer.text)
    assert found is not None
    return found[1]


def ask_api(house: Application, secret: str, path: str = "/api/v1/destinations") -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return house.app.test_client().get(path, headers=headers, base_url=BASE_URL).status_code


def test_a_token_made_on_the_page_calls_the_api(house: Application, admin: Person) -> None:
    assert ask_api(house, create(admin)) == 200


def test_a_token_is_shown_once(admin: Person) -> None:
    secret = create(admin)
    page = admin.sees("/developers/tokens")
    assert "Nightly import" in page
    assert secret not in page


def test_a_token_ends_when_it_was_said_to(needs: Needs, admin: Person) -> None:
    create(admin)
    (listed,) = needs.tokens.all()
    assert listed.token.is_over(needs.clock() + timedelta(days=30))
    assert not listed.token.is_over(needs.clock() + timedelta(days=29))


def test_the_list_says_when_a_token_was_used_last(house: Application, admin: Person) -> None:
    secret = create(admin)
    assert ">never<" in admin.sees("/developers/tokens")
    ask_api(house, secret)
    assert "just now" in admin.sees("/developers/tokens")


def test_a_revoked_token_is_refused(house: Application, needs: Needs, admin: Person) -> None:
    secret = create(admin)
    (listed,) = needs.tokens.all()
    admin.posts(f"/developers/tokens/{listed.token.id}/revoke", {}, page="/developers/tokens")
    assert ask_api(house, secret) == 401
    assert "is revoked" in admin.sees("/developers/tokens")


@pytest.mark.parametrize("change", [{"name": ""}, {"role": "king"}, {"environment": "moon"}, {"days": "7"}])
def test_a_token_that_says_too_little_or_too_much_is_not_made(
    needs: Needs, admin: Person, change: dict[str, str]
) -> None:
    answer = admin.posts("/developers/tokens", WANTED | change)
    assert answer.status_code == 422
    assert needs.tokens.all() == []


def test_tokens_are_for_admins(house: Application) -> None:
    assert person(house, Role.RELEASER).get("/developers/tokens").status_code == 403


def test_every_operation_of_the_openapi_document_has_its_page(house: Application, admin: Person) -> None:
    document = house.app.test_client().get("/api/v1/openapi.json").get_json()
    names = [one["operationId"] for methods in document["paths"].values() for one in methods.values()]
    index = admin.sees("/developers/api")
    assert len(names) > 40
    for name in names:
        assert f'href="/developers/api/{name}"' in index
        assert "<h1>" in admin.sees(f"/developers/api/{name}")


def test_an_operation_names_its_fields_its_role_and_a_curl_line_with_the_required_ones(admin: Person) -> None:
    text = admin.sees("/developers/api/post_promotions")
    assert "Needs the role releaser and a production token." in text
    assert "expected_production" in text
    assert "curl -X POST" in text
    assert "&#34;expected_production&#34;: 1" in text


def test_the_webhook_log_shows_what_twilio_asked_and_got(house: Application, admin: Person) -> None:
    form = {"CallSid": "CA" + "c" * 32, "AccountSid": ACCOUNT_SID, "From": "+12125550123", "To": "+14155550199"}
    Twilio(WsgiTransport(house.app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL).send(urls.CALL, form)
    assert house.services.voice_store.flush()
    text = admin.sees("/developers/webhooks")
    assert f"POST {urls.CALL}" in text
    assert f'href="/calls/{form["CallSid"]}"' in text
    assert "2125550123" not in text


def test_a_fault_of_an_imported_file_names_its_line_once(admin: Person) -> None:
    document = "schema: 1\nname: *nobody\n"
    answer = admin.posts("/developers/import", {"document": document, "_order": "preview"}, page="/developers")
    assert answer.status_code == 422
    assert re.findall(r"Line [0-9]+", answer.text) == ["Line 2"]


def test_code_in_a_fault_is_drawn_as_code(admin: Person) -> None:
    answer = admin.posts("/developers/import", {"document": "- a", "_order": "preview"}, page="/developers")
    assert "<code>schema: 1</code>" in answer.text


def test_the_webhook_log_is_shown_a_page_at_a_time_down_to_the_oldest(house: Application, admin: Person) -> None:
    client = house.services.configurations.store.client
    for number in range(100):
        noted = Noted(datetime(2026, 11, 20, 18, tzinfo=UTC), "POST", urls.CALL, "200 OK", 0.001, "valid", "")
        client.zadd(keys.webhooks(), {noted.member(f"n-{number}"): number})
    assert admin.sees("/developers/webhooks").count('data-label="Request"') == 40
    assert admin.sees("/developers/webhooks?page=3").count('data-label="Request"') == 20


def call_comes_in(house: Application) -> str:
    """The document that the call got."""
    form = {"CallSid": "CA" + "d" * 32, "AccountSid": ACCOUNT_SID, "From": "+12125550123", "To": "+14155550199"}
    answer = Twilio(WsgiTransport(house.app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL).send(urls.CALL, form)
    assert house.services.voice_store.flush()
    assert answer.response is not None
    return answer.response.body.decode()


def noted_id(page: str) -> str:
    found = re.search(r'name="id" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_webhook_is_sent_again_in_development_and_gets_the_same_answer(house: Application, admin: Person) -> None:
    document = call_comes_in(house)
    wanted = noted_id(admin.sees("/developers/webhooks"))
    answer = admin.posts("/developers/webhooks/send-again", {"id": wanted}, page="/developers/webhooks")
    assert answer.status_code == 200
    assert indented(document.replace("+12125550123", masked("+12125550123"))) in html.unescape(answer.text)
    assert "2125550123" not in answer.text


def test_in_production_no_webhook_can_be_sent_again(redis_url: str, tmp_path: Path) -> None:
    with Application(redis_url, tmp_path, APP_ENV="production") as house:
        admin = person(house, Role.ADMIN)
        call_comes_in(house)
        page = admin.sees("/developers/webhooks")
        assert f"POST {urls.CALL}" in page
        assert "Send again" not in page
        client = house.services.configurations.store.client
        wanted = lately(client)[0].id
        answer = admin.posts("/developers/webhooks/send-again", {"id": wanted}, page="/settings")
        assert answer.status_code == 404
