"""Deny by default: no token, a wrong one, a lower role and a sandbox token are refused on every route."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.api.asking import Api, tokens_of
from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.redis_server import RedisServer, wait_until
from tests.stand_in import Call, Twilio
from tests.stand_in.legs import inbound_leg
from tests.stand_in.transport import WsgiTransport
from webapp import create_app, urls
from webapp.api.routes import ENDPOINTS, by_route
from webapp.people.roles import ORDER, Role
from webapp.services import ApiLimits
from webapp.store import keys
from webapp.tokens.roll import RollUnknownError, TokenRoll
from webapp.tokens.token import new_secret

FILLED = {
    "id": "front-desk", "name": "a", "version": "1", "call_sid": "CA" + "a" * 32, "e164": "+14155550100",
    "code": "13801", "token_id": "tok_1",
}  # fmt: skip


def path_of(template: str) -> str:
    return template.format(**FILLED)


def test_every_route_of_the_api_has_a_role(application: Application) -> None:
    routes = {rule.endpoint for rule in application.app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    assert routes - {"api.elsewhere", "api.nowhere"} == set(by_route())


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer hf_production_guessed", "Basic aGY6eA==", "hf_x"])
def test_without_a_valid_token_no_route_answers(application: Application, authorization: str) -> None:
    loose = replace(application.services, api_limits=ApiLimits(per_stranger=10_000))
    client = create_app(application.settings, loose).test_client()
    for endpoint in ENDPOINTS:
        answer = client.open(
            f"/api/v1{path_of(endpoint.path)}", method=endpoint.method, headers={"Authorization": authorization}
        )
        assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated"), endpoint.name
        assert answer.content_type == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_each_role_may_do_what_the_table_says_and_no_more(application: Application) -> None:
    for role in ORDER:
        for environment in ("sandbox", "production"):
            api = Api(application, role, environment)  # type: ignore[arg-type]
            for endpoint in ENDPOINTS:
                status = api.ask(endpoint.method, path_of(endpoint.path)).status_code
                allowed = role.may_act_as(endpoint.role) and not (endpoint.production and environment == "sandbox")
                assert (status != 403) == allowed, (role, environment, endpoint.name, status)


def test_a_token_is_kept_as_a_hash_alone(application: Application, redis_server: RedisServer) -> None:
    api = Api(application)
    api.get("/configuration")
    assert api.secret.startswith("hf_production_")
    with redis_server.client() as client:
        everything = "".join(str(client.hgetall(key)) for key in client.keys("*") if client.type(key) == "hash")
    assert api.secret not in everything
    for file in application.settings.handoff_data_dir.rglob("*"):
        assert not file.is_file() or api.secret.encode() not in file.read_bytes()


def test_a_revoked_token_is_refused_on_another_worker_within_five_seconds_also_without_redis(tmp_path: Path) -> None:
    with RedisServer() as server, Application(server.url, tmp_path) as one, Application(server.url, tmp_path) as other:
        kept, lost = Api(one, Role.VIEWER), Api(one, Role.VIEWER)
        for api in (kept, lost):
            api.application = other
            assert api.ask("GET", "/configuration").status_code == 200
        tokens_of(one).revoke(lost.token.id, author="test")
        wait_until(lambda: lost.ask("GET", "/configuration").status_code == 401, seconds=5)
        server.kill()
        assert lost.ask("GET", "/configuration").status_code == 401
        assert kept.ask("GET", "/configuration").status_code == 200


def test_a_token_can_be_revoked_while_redis_is_away_and_stays_revoked(tmp_path: Path) -> None:
    server = RedisServer(appendonly="yes", appendfsync="always")
    with server, Application(server.url, tmp_path) as application:
        api = Api(application)
        assert api.ask("GET", "/configuration").status_code == 200
        server.kill()
        revoked = tokens_of(application).revoke(api.token.id, author="test")
        assert not revoked.everywhere
        assert api.ask("GET", "/configuration").status_code == 401
        server.start()
        with server.client() as client:
            wait_until(lambda: not client.hlen(keys.tokens()), seconds=5)
        assert api.ask("GET", "/configuration").status_code == 401


def test_a_token_that_nobody_could_look_up_is_not_called_invalid(tmp_path: Path) -> None:
    with RedisServer() as server, Application(server.url, tmp_path) as application:
        api = Api(application)
        assert api.ask("GET", "/configuration").status_code == 200
        api.secret = new_secret("sandbox")
        assert api.ask("GET", "/configuration").status_code == 401
        server.kill()
        answer = api.ask("GET", "/configuration")
        assert (answer.status_code, answer.json["code"]) == (503, "store_away")


def test_a_process_that_starts_without_redis_knows_the_tokens_from_its_sealed_copy(tmp_path: Path) -> None:
    with RedisServer() as server, Application(server.url, tmp_path) as application:
        api = Api(application)
        api.get("/configuration")
        server.kill()
        services, settings = application.services, application.settings
        fresh = TokenRoll(
            services.configurations.store.client, settings.handoff_data_dir, settings.secret_keys, services.clock
        )
        assert fresh.who(api.secret) == api.token
        copy = settings.handoff_data_dir / "tokens"
        copy.write_bytes(copy.read_bytes().replace(b"admin", b"adm1n"))
        altered = TokenRoll(
            services.configurations.store.client, settings.handoff_data_dir, settings.secret_keys, services.clock
        )
        with pytest.raises(RollUnknownError):
            altered.who(api.secret)


def test_an_expired_token_opens_nothing(application: Application) -> None:
    made = tokens_of(application).create(name="short", role=Role.VIEWER, environment="sandbox", author="t", days=1)
    assert application.services.tokens.who(made.secret) == made.token
    later = datetime.now(UTC) + timedelta(days=1, seconds=1)
    services, settings = application.services, application.settings
    roll = TokenRoll(
        services.configurations.store.client, settings.handoff_data_dir, settings.secret_keys, lambda: later
    )
    assert roll.who(made.secret) is None


def test_too_many_requests_are_refused_with_and_without_redis_and_voice_never(tmp_path: Path) -> None:
    """The same address asks the voice routes just as often, and is answered each time."""
    with RedisServer() as server, Application(server.url, tmp_path) as application:
        api = Api(application)
        tight = replace(application.services, api_limits=ApiLimits(per_token=20))
        application.app = create_app(application.settings, tight)
        for _ in (1, 2):
            answers = [api.ask("GET", "/errors/13801") for _ in range(45)]
            refused = [answer for answer in answers if answer.status_code == 429]
            assert len(refused) >= 5
            assert int(refused[-1].headers["Retry-After"]) >= 1
            assert refused[-1].json["code"] == "too_many_requests"
            twilio = Twilio(WsgiTransport(application.app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL)
            form = inbound_leg(Call(), ACCOUNT_SID, Random(1)).parameters()
            assert {twilio.send(urls.CALL, form).response.status for _ in range(45)} == {200}
            server.kill()


def test_an_unknown_path_or_method_is_a_problem_as_well(api: Api) -> None:
    for path in ("/nothing", "", "/"):
        assert api.ask("GET", path).json["code"] == "not_found"
    assert api.ask("TRACE", "/destinations").json["code"] == "method_not_allowed"
    answer = api.ask("DELETE", "/configuration")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, PUT")
    assert api.ask("OPTIONS", "/destinations").status_code == 405
