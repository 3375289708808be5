"""The webhook of the benchmarks: a signed `/voice/call` with 25 parameters, each time another call."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from urllib.parse import urlencode

ACCOUNT_SID = "AC" + "0123456789abcdef" * 2
AUTH_TOKEN = "twilio-signs-with-this"  # noqa: S105 - of the benchmark alone
BASE_URL = "https://handoff.example.com"
PATH = "/voice/call"

FORM = {
    "AccountSid": ACCOUNT_SID, "ApiVersion": "2010-04-01", "CallStatus": "ringing", "Called": "+14155550199",
    "CalledCity": "SAN FRANCISCO", "CalledCountry": "US", "CalledState": "CA", "CalledZip": "94105",
    "Caller": "+12125550123", "CallerCity": "NEW YORK", "CallerCountry": "US", "CallerState": "NY",
    "CallerZip": "10001", "Direction": "inbound", "From": "+12125550123", "FromCity": "NEW YORK",
    "FromCountry": "US", "FromState": "NY", "FromZip": "10001", "To": "+14155550199", "ToCity": "SAN FRANCISCO",
    "ToCountry": "US", "ToState": "CA", "ToZip": "94105",
}  # fmt: skip


def signature(form: dict[str, str]) -> str:
    text = BASE_URL + PATH + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(AUTH_TOKEN.encode(), text.encode(), hashlib.sha1).digest()).decode()


def raw_requests(first: int, count: int) -> Iterator[bytes]:
    """Whole HTTP requests, ready for a socket; `first` keeps the calls of one run apart from those of another."""
    for number in range(first, first + count):
        form = FORM | {"CallSid": f"CA{number:032x}"}
        body = urlencode(form)
        yield (
            f"POST {PATH} HTTP/1.1\r\nHost: handoff.example.com\r\nX-Twilio-Signature: {signature(form)}\r\n"
            "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nUser-Agent: TwilioProxy/1.1\r\n"
            f"Accept: */*\r\nI-Twilio-Idempotency-Token: {number}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()
