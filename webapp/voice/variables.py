"""Twilio's form becomes call variables. Twilio's field names stop here and in `outcomes`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from handoff_rules import known_variables
from handoff_rules.variables import clean

PHONE, SIP, CLIENT = "phone", "sip", "client"

FROM_TWILIO = {
    "CallSid": "call_sid",
    "AccountSid": "account_sid",
    "From": "caller_id",
    "To": "called_number",
    "Direction": "direction",
    "CallerName": "caller_name",
    "FromCity": "caller_city",
    "FromState": "caller_state",
    "FromZip": "caller_zip",
    "FromCountry": "caller_country",
    "ToCity": "called_city",
    "ToState": "called_state",
    "ToZip": "called_zip",
    "ToCountry": "called_country",
    "ForwardedFrom": "forwarded_from",
    "StirVerstat": "stir_verstat",
    "SipDomain": "sip_domain",
    "SipCallId": "sip_call_id",
}
"""Trusted: Twilio signed them, and nobody else may set them."""

FROM_CALLER = {"Digits": "digits", "SpeechResult": "speech", "Confidence": "speech_confidence"}
ARRIVED_OVER = "arrived_over"
HEADER_FIELD = "SipHeader_"
SIP_PREFIX = known_variables.SIP_PREFIX
is_reserved = known_variables.is_reserved

_NAMED = (*FROM_TWILIO.items(), *FROM_CALLER.items())

LONGEST_VALUE = 1_000
MOST_SIP_HEADERS = 40
_NAME_CHARACTER = re.compile(r"[^a-z0-9]+")


def arrived_over(form: Mapping[str, str]) -> str:
    """A leg is SIP when the request carries SipCallId or SipDomain (DESIGN section 3)."""
    if form.get("SipCallId") or form.get("SipDomain"):
        return SIP
    return CLIENT if form.get("From", "").startswith("client:") else PHONE


def call_variables(form: Mapping[str, str]) -> dict[str, str]:
    """Every variable that this request tells, cleaned and bounded; an empty value is a missing variable."""
    over = arrived_over(form)
    variables = {ARRIVED_OVER: over}
    told = {name: value[:LONGEST_VALUE] for field, name in _NAMED if (value := form.get(field))}
    if not _is_plain(told.values()):
        told = {name: text for name, value in told.items() if (text := clean(value))}
    variables.update(told)
    if over == SIP:
        headers = [field for field in form if field.startswith(HEADER_FIELD)]
        for field in headers[:MOST_SIP_HEADERS]:
            if text := clean(form[field][:LONGEST_VALUE]):
                variables.setdefault(sip_variable(field.removeprefix(HEADER_FIELD)), text)
    return variables


def _is_plain(values: Iterable[str]) -> bool:
    """True for nearly every request: printable ASCII throughout, where cleaning would change nothing."""
    text = "".join(values)
    return text.isascii() and text.isprintable()


def sip_variable(header: str) -> str:
    """`X-Customer-ID` becomes `sip_x_customer_id`: a stranger's word, so it gets a name space of its own (T-12)."""
    return (SIP_PREFIX + _NAME_CHARACTER.sub("_", header.lower()).strip("_"))[:64]
