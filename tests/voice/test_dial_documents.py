"""What is kept of a destination's document changes nothing of what a call gets."""

from __future__ import annotations

from typing import Any

import pytest

from handoff_rules.destinations import Destination
from handoff_rules.routes import parse_route
from twiml import DocumentError, Spoken
from webapp.urls import PublicURLs
from webapp.voice import dial_documents
from webapp.voice.dial_documents import OfOneCall, dialled

PUBLIC = PublicURLs("https://handoff.example.com")
CALLS = [
    OfOneCall("1.abc.def", "1.mno.pqr", "+12125550123", (("X-Caller", "+1 212"), ("X-Name", "Zoë & co"))),
    OfOneCall("1.ghi.jkl", "1.stu.vwx", "+14155550199", (("X-Caller", "1=2?3"),)),
    OfOneCall("1.ghi.jkl", "1.stu.vwx", None, ()),
]
DESTINATIONS: dict[str, dict[str, Any]] = {
    "a SIP address": {"route": "sip:billing@pbx.example.com;transport=tls"},
    "a phone number": {"route": "+14155550100", "send_digits": "ww12#"},
    "a ring group": {"route": ["sip:a@pbx.example.com", "+14155550100"], "ring": "in_order", "ring_seconds": 33},
    "a screened destination": {"route": "+14155550100", "screen": "accept"},
    "with machine detection": {"route": "+14155550100", "machine_detection": True},
}


def destination(about: dict[str, Any]) -> Destination:
    return Destination.model_validate({"id": "desk", "name": "Desk", "method": "INVITE"} | about)


@pytest.mark.parametrize("about", DESTINATIONS.values(), ids=DESTINATIONS)
@pytest.mark.parametrize("words", ["", "One moment & thank you."])
def test_each_call_gets_the_document_that_would_have_been_written_for_it_alone(
    about: dict[str, Any], words: str
) -> None:
    desk = destination(about)
    routes = tuple(parse_route(route, country="US", sip_host=None) for route in desk.routes)
    before = (Spoken(words, "en-GB"),) if words else ()
    for call in CALLS:
        alone = dial_documents._written(desk, routes, PUBLIC, call, before)
        assert dialled(desk, routes, PUBLIC, call, before=before, is_said_to_all=True) == alone
        assert dialled(desk, routes, PUBLIC, call, before=before, is_said_to_all=False) == alone


def test_words_that_read_like_a_mark_are_said_as_they_are() -> None:
    desk = destination(DESTINATIONS["a SIP address"])
    routes = tuple(parse_route(route, country="US", sip_host=None) for route in desk.routes)
    words = Spoken("Call +999999999999999, the mark-of-the-state.")
    for call in CALLS:
        assert words.text in dialled(desk, routes, PUBLIC, call, before=[words], is_said_to_all=True)


def test_two_destinations_that_say_the_same_of_themselves_are_not_mixed_up() -> None:
    for seconds in (20, 40):
        desk = destination(DESTINATIONS["a SIP address"] | {"ring_seconds": seconds})
        routes = tuple(parse_route(route, country="US", sip_host=None) for route in desk.routes)
        assert f'timeout="{seconds}"' in dialled(desk, routes, PUBLIC, CALLS[0], before=(), is_said_to_all=True)


@pytest.mark.parametrize(
    "call",
    [
        OfOneCall("1.abc.def", "", "anonymous", ()),
        OfOneCall("1.abc.def", "", "+12125550123", (("X-Twilio-Own", "1"),)),
        OfOneCall("1.abc.def", "", "+12125550123", (("X-A", "line\r\nbreak"),)),
        OfOneCall("1.abc.def", "", "+12125550123", (("X-A", "a" * 1100),)),
        OfOneCall("a" * 4000, "", "+12125550123", ()),
    ],
    ids=["a caller ID that is no number", "a name of Twilio's", "a line break", "too many headers", "a long state"],
)
def test_what_the_writer_refuses_is_refused_the_second_time_as_well(call: OfOneCall) -> None:
    desk = destination({"route": ["sip:a@pbx.example.com", "+14155550100"]})
    routes = tuple(parse_route(route, country="US", sip_host=None) for route in desk.routes)
    dialled(desk, routes, PUBLIC, CALLS[0], before=(), is_said_to_all=True)
    with pytest.raises(DocumentError):
        dialled(desk, routes, PUBLIC, call, before=(), is_said_to_all=True)
