"""Whether calls come in over SIP is told by the calls themselves, and said at save when none of them did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from redis import Redis

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, DOCUMENT, Application
from tests.redis_server import RedisServer
from tests.stand_in import Twilio
from tests.stand_in.transport import WsgiTransport
from webapp import urls
from webapp.calls.arrivals import ENOUGH, KEPT_SECONDS, NEWEST, Arrivals
from webapp.store import keys
from webapp.store.patient import open_redis
from webapp.webhook_forms import form_of_call


def calls(redis: Redis, *ways: str) -> None:
    """Calls that came in these ways, the newest last."""
    for place, over in enumerate(ways):
        call_sid = f"CA{place:032x}"
        redis.hset(keys.call(call_sid), "facts", json.dumps({"over": over}))
        redis.zadd(keys.calls(), {call_sid: place})


@pytest.mark.parametrize(
    ("ways", "by_sip"),
    [
        ((), None),
        (("phone",) * (ENOUGH - 1), None),
        (("phone",) * ENOUGH, False),
        (("phone", "client") * ENOUGH, False),
        (("sip",), True),
        (("sip", *["phone"] * (NEWEST - 1)), True),
        (("sip", *["phone"] * NEWEST), False),
    ],
)
def test_calls_are_known_to_come_over_sip_or_not_by_the_newest_of_them(
    redis: Redis, ways: tuple[str, ...], by_sip: bool | None
) -> None:
    calls(redis, *ways)
    assert Arrivals(redis).by_sip() is by_sip


def test_a_call_whose_facts_cannot_be_read_says_nothing(redis: Redis) -> None:
    calls(redis, *["phone"] * ENOUGH)
    redis.hset(keys.call(f"CA{0:032x}"), "facts", "[1")
    assert Arrivals(redis).by_sip() is None


def test_a_store_that_does_not_answer_leaves_it_open_and_is_not_asked_again_for_a_minute() -> None:
    now = [0.0]
    with RedisServer() as server, open_redis(server.url) as redis:
        calls(redis, "sip")
        arrivals = Arrivals(redis, clock=lambda: now[0])
        server.kill()
        first = arrivals.by_sip()
        server.start()
        calls(redis, "sip")
        soon = arrivals.by_sip()
        now[0] = KEPT_SECONDS + 1
        assert (first, soon, arrivals.by_sip()) == (None, None, True)


@pytest.mark.parametrize(("over", "told"), [("phone", [("destinations/0/method", "warning")]), ("sip", [])])
def test_a_save_doubts_a_refer_when_none_of_the_calls_so_far_came_over_sip(
    redis_url: str, tmp_path: Path, over: str, told: list[tuple[str, str]]
) -> None:
    with Application(redis_url, tmp_path) as application:
        twilio = Twilio(WsgiTransport(application.app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL)
        for number in range(ENOUGH):
            form = form_of_call(
                caller="+12125550123", called="+14155550100", over=over, call_sid=f"CA{number:032x}",
                account_sid=ACCOUNT_SID,
            )  # fmt: skip
            twilio.send(urls.CALL, form)
        saved = application.services.configurations.versions.save(DOCUMENT | {"name": "New"}, expected=1, author="t")
    assert [(problem.path, problem.severity) for problem in saved.problems] == told
