"""Which codes of the error catalogue an event of a call stands for. Twilio's field names come from the raw values."""

from __future__ import annotations

import re

from handoff_rules.outcomes import Outcome
from webapp.calls.timeline import Event, Kind

# Raw field → the catalogue's family. `SipResponseCode` is the caller's own leg, told again with the end of the call.
FAMILIES = {
    "ErrorCode": "",
    "DialSipResponseCode": "sip:",
    "ReferSipResponseCode": "refer:",
    "NotifySipResponseCode": "refer:",
}
FINAL_FAILURE = re.compile("[3-6][0-9]{2}")
TWILIO_CODE = re.compile("[0-9]{5,6}")
REPEATS = frozenset({Kind.LEG, Kind.ENDED})
"""A leg's own report says what the attempt's outcome says as well; one failure counts once."""


def failure_codes(event: Event) -> tuple[str, ...]:
    """`13801`, `sip:486`, `refer:202`, as the catalogue spells them; empty for what is no failure."""
    raw = event.detail.get("raw")
    if event.kind in REPEATS or not isinstance(raw, dict):
        return ()
    found = [_code(name, str(value)) for name, value in raw.items()]
    if event.detail.get("outcome") == Outcome.UNCONFIRMED and not any(found):
        found.append("refer:202")  # Accepted, and then never confirmed: no success, and worth explaining.
    return tuple(dict.fromkeys(code for code in found if code))


def _code(name: str, value: str) -> str:
    family = FAMILIES.get(name)
    if family is None:
        return ""
    shape = FINAL_FAILURE if family else TWILIO_CODE
    return family + value if shape.fullmatch(value) else ""
