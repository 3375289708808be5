"""The pictures of the pages: made by the server, and said in words for whoever does not see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.application import Application
from tests.console.conftest import Person
from tests.console.document import DOCUMENT
from webapp.calls.log import CallLog
from webapp.calls.timeline import Event, Kind
from webapp.console.needs import Needs
from webapp.console.pictures.ring_time import ring_time

PICTURE = re.compile(r'<svg class="pic[^"]*".*?</svg>', re.S)
SAID = {
    "handoffs per hour and outcome": ("/", "handoffs", "1 handoff in the last 24 hours: 1 answered"),
    "ring time": ("/", "ring-time", "Half of the answered calls rang for less than 12 seconds"),
    "ring time of a destination": (
        "/destinations/front-desk", "ring-time", "Half of the answered calls rang for less than 12 seconds",
    ),
    "route map": ("/rules/map", "map", "VIP guests goes to VIP host; "),
    "fourteen days": ("/hours/support-hours", "strip", "Thu 26 Nov closed (Thanksgiving Day); "),
}  # fmt: skip


@pytest.fixture(autouse=True)
def a_call(house: Application) -> None:
    """One that the front desk answered after 12 seconds."""
    began = house.services.clock() - timedelta(minutes=5)
    at_ms, sid = int(began.timestamp() * 1000), f"CA{1:032x}"
    summary = {"environment": "production", "version": "1-0", "destination:1": "front-desk", "ends": "answered"}
    handed = Event("handed_off:1", Kind.HANDED_OFF, 1, detail={"destination": "front-desk", "verb": "dial"})
    raw = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "60"}
    log = CallLog(house.services.voice_store, 30)
    log.open(sid, {"over": "phone", "decision": {"variables": {}}}, summary, [handed], at_ms)
    log.note(sid, [Event("outcome:1", Kind.OUTCOME, 1, detail={"outcome": "answered", "raw": raw})], at_ms + 72_000)
    assert house.services.voice_store.flush(10)


@pytest.mark.parametrize("what", SAID)
def test_a_picture_is_drawn_by_the_server_and_says_in_words_what_it_shows(admin: Person, what: str) -> None:
    path, name, words = SAID[what]
    (drawn,) = [one for one in PICTURE.findall(admin.sees(path)) if f'aria-labelledby="{name}' in one]
    assert 'role="img"' in drawn
    title = re.search(r"<title id=\"([^\"]+)\">([^<]+)</title>", drawn)
    told = re.search(r"<desc id=\"([^\"]+)\">([^<]+)</desc>", drawn)
    assert title is not None
    assert told is not None
    assert f'aria-labelledby="{title[1]} {told[1]}"' in drawn
    assert words in told[2]


def test_the_bars_of_ring_times_hold_every_call_once() -> None:
    drawn = ring_time([0, 4.9, 5, 29.9, 30, 60, 600])
    assert re.findall(r'<text x="[\d.]+" y="(?!136)[\d.]+" text-anchor="middle">(\d+)</text>', drawn) == [
        "2", "1", "1", "1", "2",
    ]  # fmt: skip


def test_without_an_answered_call_there_is_no_picture_of_ring_times(admin: Person) -> None:
    assert "ring-time" not in admin.sees("/destinations/vip-host")


def test_two_pictures_on_one_page_are_told_apart(admin: Person, needs: Needs) -> None:
    hours = [DOCUMENT["hours"][0], {**DOCUMENT["hours"][0], "id": "bar-hours", "name": "Bar hours"}]
    needs.versions.save({**DOCUMENT, "hours": hours}, expected=1, author="test")
    identifiers = re.findall(r'<title id="([^"]+)">', admin.sees("/hours"))
    assert len(identifiers) == len(set(identifiers)) == 2


def test_a_call_that_its_caller_left_or_that_is_not_over_is_not_drawn_as_a_voicemail(
    house: Application, admin: Person
) -> None:
    at_ms = int(house.services.clock().timestamp() * 1000) - 60_000
    for number, ends in enumerate(("caller_hung_up", "", "voicemail"), start=2):
        summary = {"environment": "production", "version": "1-0", "ends": ends}
        CallLog(house.services.voice_store, 30).open(f"CA{number:032x}", {}, summary, [], at_ms)
    assert house.services.voice_store.flush(10)
    assert "1 answered, 1 to voicemail or a message, 2 left by the caller or not over yet, 0 failed." in admin.sees("/")
