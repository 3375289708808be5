"""A repeated webhook gets the same document and has no second effect, whatever has changed in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import pytest
from redis import Redis

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.redis_server import RedisServer
from tests.stand_in import Twilio
from tests.stand_in.transport import WsgiTransport
from webapp import urls
from webapp.calls.reader import CallReader
from webapp.store import keys

CALL_SID = "CA" + "c" * 32
FORM = {
    "CallSid": CALL_SID, "AccountSid": ACCOUNT_SID, "From": "+12125550123", "To": "+14155550199",
    "CallStatus": "in-progress",
}  # fmt: skip
BEFORE_CLOSING = datetime(2026, 11, 20, 21, 59, 59, tzinfo=UTC)  # 16:59:59 in New York
DOCUMENT: dict[str, Any] = {
    "schema": 1,
    "name": "Around closing time",
    "time_zone": "America/New_York",
    "default_destination": "desk",
    "hours": [{"id": "day", "name": "Day", "weekly": {"mon-fri": ["09:00-17:00"]}}],
    "destinations": [
        {"id": "team", "name": "Team", "method": "INVITE", "route": "+14155550101", "hours": "day",
         "skip_when_failing": True, "fallback": [{"destination": "second"}, {"destination": "desk"}]},
        {"id": "second", "name": "Second", "method": "INVITE", "route": "+14155550102", "hours": "day"},
        {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550100"},
    ],
    "rules": [{"id": "r", "name": "R", "when": {"variable": "call_sid", "is_present": True}, "destination": "team"}],
}  # fmt: skip


@pytest.fixture
def applications(redis_url: str, tmp_path: Path) -> Iterator[tuple[Application, Application]]:
    """Two workers with one store."""
    with (
        Application(redis_url, tmp_path / "a", DOCUMENT) as one,
        Application(redis_url, tmp_path / "b", DOCUMENT) as other,
    ):
        one.at = other.at = BEFORE_CLOSING
        yield one, other


BY_INTENT = DOCUMENT | {
    "rules": [{"id": "r", "name": "R", "when": {"variable": "intent", "is": "second"}, "destination": "second"}],
    "variables": {"intent": {"sample": "second"}},
}


@pytest.mark.parametrize("path", [urls.CALL, urls.DIAL_ENDED])
def test_what_an_agent_tells_in_between_changes_no_document_that_was_sent(
    redis: Redis, redis_url: str, tmp_path: Path, path: str
) -> None:
    destinations = [one | {"headers": []} for one in DOCUMENT["destinations"]]
    destinations[1] |= {"route": "sip:second@pbx.example.com", "headers": [{"name": "X-Note", "value": "$note"}]}
    destinations[2] |= {"fallback": [{"destination": "second"}]}
    told = keys.call_variables(CALL_SID)
    with Application(redis_url, tmp_path, BY_INTENT | {"destinations": destinations}) as application:
        application.at = BEFORE_CLOSING
        target, form = path, {}
        if path == urls.DIAL_ENDED:
            target, form = callback(ask(application, urls.CALL, {}), urls.DIAL_ENDED), {"DialCallStatus": "busy"}
        redis.hset(told, mapping={"note": "first"})
        first = ask(application, target, form)
        redis.hset(told, mapping={"note": "later", "intent": "second"})
        assert ask(application, target, form) == first
    assert path == urls.CALL or b"X-Note=first" in first


def ask(application: Application, path: str, form: dict[str, str], *, call_sid: str = CALL_SID) -> bytes:
    twilio = Twilio(WsgiTransport(application.app), ACCOUNT_SID, AUTH_TOKEN, BASE_URL)
    answer = twilio.send(path, FORM | {"CallSid": call_sid} | form).response
    assert answer is not None
    assert answer.status == 200
    application.services.voice_store.flush(2 if application.services.voice_store.state().available else 0)
    return answer.body


def callback(document: bytes, path: str) -> str:
    """The target of our own callback in a document."""
    text = document.decode().partition(BASE_URL + path)[2]
    return path + unescape(text.partition('"')[0])


def kept(redis: Redis) -> dict[str, Any]:
    return {key: redis.hgetall(key) for key in sorted(redis.scan_iter(match=f"*{{{CALL_SID}}}*"))}


def test_a_call_that_is_asked_again_after_closing_time_keeps_its_answer(
    applications: tuple[Application, Application], redis: Redis
) -> None:
    one, other = applications
    first = ask(one, urls.CALL, {})
    before = kept(redis)
    other.at = BEFORE_CLOSING + timedelta(minutes=2)
    assert ask(other, urls.CALL, {}) == first
    assert kept(redis) == before
    assert ask(other, urls.CALL, {}, call_sid="CA" + "d" * 32) != first, "another call meets closed doors"


def test_a_handoff_that_ended_is_told_again_after_closing_time_and_keeps_its_answer(
    applications: tuple[Application, Application], redis: Redis
) -> None:
    one, other = applications
    target = callback(ask(one, urls.CALL, {}), urls.DIAL_ENDED)
    first = ask(one, target, {"DialCallStatus": "busy"})
    assert b"+14155550102" in first
    before = kept(redis)
    other.at = BEFORE_CLOSING + timedelta(minutes=2)
    assert ask(other, target, {"DialCallStatus": "busy"}) == first
    assert kept(redis) == before


@pytest.mark.parametrize("bridged", [{}, {"DialBridged": "false"}])
def test_an_outcome_that_is_told_ten_times_counts_once_for_the_health(
    applications: tuple[Application, Application], bridged: dict[str, str]
) -> None:
    one, other = applications
    status = "completed" if bridged else "failed"
    target = callback(ask(one, urls.CALL, {}), urls.DIAL_ENDED)
    for application in (one, other) * 5:
        ask(application, target, {"DialCallStatus": status} | bridged)
    assert one.services.health.failing() == other.services.health.failing() == frozenset()


def test_without_redis_an_outcome_that_is_told_ten_times_counts_once_as_well(tmp_path: Path) -> None:
    with RedisServer() as server, Application(server.url, tmp_path, DOCUMENT) as application:
        application.at = BEFORE_CLOSING
        server.kill()
        first = ask(application, urls.CALL, {})
        assert ask(application, urls.CALL, {}) == first
        target = callback(first, urls.DIAL_ENDED)
        answers = {ask(application, target, {"DialCallStatus": "failed"}) for _ in range(10)}
        assert len(answers) == 1
        assert application.services.health.failing() == frozenset()


def test_a_destination_that_one_worker_found_failing_is_passed_over_by_the_other(
    applications: tuple[Application, Application],
) -> None:
    one, other = applications
    for number in range(3):
        call_sid = f"CA{number:032x}"
        target = callback(ask(one, urls.CALL, {}, call_sid=call_sid), urls.DIAL_ENDED)
        ask(one, target, {"DialCallStatus": "failed"}, call_sid=call_sid)
    assert one.services.health.failing() == {"team"}
    ask(other, urls.CALL, {}, call_sid="CA" + "1" * 32)
    assert other.services.health.failing() == {"team"}
    assert b"+14155550102" in ask(other, urls.CALL, {}, call_sid="CA" + "2" * 32)


def test_variables_that_were_there_before_the_call_are_part_of_what_is_kept(
    applications: tuple[Application, Application], redis: Redis
) -> None:
    one, other = applications
    redis.hset(f"handoff:1:{{{CALL_SID}}}:variables", "intent", "billing")
    first = ask(one, urls.CALL, {})
    assert ask(other, urls.CALL, {}) == first
    record = CallReader(redis).get(CALL_SID)
    assert record is not None
    assert record.facts is not None
    assert record.facts.variables["intent"] == "billing"
