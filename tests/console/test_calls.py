"""The list of calls: its filters, its columns, and exports that hold every call."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.application import Application
from tests.console.conftest import Person
from webapp.calls.lasting import Lasting, lasting
from webapp.calls.log import CallLog
from webapp.calls.reading import CallReader
from webapp.calls.timeline import Event, Kind
from webapp.calls.wanted import Wanted
from webapp.store import keys

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
LINE = re.compile(r'href="/calls/(CA[0-9a-f]{32})"')


def store(house: Application, number: int, *, hours_ago: float = 1, **facts: str) -> str:
    """A call; `facts` are its rule, version, called number and destination."""
    call_sid, at_ms = f"CA{number:032x}", int((NOW - timedelta(hours=hours_ago)).timestamp() * 1000)
    variables = {"caller_id": "+12125550123", "called_number": facts.get("called", "+14155550199")}
    summary = {"environment": "production", "version": "1-00000000", "destination:1": "front-desk", "ends": "answered"}
    summary |= {name: value for name, value in facts.items() if name != "called"}
    log = CallLog(house.services.voice_store, 30)
    log.open(call_sid, {"over": "phone", "decision": {"variables": variables}}, summary, [], at_ms)
    return call_sid


FILTERS = {
    "the number that was called": ("number=%2B14155550111", {"called": "+14155550111"}),
    "the rule that decided": ("rule=vip", {"rule": "vip"}),
    "the version that they met": ("version=v7", {"version": "7-00000000"}),
    "a time from which on they began": ("since=2026-11-20T12:30", {"hours_ago": 0.2}),
    "a day until whose end they began": ("until=2026-11-18", {"hours_ago": 40}),
}


@pytest.mark.parametrize("what", FILTERS)
def test_calls_are_filtered_by(house: Application, admin: Person, what: str) -> None:
    query, facts = FILTERS[what]
    store(house, 1)
    wanted = store(house, 2, **facts)  # type: ignore[arg-type]
    assert LINE.findall(admin.sees(f"/calls?{query}")) == [wanted]


def test_each_filter_that_is_on_can_be_taken_away_alone(house: Application, admin: Person) -> None:
    page = admin.sees("/calls?rule=vip&version=7&ends=answered")
    chips = page.split('aria-label="Filters that are on"')[1].partition("</p>")[0]
    assert 'href="/calls?version=7&amp;ends=answered">Rule VIP guests' in chips
    assert 'href="/calls?rule=vip&amp;ends=answered">v7' in chips


@pytest.mark.parametrize("text", ["yesterday", "9999-12-31T23:59", "\u00b2"])
def test_a_time_that_cannot_be_read_is_named_and_filters_nothing(house: Application, admin: Person, text: str) -> None:
    store(house, 1)
    page = admin.sees(f"/calls?since={text}")
    assert f"From {text} (not a time)" in page
    assert len(LINE.findall(page)) == 1


def many(house: Application, count: int) -> None:
    client, now = house.services.configurations.store.client, int(NOW.timestamp() * 1000)
    with client.pipeline(transaction=False) as pipe:
        for number in range(count):
            pipe.hset(keys.call(f"CA{number:032x}"), mapping={"environment": "production", "version": "1-0"})
            pipe.zadd(keys.calls(), {f"CA{number:032x}": now - number * 1000})
        pipe.execute()


def test_an_export_holds_every_call_however_many_there_are(house: Application, admin: Person) -> None:
    many(house, 2_345)
    sids = [row["call_sid"] for row in csv.DictReader(io.StringIO(admin.sees("/calls.csv")))]
    assert sids == [f"CA{number:032x}" for number in range(2_345)]
    assert [call["call_sid"] for call in json.loads(admin.sees("/calls.json"))] == sids


def test_a_call_that_comes_in_during_an_export_moves_no_other_call(house: Application) -> None:
    many(house, 450)
    calls = CallReader(house.services.configurations.store.client).every(Wanted("production"))
    first = next(calls)
    store(house, 9_999, hours_ago=-0.1)
    sids = [first.call_sid, *(call.call_sid for call in calls)]
    assert sids == [f"CA{number:032x}" for number in range(450)]


def test_an_export_of_no_call_is_an_empty_list(admin: Person) -> None:
    assert json.loads(admin.sees("/calls.json")) == []
    assert admin.sees("/calls.csv").startswith("call_sid,")


def test_a_store_that_is_away_gives_no_empty_export(house: Application, admin: Person) -> None:
    house.services.configurations.store.client.set(keys.calls(), "no sorted set")
    assert admin.get("/calls.csv").status_code == 503


def store_answered(house: Application) -> None:
    """A call that rang for 8 seconds and was talked in for 95."""
    call_sid, at = store(house, 1), int(NOW.timestamp() * 1000)
    log = CallLog(house.services.voice_store, 30)
    log.note(call_sid, [Event("handed_off:1", Kind.HANDED_OFF, 1, detail={"destination": "front-desk"})], at)
    log.note(call_sid, [Event("leg:CAx:in-progress", Kind.LEG, 1, detail={"raw": {}})], at + 8_000)
    detail = {"destination": "front-desk", "outcome": "answered", "raw": {"DialCallDuration": "95"}}
    log.note(call_sid, [Event("outcome:1", Kind.OUTCOME, 1, detail=detail)], at + 103_000)
    house.services.voice_store.flush()


def test_a_list_says_how_long_a_call_rang_and_was_talked_in(house: Application, admin: Person) -> None:
    store_answered(house)
    assert '<td class="num">8 s</td><td class="num">1 min 35 s</td>' in admin.sees("/calls")


def test_an_export_says_in_seconds_how_long_a_call_rang_and_was_talked_in(house: Application, admin: Person) -> None:
    store_answered(house)
    (row,) = csv.DictReader(io.StringIO(admin.sees("/calls.csv")))
    assert (row["ring_seconds"], row["talk_seconds"]) == ("8", "95")
    (call,) = json.loads(admin.sees("/calls.json"))
    assert (call["ring_seconds"], call["talk_seconds"]) == (8.0, 95.0)


def test_an_export_leaves_open_what_nothing_said_about_how_long_a_call_took(house: Application, admin: Person) -> None:
    store(house, 1)
    (row,) = csv.DictReader(io.StringIO(admin.sees("/calls.csv")))
    assert (row["ring_seconds"], row["talk_seconds"]) == ("", "")
    (call,) = json.loads(admin.sees("/calls.json"))
    assert (call["ring_seconds"], call["talk_seconds"]) == (None, None)


def test_a_call_that_nobody_answered_rang_until_the_last_refusal() -> None:
    events = [
        Event("handed_off:1", Kind.HANDED_OFF, 1, at_ms=1_000),
        Event("outcome:1", Kind.OUTCOME, 1, detail={"outcome": "busy"}, at_ms=3_000),
        Event("outcome:2", Kind.OUTCOME, 2, detail={"outcome": "no_answer"}, at_ms=24_000),
    ]
    assert lasting(events) == Lasting(23.0, None)


def test_without_a_word_about_it_nothing_is_said_about_how_long_a_call_took() -> None:
    assert lasting([Event("received", Kind.RECEIVED, at_ms=1)]) == Lasting()
