"""F-38: no dial carries a caller ID that Twilio refuses, however the caller hides."""

from __future__ import annotations

from typing import Any

import pytest

from handoff_rules.caller_id import WITHHELD, CallerID, caller_id_for, is_shown_number

OURS = "+14155550199"
DEFAULT = "+14155550198"
CALLER = "+12125550123"

WORDS = [
    "", " ", "+", "anonymous", "Anonymous", "ANONYMOUS", "restricted", "Restricted", "RESTRICTED", "blocked", "BLOCKED",
    "private", "Private", "unknown", "Unknown", "UNKNOWN", "unavailable", "Unavailable", "withheld", "null", "None",
]  # fmt: skip
NUMBERS = [
    "+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+7748283", "266696687", "7378742833",
    "2562533", "4155550100", "14155550100", "0014155550100", "+1415555010", "+141555501000", "+0", "+00", "+1", "0",
    "000", "12345", "911", "+911", "+19999999999", "+10000000000", "+999999999999", "+8821234567890", "+1 415 555 0100",
    "+1-415-555-0100", "+14155550100\n", "\n+14155550100", "+１４１５５５５０１００", "tel:+14155550100",
]  # fmt: skip
ADDRESSES = [
    "client:bob", "client:", "sip:alice@pbx.example.com", "sips:alice@pbx.example.com",
    "sip:+14155550100@pbx.example.com",
    "sip:anonymous@anonymous.invalid", "anonymous@anonymous.invalid", "<sip:alice@pbx.example.com>",
    "whatsapp:+14155550100",
    "+14155550100;ext=5", "+14155550100,+14155550101", "x" * 300,
]  # fmt: skip
UNUSABLE = WORDS + NUMBERS + ADDRESSES


def answer(**changes: Any) -> CallerID:
    facts: dict[str, Any] = {
        "over": "phone", "phone": True, "caller": CALLER, "called": OURS, "default_caller_id": DEFAULT,
        "owned": {OURS, DEFAULT},
    }  # fmt: skip
    return caller_id_for(**(facts | changes))


def shown(**changes: Any) -> str | None:
    return answer(**changes).value


def test_there_are_at_least_sixty_unusable_forms() -> None:
    assert len(set(UNUSABLE)) >= 60
    assert {"+266696687", "+7378742833", "+2562533"} <= WITHHELD


@pytest.mark.parametrize("caller", UNUSABLE)
@pytest.mark.parametrize("wanted", ["caller", "called", DEFAULT])
@pytest.mark.parametrize("over", ["phone", "sip", "client"])
def test_an_unusable_caller_is_replaced_by_an_owned_number(caller: str, wanted: str, over: str) -> None:
    assert shown(caller=caller, wanted=wanted, over=over) in {OURS, DEFAULT}


@pytest.mark.parametrize("caller", UNUSABLE)
def test_with_nothing_of_our_own_an_unusable_caller_id_is_left_out_and_that_is_said(caller: str) -> None:
    left_out = answer(caller=caller, called="client:desk", default_caller_id=None, owned=())
    assert left_out.value is None
    assert left_out.why == (
        "the caller's number is withheld or not a number; the called number is not a phone number; "
        "there is no default caller ID; no caller ID is set"
    )


def test_a_phone_caller_is_shown_as_he_is() -> None:
    assert answer() == CallerID(CALLER)


def test_the_called_number_is_shown_when_the_destination_wants_it() -> None:
    assert answer(wanted="called") == CallerID(OURS)


def test_a_number_of_the_destination_is_shown_when_the_account_owns_it() -> None:
    assert answer(wanted=DEFAULT) == CallerID(DEFAULT)
    assert answer(wanted="+14155550177", owned=()) == CallerID("+14155550177")


def test_a_number_that_the_account_does_not_own_is_replaced() -> None:
    assert answer(wanted="+14155550177") == CallerID(
        OURS, "the number of the destination is not one of this account; the called number is shown"
    )


@pytest.mark.parametrize("over", ["sip", "client"])
def test_a_call_that_came_over_sip_never_shows_its_own_to_and_from_on_a_phone_leg(over: str) -> None:
    assert shown(over=over, called="+14155550177") == DEFAULT
    left_out = answer(over=over, called="+14155550177", default_caller_id=None, owned=())
    assert left_out.value is None
    assert left_out.why is not None


def test_a_sip_caller_s_own_address_is_never_the_caller_id_of_a_sip_leg() -> None:
    shown = answer(over="sip", phone=False, caller="sip:alice@pbx.example.com")
    assert shown.value == "+14155550198"
    assert shown.why is not None
    assert "may not be shown" in shown.why


def test_a_sip_call_may_show_a_number_that_the_account_owns() -> None:
    assert shown(over="sip", caller=OURS) == OURS


def test_real_numbers_of_other_countries_are_shown() -> None:
    for number in ("+442079460018", "+61491570156", "+18005550100"):
        assert is_shown_number(number)
