"""The fields that Twilio would send about a call: the way back from call variables to the form."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from webapp.voice.variables import FROM_TWILIO, HEADER_FIELD, SIP, SIP_PREFIX

NO_ACCOUNT = "AC" + "0" * 32
"""What a development app without an account accepts like any other."""
FIELD_OF = {name: field for field, name in FROM_TWILIO.items()}


class NotFromTwilioError(ValueError):
    """A variable that no webhook of Twilio can tell."""


def new_call_sid() -> str:
    return "CA" + secrets.token_hex(16)


def form_of_call(
    *,
    caller: str,
    called: str,
    over: str,
    call_sid: str,
    account_sid: str = NO_ACCOUNT,
    variables: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The form of every webhook about this call. Raises NotFromTwilioError for a variable that only agents set."""
    form = {
        "CallSid": call_sid, "AccountSid": account_sid, "ApiVersion": "2010-04-01", "CallStatus": "ringing",
        "Direction": "inbound", "From": caller, "To": called, "Caller": caller, "Called": called,
    }  # fmt: skip
    if over == SIP:
        form |= {"SipDomain": "example.sip.twilio.com", "SipCallId": f"{call_sid[2:18]}@198.51.100.7"}
    for name, value in (variables or {}).items():
        form[_field(name)] = value
    return form


def _field(name: str) -> str:
    """`sip_x_customer_id` was `X-Customer-Id`: header names know no case (RFC 3261 section 7.3.1)."""
    if name in FIELD_OF:
        return FIELD_OF[name]
    if name.startswith(SIP_PREFIX):
        return HEADER_FIELD + "-".join(part.capitalize() for part in name.removeprefix(SIP_PREFIX).split("_"))
    raise NotFromTwilioError(
        f"{name} is told by an agent, a menu or the API, not by Twilio. Play such a call with: handoff simulate"
    )
