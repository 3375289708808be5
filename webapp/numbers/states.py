"""Where a number's calls go: connected here, elsewhere, or silently to something that wins over the URL. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from webapp import urls
from webapp.numbers.recommended import is_same_host, is_same_place, missing_overrides
from webapp.twilio_rest.answers import Number


class Leads(StrEnum):
    """Where an incoming call goes."""

    HERE = "connected"
    ELSEWHERE = "points_elsewhere"
    NOWHERE = "not_set"
    APPLICATION = "application"
    TRUNK = "trunk"
    NO_VOICE = "no_voice"


class Flaw(StrEnum):
    """What is wrong with a number that is connected here."""

    NO_FALLBACK = "no_fallback"
    FALLBACK_HERE_ONLY = "fallback_shares_our_fate"
    FALLBACK_WRONG = "fallback_is_no_route_of_ours"
    USES_GET = "uses_get"
    STATUS_USES_GET = "status_uses_get"
    NO_STATUS_CALLBACK = "no_status_callback"
    NO_OVERRIDES = "no_overrides"


SENTENCES = {
    Leads.HERE: "Connected: calls come here.",
    Leads.ELSEWHERE: "Calls go to {where}.",
    Leads.NOWHERE: "No voice URL is set: callers hear an error.",
    Leads.APPLICATION: "A TwiML App handles the calls and silently wins over the URL ({where}).",
    Leads.TRUNK: "A SIP trunk takes the calls and silently wins over the URL ({where}).",
    Leads.NO_VOICE: "This number cannot take calls.",
}
FLAWS = {
    Flaw.NO_FALLBACK: ("There is no fallback URL: when we do not answer, callers hear an error.", "fail"),
    Flaw.FALLBACK_HERE_ONLY: (
        "The fallback URL is on the same host: it does not help when the whole app is down.", "ok",
    ),
    Flaw.FALLBACK_WRONG: (
        f"The fallback URL is on our host, but is not {urls.FALLBACK}: when we stumble, callers hear an error.", "fail",
    ),
    Flaw.USES_GET: ("We are called with GET, which puts callers' numbers into addresses and logs.", "warn"),
    Flaw.STATUS_USES_GET: ("The status callback comes with GET, which we refuse: ends of calls are lost.", "warn"),
    Flaw.NO_STATUS_CALLBACK: ("There is no status callback: ends of calls are learned late or never.", "warn"),
    Flaw.NO_OVERRIDES: ("Twilio waits up to 15 s and tries once; the recommended overrides are missing.", "warn"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NumberState:
    """One row of the list. `where` is a host, or the SID of what wins."""

    number: Number
    leads: Leads
    where: str = ""
    flaws: tuple[Flaw, ...] = ()

    @property
    def sentence(self) -> str:
        return SENTENCES[self.leads].format(where=self.where)

    @property
    def is_fine(self) -> bool:
        return self.leads is Leads.HERE and all(FLAWS[flaw][1] == "ok" for flaw in self.flaws)

    @property
    def needs_a_look(self) -> bool:
        """A number for texts alone, as a hosted one may be, is not connected and lacks nothing."""
        return not self.is_fine and self.leads is not Leads.NO_VOICE


def state_of(number: Number, base_url: str) -> NumberState:
    """`VoiceApplicationSid` and `TrunkSid` make Twilio ignore the voice URLs (its IncomingPhoneNumbers page)."""
    if number.voice is False:
        return NumberState(number, Leads.NO_VOICE)
    if number.trunk_sid:
        return NumberState(number, Leads.TRUNK, number.trunk_sid)
    if number.voice_application_sid:
        return NumberState(number, Leads.APPLICATION, number.voice_application_sid)
    if not number.voice_url:
        return NumberState(number, Leads.NOWHERE)
    if not is_same_place(number.voice_url, base_url + urls.CALL):
        return NumberState(number, Leads.ELSEWHERE, _host(number.voice_url))
    return NumberState(number, Leads.HERE, _host(number.voice_url), _flaws(number, base_url))


def _flaws(number: Number, base_url: str) -> tuple[Flaw, ...]:
    own_fallback = is_same_place(number.voice_fallback_url, base_url + urls.FALLBACK)
    told_of_ends = is_same_place(number.status_callback, base_url + urls.STATUS)
    checks = {
        Flaw.NO_FALLBACK: not number.voice_fallback_url,
        Flaw.FALLBACK_HERE_ONLY: own_fallback,
        Flaw.FALLBACK_WRONG: not own_fallback and is_same_host(number.voice_fallback_url, base_url),
        Flaw.USES_GET: number.voice_method == "GET" or (own_fallback and number.voice_fallback_method == "GET"),
        Flaw.NO_STATUS_CALLBACK: not told_of_ends,
        Flaw.STATUS_USES_GET: told_of_ends and number.status_callback_method == "GET",
        Flaw.NO_OVERRIDES: bool(missing_overrides(number.voice_url)),
    }
    return tuple(flaw for flaw, found in checks.items() if found)


def _host(url: str) -> str:
    """The host alone: a query may carry secrets."""
    try:
        return urlsplit(url).hostname or "an address that cannot be read"
    except ValueError:
        return "an address that cannot be read"
