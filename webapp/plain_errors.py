"""Wrong paths and methods at the addresses of machines (webhooks, health), as plain text for the person who reads them:
in a browser, or at Twilio, whose debugger shows what a webhook answered."""

from __future__ import annotations

from collections.abc import Iterable

from webapp import urls

CONTENT_TYPE = "text/plain; charset=utf-8"
OF_WEBHOOKS = ("/voice/", "/sms/", "/twilio/")
NOT_HERE = "There is nothing at this address."
NO_WEBHOOK = f"The webhook of a number is {urls.CALL}: `handoff numbers connect` sets it. The console begins at /."
CALLED_BY_TWILIO = (
    "Twilio calls it, and in a browser there is nothing to see. Where it is set by hand at Twilio, choose HTTP POST; "
    "`handoff numbers connect` sets all that a number needs, and `handoff trigger` sends a call as Twilio does."
)
ANSWERED_BY_THE_GATE = {"OPTIONS"}
"""The framework adds it to every route; nobody gets an answer from it."""


def methods_of(offered: Iterable[str] | None) -> list[str]:
    return sorted(set(offered or ()) - ANSWERED_BY_THE_GATE)


def no_such_address(path: str) -> str:
    return f"404 Not Found\n{NOT_HERE}{f' {NO_WEBHOOK}' if path.startswith(OF_WEBHOOKS) else ''}\n"


def no_such_method(path: str, method: str, offered: Iterable[str] | None) -> str:
    takes = " or ".join(one for one in methods_of(offered) if one != "HEAD")  # It goes with GET.
    about = f" {CALLED_BY_TWILIO}" if path.startswith(OF_WEBHOOKS) else ""
    return f"405 Method Not Allowed\nThis address takes {takes}, and was asked with {method}.{about}\n"
