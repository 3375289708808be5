"""Undo: a number goes back to where its calls went before they came here, however often it was connected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from tests.messaging.rest_stand_in import TwilioAccount
from tests.numbers.test_numbers import BASE, E164, account_with, numbers_of
from webapp.numbers.connecting import Numbers
from webapp.numbers.recommended import FRAGMENT, BadFallbackError, NotPublicError

OURS = {"voice_url": f"{BASE}/voice/call#{FRAGMENT}", "voice_method": "POST"}
OLD = {"voice_url": "https://old.example.com/voice", "voice_method": "GET"}
BIN = "https://handler.twilio.com/twiml/EH1"
TRUNK = "TK" + "1" * 32
TUNNELS = ("https://one.ngrok-free.app", "https://two.ngrok-free.app")


class Desk:
    """One number at Twilio, and what somebody does with it."""

    def __init__(self, redis: Redis, **settings: Any) -> None:
        self.twilio: TwilioAccount = account_with(**settings)
        self.numbers: Numbers = numbers_of(redis)

    @property
    def settings(self) -> dict[str, Any]:
        return self.twilio.numbers[0]

    def connect(self, base_url: str = BASE, **options: str) -> None:
        self.numbers.connect(self.numbers.plan_connect(E164, base_url, **options))

    def give_back(self) -> None:
        self.numbers.disconnect(self.numbers.plan_disconnect(E164))


@pytest.fixture
def desk(redis: Redis, request: pytest.FixtureRequest) -> Iterator[Desk]:
    made = Desk(redis, **getattr(request, "param", OLD))
    with made.twilio.playing():
        yield made


@pytest.mark.parametrize("desk", [OURS | {"trunk_sid": TRUNK}], indirect=True)
def test_a_trunk_that_won_over_our_own_url_is_given_back(desk: Desk) -> None:
    desk.connect()
    desk.give_back()
    assert desk.settings["trunk_sid"] == TRUNK


@pytest.mark.parametrize("desk", [OURS | {"voice_method": "GET", "voice_fallback_url": BIN}], indirect=True)
def test_a_method_that_was_wrong_on_our_own_url_is_given_back(desk: Desk) -> None:
    desk.connect()
    desk.give_back()
    assert (desk.settings["voice_method"], desk.settings["voice_fallback_url"]) == ("GET", BIN)


def test_a_tunnel_that_changed_its_address_does_not_cover_the_original(desk: Desk) -> None:
    for tunnel in TUNNELS:
        desk.connect(tunnel)
    desk.give_back()
    assert {name: desk.settings[name] for name in OLD} == OLD


def test_what_was_set_by_hand_after_connecting_is_what_a_later_undo_gives_back(desk: Desk) -> None:
    desk.connect()
    desk.settings["voice_url"] = "https://newer.example.com/voice"
    desk.connect()
    desk.give_back()
    assert desk.settings["voice_url"] == "https://newer.example.com/voice"


@pytest.mark.parametrize("desk", [OURS | {"voice_fallback_url": BIN}], indirect=True)
def test_connecting_again_keeps_the_fallback_elsewhere(desk: Desk) -> None:
    desk.connect()
    assert desk.settings["voice_fallback_url"] == BIN


def test_the_fallback_of_whoever_had_the_number_before_is_not_kept(desk: Desk) -> None:
    desk.settings["voice_fallback_url"] = "https://old.example.com/fallback"
    desk.connect()
    assert desk.settings["voice_fallback_url"] == f"{BASE}/voice/fallback#{FRAGMENT}"


def test_a_trailing_slash_makes_no_double_one(desk: Desk) -> None:
    desk.connect(f"{BASE}/")
    assert desk.settings["voice_url"] == OURS["voice_url"]


@pytest.mark.parametrize("address", [f"{BASE}/path", f"{BASE}?x=1", "https://u:p@handoff.example.com", "https://[::1"])
def test_an_address_that_is_no_origin_changes_nothing(desk: Desk, address: str) -> None:
    with pytest.raises(NotPublicError):
        desk.connect(address)
    assert desk.settings["voice_url"] == OLD["voice_url"]


@pytest.mark.parametrize("address", ["nonsense", "http://bin.example.com/", "https://[::1", "https://localhost/x"])
def test_a_fallback_that_twilio_cannot_call_changes_nothing(desk: Desk, address: str) -> None:
    with pytest.raises(BadFallbackError):
        desk.connect(fallback_url=address)
    assert desk.settings["voice_url"] == OLD["voice_url"]
