"""Destinations: routes, groups, headers, caller IDs and methods that cannot be meant are found at their place."""

from __future__ import annotations

import pytest

from tests.handoff_rules.checking import (
    ERROR,
    SIP,
    WARNING,
    Case,
    assert_found,
    desk,
    header,
    problems_in,
    with_destination,
)

ROUTE = "destinations/1/route"
GROUP = [f"+141555501{number:02}" for number in range(11)]

CASES: dict[str, Case] = {
    "a number of another region": (with_destination(desk(route="+18765550123")), ROUTE, ERROR),
    "a premium number": (with_destination(desk(route="+19005550123")), ROUTE, ERROR),
    "a satellite number": (with_destination(desk(route="+870773111632")), ROUTE, ERROR),
    "an emergency number": (with_destination(desk(route="911")), ROUTE, ERROR),
    "an emergency number over SIP": (with_destination(desk(route="sip:112@pbx.example.com")), ROUTE, ERROR),
    "a short code": (with_destination(desk(route="411")), ROUTE, ERROR),
    "a national number": (with_destination(desk(route="(415) 555-0100")), ROUTE, ERROR),
    "an extension of no PBX": (with_destination(desk(route="1001")), ROUTE, ERROR),
    "a faulty SIP address": (with_destination(desk(route="sip:a b@pbx.example.com")), ROUTE, ERROR),
    "a faulty SIP host": (with_destination(desk(), sip_host="pbx example"), "sip_host", ERROR),
    "an address as the SIP host": (with_destination(desk(), sip_host="https://pbx.example.com"), "sip_host", ERROR),
    "a country that has no numbers": (with_destination(desk(), country="UK"), "country", ERROR),
    "a region that has no numbers": (
        with_destination(desk(), policy={"allowed_regions": ["US", "XX"]}),
        "policy/allowed_regions/1",
        ERROR,
    ),
    "the form of User-to-User on another header": (
        with_destination(desk(headers=[{"name": "X-A", "value": "a", "user_to_user": "genesys"}])),
        "destinations/1/headers/0/user_to_user",
        WARNING,
    ),
    "an INVITE without a route": (with_destination(desk(route=None)), ROUTE, ERROR),
    "a REFER without a route": (with_destination(desk(method="REFER", route=[])), ROUTE, ERROR),
    "a BYE with a route": (with_destination(desk(method="BYE")), ROUTE, ERROR),
    "a screen on a BYE": (
        with_destination(desk(method="BYE", route=None, screen="accept")),
        "destinations/1/screen",
        ERROR,
    ),
    "machine detection that asks nobody": (
        with_destination(desk(machine_detection=True)),
        "destinations/1/machine_detection",
        WARNING,
    ),
    "headers on a BYE": (
        with_destination(desk(method="BYE", route=None, **header("X-A", "1"))),
        "destinations/1/headers",
        WARNING,
    ),
    "eleven members of a ring group": (with_destination(desk(route=GROUP)), ROUTE, ERROR),
    "a member twice": (with_destination(desk(route=[SIP, SIP])), ROUTE, ERROR),
    "a caller ID that no country has": (
        with_destination(desk(caller_id="+99999999999")),
        "destinations/1/caller_id",
        ERROR,
    ),
    "a bad header name": (with_destination(desk(**header("Via", "1"))), "destinations/1/headers/0/name", ERROR),
    "a fixed header that cannot fit": (
        with_destination(desk(**header("X-A", "x" * 999))),
        "destinations/1/headers",
        ERROR,
    ),
    "headers that overflow with samples": (
        with_destination(desk(**header("X-A", "$note")), variables={"note": {"sample": "é" * 400}}),
        "destinations/1/headers",
        WARNING,
    ),
    "a secret in a header": (
        with_destination(desk(**header("X-A", "$card")), variables={"card": {"secret": True}}),
        "destinations/1/headers/0/value",
        ERROR,
    ),
    "headers on a phone route": (
        with_destination(desk(route="+14155550101", **header("X-A", "1"))),
        "destinations/1/headers",
        WARNING,
    ),
    "digits for a SIP address": (with_destination(desk(send_digits="12#")), "destinations/1/send_digits", WARNING),
    "a name twice": (with_destination(desk(name="Main")), "destinations/1/name", WARNING),
    "an extension and its whole address in one group": (
        with_destination(desk(route=["1001", "sip:1001@pbx.example.com"]), sip_host="pbx.example.com"),
        ROUTE,
        ERROR,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_destination_that_cannot_be_meant_is_found_at_its_place(case: Case) -> None:
    assert_found(case)


def test_a_refer_is_only_doubted_when_it_is_known_that_no_call_arrives_by_sip() -> None:
    document = with_destination(desk(method="REFER"))
    assert problems_in(document) == problems_in(document, arrives_by_sip=True) == []
    assert [problem.path for problem in problems_in(document, arrives_by_sip=False)] == ["destinations/1/method"]


def test_an_own_number_as_a_route_is_a_warning_and_a_loop_when_its_webhook_is_ours() -> None:
    document = with_destination(desk())
    (other,) = problems_in(document, own_numbers={"+14155550100": False})
    (loop,) = problems_in(document, own_numbers={"+14155550100": True})
    assert (other.path, other.severity) == ("destinations/0/route", WARNING)
    assert (loop.path, loop.severity) == ("destinations/0/route", ERROR)


def test_a_caller_id_that_the_account_does_not_have_is_a_warning() -> None:
    document = with_destination(desk(caller_id="+14155550177"))
    assert problems_in(document) == []
    (problem,) = problems_in(document, own_numbers={"+14155550199": True})
    assert (problem.path, problem.severity) == ("destinations/1/caller_id", WARNING)
    assert "Until then the called number is shown in its place." in problem.fix
    assert problems_in(document, own_numbers={"+14155550199": True, "+14155550177": False}) == []
    assert problems_in(document, own_numbers={"+14155550199": False}) == [], "nobody knows which numbers are ours"
