"""What answers a call when neither Redis, nor the disk, nor a shipped file holds a configuration."""

from __future__ import annotations

from typing import Any

import phonenumbers

from webapp.configurations.published import Published, publish

APOLOGY = "We are sorry that nobody can take your call at the moment. Please try again later."
_NO_HOST = "sip:nobody@handoff.invalid"
"""`.invalid` never resolves (RFC 2606 section 2); the destination is switched off besides."""


def emergency_destination(route: str) -> Published:
    """Every call rings EMERGENCY_DESTINATION (an E.164 number or SIP URI); nobody there: the spoken message."""
    return publish(_document("Emergency destination", route, enabled=True))


def spoken_message() -> Published:
    """Every call hears that nobody can take it, because nothing at all is configured."""
    return publish(_document("Nobody", _NO_HOST, enabled=False))


def _document(name: str, route: str, *, enabled: bool) -> dict[str, Any]:
    destination = {"id": "emergency", "name": name, "method": "INVITE", "route": route, "enabled": enabled}
    return {
        "schema": 1,
        "name": "Last resort",
        "country": _region(route),
        "default_destination": "emergency",
        "destinations": [destination],
        "ending": {"say": APOLOGY},
    }


def _region(route: str) -> str:
    """The region of the operator's own number, so that the dialling policy, which defaults to it, lets it pass."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(route, None)) or "US"
    except phonenumbers.NumberParseException:
        return "US"
