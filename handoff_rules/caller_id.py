"""Which caller ID the called person sees, so that no dial ever carries one that Twilio refuses."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

import phonenumbers

from handoff_rules.callers import HIDING
from handoff_rules.model import E164

_E164 = re.compile(E164)
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
WITHHELD = frozenset("+" + word.translate(_KEYPAD) for word in HIDING)
"""What stands in `From` when the caller hides: a word on the keypad, +266696687 for ANONYMOUS (Twilio, error 13214)."""


class CallerID(NamedTuple):
    """`value` for the `callerId` attribute; None leaves it out.

    `why` says in words what was replaced or is missing, and is None when the destination got what it wants.
    """

    value: str | None
    why: str | None = None


def caller_id_for(
    *,
    over: str,
    phone: bool,
    caller: str,
    called: str,
    wanted: str = "caller",
    default_caller_id: str | None = None,
    owned: Collection[str] = (),
) -> CallerID:
    """The caller ID of one handoff.

    `over`: how the call arrived (phone, sip, client). `phone`: whether a phone number is dialled, else a SIP address.
    `caller`, `called`: From and To as Twilio posts them. `wanted`: the destination's `caller_id` (`caller`, `called` or
    an E.164 number). `owned`: numbers of the account, owned or verified; empty when they are not known, and then a
    number that the destination names is taken at its word.

    Twilio's rules (page twiml/dial, callerId): a phone leg may show From, To, an owned or a verified number; a SIP leg
    only an owned or verified one; to a SIP address anything may be shown. From and To of a SIP leg that are owned
    numbers may be shown. Never raises.
    """
    if not phone and over != "phone" and wanted == "caller":
        if default_caller_id and is_shown_number(default_caller_id):
            return CallerID(default_caller_id, f"{_NOT_FROM_A_PHONE}, so the default caller ID is shown")
        return CallerID(None, f"{_NOT_FROM_A_PHONE}, and there is no default caller ID")
    reasons: list[str] = []
    for name, number in _candidates(wanted, caller, called, default_caller_id):
        fault = _fault(name, number, phone and over != "phone", owned)
        if fault is None:
            return CallerID(number, "; ".join([*reasons, f"{_WORDS[name]} is shown"]) if reasons else None)
        reasons.append(fault)
    return CallerID(None, "; ".join([*reasons, "no caller ID is set"]))


_NOT_FROM_A_PHONE = "the caller's own address may not be shown, because the call did not come over the phone network"

_WORDS = {
    "caller": "the caller's number",
    "called": "the called number",
    "named": "the number of the destination",
    "default": "the default caller ID",
}


def _candidates(wanted: str, caller: str, called: str, default: str | None) -> list[tuple[str, str]]:
    """In order: what the destination wants, the number that was called, the deployment's own."""
    numbers = {"caller": caller, "called": called, "named": wanted, "default": default or ""}
    first = wanted if wanted in {"caller", "called"} else "named"
    return [(name, numbers[name]) for name in dict.fromkeys((first, "called", "default"))]


def _fault(name: str, number: str, must_be_owned: bool, owned: Collection[str]) -> str | None:
    """Why this candidate cannot be shown, or None."""
    words = _WORDS[name]
    if name == "default" and not number:
        return "there is no default caller ID"
    if not is_shown_number(number):
        return f"{words} is withheld or not a number" if name == "caller" else f"{words} is not a phone number"
    if name == "named" and owned and number not in owned:
        return f"{words} is not one of this account"
    if must_be_owned and name in {"caller", "called"} and number not in owned:
        return f"{words} may not be shown, because the call did not come over the phone network"
    return None


@lru_cache(maxsize=4096)
def is_shown_number(text: str) -> bool:
    """True for an E.164 number that can be a caller ID: one that exists, and none of those that spell a hidden one."""
    if text in WITHHELD or not _E164.fullmatch(text):
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return False
