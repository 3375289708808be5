"""Nothing of a call is kept for ever, also when the store was emptied while the call was going on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL
from tests.scenario_app import staged
from tests.stand_in import Answer, Call, Twilio
from tests.stand_in.call import START
from tests.stand_in.transport import Request, Response, Transport
from webapp import urls
from webapp.store import keys

CONFIGURATION = {
    "schema": 1,
    "name": "While the store is emptied",
    "default_destination": "desk",
    "destinations": [
        {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550100",
         "fallback": [{"destination": "second"}]},
        {"id": "second", "name": "Second", "method": "INVITE", "route": "+14155550101"},
    ],
}  # fmt: skip
MENU = {"kind": "menu", "prompt": "Press 1.", "choices": {"1": {"intent": "billing"}}}


class EmptiedBefore:
    """Empties the store before each request to one path."""

    def __init__(self, inner: Transport, path: str, redis: Redis) -> None:
        self.inner, self.path, self.redis = inner, path, redis

    def send(self, request: Request) -> Response:
        if request.target.partition("?")[0] == self.path:
            self.redis.flushall()
        return self.inner.send(request)


@pytest.mark.parametrize("path", [urls.DIAL_ENDED, urls.GATHERED, urls.STATUS])
def test_a_call_of_an_emptied_store_leaves_nothing_for_ever(
    redis: Redis, redis_url: str, tmp_path: Path, path: str
) -> None:
    with staged(CONFIGURATION | {"intake": MENU}, redis_url, tmp_path) as stage:
        emptied = EmptiedBefore(stage.twilio.transport, path, redis)
        twilio = Twilio(emptied, ACCOUNT_SID, AUTH_TOKEN, BASE_URL)
        finished = twilio.place_call(Call(digits=("1",), far_end=(Answer("busy"),))).require()
        assert stage.application.services.voice_store.flush(5)
        of_the_call = [key for key in redis.scan_iter() if finished.call_sid in key]
        assert of_the_call
        assert [key for key in of_the_call if redis.ttl(key) < 0] == []


def test_the_list_of_calls_ends_with_the_last_of_them(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        stage.play(Call())
        assert stage.application.services.voice_store.flush(5)
        kept = stage.application.settings.call_log_days * keys.DAY
        assert kept <= int(redis.ttl(keys.calls())) <= kept + keys.HOUR  # type: ignore[arg-type]


def test_the_list_of_calls_forgets_those_whose_data_has_expired(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    with staged(CONFIGURATION, redis_url, tmp_path) as stage:
        days = stage.application.settings.call_log_days
        old = stage.play(Call(seed=1)).call_sid
        new = stage.play(Call(seed=2, at=START + timedelta(days=days, hours=1))).call_sid
        assert stage.application.services.voice_store.flush(5)
        listed = redis.zrange(keys.calls(), 0, -1)
    assert new in listed
    assert old not in listed
