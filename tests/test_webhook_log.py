"""Every inbound webhook is noted with its answer, off the caller's way, and without a number or a secret."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.stand_in import Twilio
from tests.stand_in.transport import WsgiTransport
from webapp import urls
from webapp.store import keys
from webapp.store.connection import Command
from webapp.store.redis import VoiceRedis
from webapp.webhook_log import AT_ONCE, KEPT, PASSED, Webhook, WebhookLog, lately, note_passed, note_refused

CALL_SID = "CA" + "c" * 32
FORM = {
    "CallSid": CALL_SID, "AccountSid": ACCOUNT_SID, "From": "+12125550123", "To": "+14155550199",
    "CallStatus": "in-progress", "SipHeader_X-Secret": "hunter2",
}  # fmt: skip


@pytest.fixture
def house(redis_url: str, tmp_path: Path) -> Iterator[Application]:
    with Application(redis_url, tmp_path, APP_ENV="production") as application:
        yield application


def ask(house: Application, path: str = urls.CALL, token: str = AUTH_TOKEN) -> None:
    Twilio(WsgiTransport(house.app), ACCOUNT_SID, token, BASE_URL).send(path, FORM)
    assert house.services.voice_store.flush()


def noted(house: Application) -> list[Webhook]:
    return lately(house.services.configurations.store.client)


def test_a_webhook_is_noted_with_its_status_its_time_and_its_call(house: Application) -> None:
    ask(house)
    (one,) = noted(house)
    assert (one.method, one.path, one.status, one.signature, one.call_sid) == (
        "POST",
        urls.CALL,
        200,
        "valid",
        CALL_SID,
    )
    assert 0 < one.ms < 60_000


def test_a_refused_webhook_is_noted_with_the_reason(house: Application) -> None:
    ask(house, token="somebody-elses")
    (one,) = noted(house)
    assert (one.status, one.signature, one.call_sid) == (403, "the signature does not match", "")


def test_a_webhook_that_goes_through_flask_is_noted_as_well(house: Application) -> None:
    house.app.test_client().post(urls.TWILIO_DEBUGGER, data={"AccountSid": ACCOUNT_SID})
    assert house.services.voice_store.flush()
    assert [(one.path, one.status, one.signature) for one in noted(house)] == [
        (urls.TWILIO_DEBUGGER, 403, "no single signature header")
    ]


def test_nothing_of_what_was_sent_stands_in_the_log(house: Application) -> None:
    ask(house, f"{urls.CALL}?token=hunter2")
    stored = house.services.configurations.store.client.zrange(keys.webhooks(), 0, -1)
    assert len(stored) == 1
    assert not any(word in str(stored) for word in ("2125550123", "4155550199", "hunter2", ACCOUNT_SID))


def test_in_development_a_signed_request_is_kept_whole(redis_url: str, tmp_path: Path) -> None:
    with Application(redis_url, tmp_path) as house:
        ask(house, f"{urls.CALL}?s=1.abc")
        (one,) = noted(house)
        assert (one.target, one.form) == (f"{urls.CALL}?s=1.abc", FORM)


def test_in_development_nothing_is_kept_of_a_request_that_was_refused(redis_url: str, tmp_path: Path) -> None:
    with Application(redis_url, tmp_path) as house:
        ask(house, token="somebody-elses")
        (one,) = noted(house)
        assert (one.target, one.form) == ("", {})


def test_what_is_noted_is_gone_after_a_week(house: Application) -> None:
    ask(house)
    assert 0 < house.services.configurations.store.client.ttl(keys.webhooks()) <= keys.WEBHOOKS_SECONDS


def test_the_log_is_bounded(house: Application) -> None:
    redis = house.services.configurations.store.client
    redis.zadd(keys.webhooks(), {f"old {number}": number for number in range(KEPT)})
    ask(house)
    assert redis.zcard(keys.webhooks()) == KEPT
    assert noted(house)[0].call_sid == CALL_SID


class Gathering:
    """A store that keeps what it would ask for when it writes."""

    is_well = True

    def __init__(self) -> None:
        self.asked: list[Callable[[], Sequence[Command]]] = []

    def later_together(self, gathered: Callable[[], Sequence[Command]]) -> None:
        self.asked.append(gathered)


class Noting:
    """A log before an application that answers everything, and what it has a store write."""

    def __init__(self) -> None:
        self.store = Gathering()
        self._log = WebhookLog(
            lambda _, start: start("200 OK", []) or [], cast("VoiceRedis", self.store), lambda: datetime.now(UTC)
        )

    def signed(self, call_sid: str = CALL_SID) -> None:
        environ = {"PATH_INFO": urls.CALL, "REQUEST_METHOD": "POST"}
        note_passed(environ, FORM | {"CallSid": call_sid})
        self._log(environ, lambda *_: None)

    def refused(self) -> None:
        environ = {"PATH_INFO": urls.CALL, "REQUEST_METHOD": "POST"}
        note_refused(environ, ValueError("not signed"))
        self._log(environ, lambda *_: None)


def test_webhooks_of_the_same_moment_are_written_with_one_command() -> None:
    noting = Noting()
    for _ in range(3):
        noting.signed()
    (gathered,) = noting.store.asked
    written, *bounds = gathered()
    assert (written[0], len(written)) == ("ZADD", 2 + 2 * 3)
    assert [command[0] for command in bounds] == ["ZREMRANGEBYRANK", "EXPIRE"]
    noting.signed()
    assert len(noting.store.asked) == 2


def test_of_a_rush_the_last_signed_ones_and_every_refusal_are_written() -> None:
    noting = Noting()
    noting.refused()
    for number in range(3 * AT_ONCE):
        noting.signed(f"CA{number:032x}")
    written = noting.store.asked[0]()[0]
    members = [json.loads(cast("bytes", member)) for member in written[3::2]]
    calls = [call_sid for *_, signature, call_sid, _, _ in members if signature == PASSED]
    assert calls == [f"CA{number:032x}" for number in range(2 * AT_ONCE, 3 * AT_ONCE)]
    assert len(members) == AT_ONCE + 1


def test_strangers_cannot_push_everything_else_out(house: Application) -> None:
    ask(house)
    for _ in range(20):
        house.app.test_client().post(urls.CALL, data={})
    assert house.services.voice_store.flush()
    assert len([one for one in noted(house) if one.signature != "valid"]) < 20
    assert noted(house)[-1].signature == "valid"


def test_other_requests_are_not_noted(house: Application) -> None:
    house.app.test_client().get("/healthz")
    assert house.services.voice_store.flush()
    assert noted(house) == []


def test_with_redis_away_the_room_for_waiting_writes_stays_with_the_calls(tmp_path: Path) -> None:
    with Application("redis://127.0.0.1:1/0", tmp_path) as house:
        Twilio(WsgiTransport(house.app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL).send(urls.CALL, FORM)
        waiting = house.services.voice_store.state().waiting
        house.app.test_client().post(urls.STATUS, data={})
        assert house.services.voice_store.state().waiting == waiting
