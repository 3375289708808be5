"""Phone numbers as people read them, and with the middle hidden where a page shows somebody's own number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import phonenumbers
from phonenumbers import AsYouTypeFormatter, NumberParseException, PhoneNumberFormat, ValidationResult

from webapp.log_masking import E_MAIL, PHONE_NUMBER

DOT = "\u2022"
OURS = frozenset({
    "called_number", "to", "To", "Called", "routes", "call_sid", "account_sid", "CallSid", "ParentCallSid",
    "DialCallSid", "AccountSid",
})  # fmt: skip
"""What the operator's own configuration or Twilio's own names fill: no caller is in it."""
CALLERS = frozenset({"caller_id", "caller_name", "forwarded_from", "from", "From", "Caller", "CallerName",
                     "CallerId", "ForwardedFrom"})  # fmt: skip
"""What tells who called, whatever it looks like."""
NOBODY = frozenset({"", "anonymous", "unknown", "restricted", "unavailable", "private", "+266696687"})
"""What a caller ID says when it says nobody; the number spells "anonymous" (twilio.com/docs/voice/twiml#request)."""
E164 = re.compile(r"(?<![\w+@])\+[1-9][0-9]{1,14}(?![\w@])")
"""A number or the beginning of one, as the configuration writes it; inside of an address it is part of that."""
NO_REGION = "ZZ"
SIP_USER = re.compile(r"(?i)\b(sips?|client):([^@\s;<>\"'\u2022]{1,256})")
Show = Callable[[Any, str], Any]
"""A value and the name that it goes by, to what a page or an export shows of it."""


def readable(number: str) -> str:
    """`+14155550100` becomes `+1 415-555-0100`, its beginning `+1415555` becomes `+1 415-555`; the rest stays."""
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return number
    is_whole = phonenumbers.is_possible_number_with_reason(parsed) == ValidationResult.IS_POSSIBLE
    if is_whole or not E164.fullmatch(number):
        return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    typed = AsYouTypeFormatter(NO_REGION)
    return [typed.input_digit(sign) for sign in number][-1]


def readable_inside(text: str) -> str:
    """The text with every number in it, and every beginning of one, as `readable` writes it."""
    return E164.sub(lambda found: readable(found.group()), text)


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
    """A SIP address or client name: its first two signs (of a short one fewer) and, for an address, the host."""
    user, at, host = text.partition("@")
    scheme, colon, name = user.rpartition(":")
    kept = 2 if len(name) > 3 else len(name) // 2
    shown = name[:kept] + DOT * min(len(name) - kept, 6)
    return f"{scheme}{colon}{shown}{at}{host}"


def hidden(value: Any, name: str = "") -> Any:
    """The value with every caller's number, address and name masked wherever it stands; what is ours stays."""
    if isinstance(value, Mapping):
        return {str(key): hidden(item, str(key)) for key, item in value.items()}
    if name in OURS or value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [hidden(item, name) for item in value]
    text = str(value)
    if name in CALLERS:
        return text if text.casefold() in NOBODY else masked(text)
    return _masked_inside(text)


def revealed(value: Any, name: str = "") -> Any:
    """For whoever has asked to see it, which is written down."""
    return value


def _masked_inside(text: str) -> str:
    text = SIP_USER.sub(lambda found: masked(found.group()), text)
    for pattern in (PHONE_NUMBER, E_MAIL):
        text = pattern.sub(lambda found: masked(found.group()), text)
    return text
