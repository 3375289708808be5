"""Every path that Twilio calls, stated once: the routes are registered at these, the documents point at these."""

from __future__ import annotations

from typing import NamedTuple

CALL = "/voice/call"
GATHERED = "/voice/gathered"
AGENT_ENDED = "/voice/agent-ended"
REFERRED = "/voice/referred"
TRANSFER = "/voice/transfer"
SCREEN = "/voice/screen"
SCREENED = "/voice/screened"
DIAL_ENDED = "/voice/dial-ended"
REFER_ENDED = "/voice/refer-ended"
RECORDED = "/voice/recorded"
STATUS = "/voice/status"
FALLBACK = "/voice/fallback"
SMS_INCOMING = "/sms/incoming"
SMS_STATUS = "/sms/status"
TWILIO_EVENTS = "/twilio/events"
TWILIO_DEBUGGER = "/twilio/debugger"


OVERRIDES = {"ct": "1500", "rt": "4000", "rc": "2", "rp": "all", "tt": "12000"}
"""Three attempts of at most 4 s fit into 12 s, inside Twilio's hard limit of 15 s; we answer within 3 s.
https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides (in the fragment, which is not signed)."""
FRAGMENT = "&".join(f"{name}={value}" for name, value in OVERRIDES.items())


class PublicURLs(NamedTuple):
    """Absolute URLs under PUBLIC_BASE_URL: Twilio refuses relative ones in TwiML sent by REST (15004)."""

    base: str

    def to(self, path: str, state: str | None = None) -> str:
        """With the connection overrides, because a callback that is lost takes with it what it was about to tell:
        the fallback URL hears neither of an outcome nor of a pressed key."""
        return f"{self.base}{path}?s={state}#{FRAGMENT}" if state else f"{self.base}{path}"
