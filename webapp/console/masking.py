"""Phone numbers as people read them, and with the middle hidden where a page shows somebody's own number."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

DOT = "\u2022"


def readable(number: str) -> str:
    """`+14155550100` becomes `+1 415-555-0100`; whatever is not a number stays as it is."""
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return number
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def masked(number: str) -> str:
    """The country code, the first group and the last two digits: enough to recognise, not enough to call."""
    text = readable(number)
    if not number.startswith("+"):
        return _masked_name(text)
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    keep = set(digits[: _prefix_digits(text)]) | set(digits[-2:])
    return "".join(sign if place in keep or not sign.isdigit() else DOT for place, sign in enumerate(text))


def _prefix_digits(text: str) -> int:
    groups = text.replace("-", " ").split(" ")
    first = sum(sign.isdigit() for group in groups[:2] for sign in group)
    return min(first, 5)


def _masked_name(text: str) -> str:
    """A SIP address or client name: its first two signs and, for an address, the host."""
    user, at, host = text.partition("@")
    scheme, colon, name = user.rpartition(":")
    shown = name[:2] + DOT * min(max(len(name) - 2, 0), 6)
    return f"{scheme}{colon}{shown}{at}{host}"
