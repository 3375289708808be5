"""The timeline in words, for people: what happened, who said no. Codes stay beside the words, never instead of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from handoff_rules.outcomes import Ends, Outcome
from webapp.calls.record import NEVER_SENT
from webapp.calls.recordings import is_message, was_lost
from webapp.calls.timeline import Event, Kind

Detail = Mapping[str, Any]
Names = Mapping[str, str]
"""Destination id → name, as the version of the call has it."""

NOTHING_LEFT = "No message was left"
VERBS = {"dial": "Dial", "refer": "SIP REFER", "hang_up": "SIP BYE"}

OUTCOMES = {
    "answered": "answered",
    "busy": "was busy",
    "no_answer": "did not answer",
    "failed": "could not be reached",
    "declined": "declined the call",
    "machine": "was answered by a machine",
    "closed": "is closed",
    "canceled": "was canceled",
    "caller_hung_up": "was still ringing when the caller hung up",
    "referred": "took the call over",
    "unconfirmed": "was sent the call by SIP REFER, and nobody confirmed that it took it",
    "blocked": "may not be called",
}

SAID = OUTCOMES | {Outcome.ANSWERED.value: "took the call"}
"""What a line did at the accept gate, or machine detection heard of it."""

ENDS = {
    Ends.ANSWERED: "The conversation ended",
    Ends.REFERRED: "The caller's own system took the call over",
    Ends.UNCONFIRMED: "The handoff was accepted and never confirmed",
    Ends.RETURNED: "The call went back to the caller's system",
    Ends.VOICEMAIL: "The caller left a message",
    Ends.MESSAGE: "The caller heard the closing message",
    Ends.HUNG_UP: "The call was hung up",
    Ends.CALLER_HUNG_UP: "The caller hung up",
}


def sentence(event: Event, names: Names) -> str:
    """One event as a sentence."""
    return _SENTENCES[event.kind](event.detail, names)


def codes(detail: Detail) -> str:
    """Twilio's and SIP's own words of an event, short, for small print; ours where nothing was sent."""
    raw = detail.get("raw") or {}
    shown = (NEVER_SENT, "DialCallStatus", "DialSipResponseCode", "ReferCallStatus", "ReferSipResponseCode",
             "NotifySipResponseCode", "CallStatus", "SipResponseCode", "ErrorCode", "AnsweredBy")  # fmt: skip
    return ", ".join(f"{name} {raw[name]}" for name in shown if raw.get(name))


def _name(detail: Detail, names: Names) -> str:
    destination = detail.get("destination")
    return names.get(destination, destination) if destination else "That step"


def _decided(detail: Detail, names: Names) -> str:
    why = f"rule {detail['rule']}" if detail.get("rule") else "no rule matched, so the default destination"
    if detail.get("asked_for"):
        why = "it was asked for by name"
    return f"Decided for {_name(detail, names)}: {why}" + (
        f", reason {detail['reason']}" if detail.get("reason") else ""
    )


def _handed_off(detail: Detail, names: Names) -> str:
    verb = VERBS.get(str(detail.get("verb")), str(detail.get("verb")))
    return f"Handed off to {_name(detail, names)} by {verb}" + (f". {detail['note']}" if detail.get("note") else "")


def is_untold(detail: Detail) -> bool:
    """The webhook that should have told this outcome was lost, so it counts as failed and nobody knows."""
    raw = detail.get("raw") or {}
    return detail["outcome"] == Outcome.FAILED and bool(raw.get("ErrorUrl"))


def _outcome(detail: Detail, names: Names) -> str:
    if is_untold(detail):
        return f"How it went at {_name(detail, names)} is not known: Twilio did not reach us with it"
    said = f"{_name(detail, names)} {OUTCOMES.get(detail['outcome'], detail['outcome'])}"
    if detail.get("taken_elsewhere"):
        said += " until the API took the call elsewhere"
    return said + (f" (unknown to us: {detail['unknown']})" if detail.get("unknown") else "")


def _left_out(detail: Detail, _: Names) -> str:
    headers = [f"{header['name']} was not sent: {header['why']}" for header in detail.get("dropped", ())]
    return ". ".join([*headers, *([f"Caller ID: {detail['caller_id']}"] if detail.get("caller_id") else [])])


def _leg(detail: Detail, _: Names) -> str:
    target = f" to {detail['target']}" if detail.get("target") else ""
    return f"Twilio reports the dialled leg{target} as {detail['raw'].get('CallStatus', 'unknown')}"


def _recorded(detail: Detail, _: Names) -> str:
    """Twilio tells a message twice: as the caller ends it, and once its file can be fetched."""
    raw = detail["raw"]
    status, seconds = raw.get("RecordingStatus"), raw.get("RecordingDuration")
    if was_lost(raw):
        return f"The message was lost: Twilio reports the recording as {status}"
    if not is_message(raw):
        return NOTHING_LEFT + (": Twilio reports an empty recording" if status else "")
    said = "Twilio has the message ready to be listened to" if status else "A message was recorded"
    return said + (f", {seconds} s" if seconds else "")


def _offered(detail: Detail, _: Names) -> str:
    match detail.get("consented"):
        case True:
            return f"The caller pressed 1 and agreed to a text (prompt of version {detail.get('version', '')})"
        case False:
            return "The caller did not ask for a text"
    return "Offered the caller a text with the details"


def _fallback(detail: Detail, _: Names) -> str:
    said = "Twilio could not use our document and asked the fallback URL"
    return f"{said}: the caller's number may not be shown, so a number of ours is" if detail.get("caller_id") else said


DELIVERIES = {
    "delivered": "was delivered",
    "read": "was read",
    "undelivered": "was not delivered",
    "failed": "could not be sent",
    "canceled": "was canceled",
}
PURPOSES = {"missed": "about the missed call", "details": "with the details"}


def text_to_come(purpose: str) -> str:
    """Of a simulated call, which asks no number and no list of those who may be texted."""
    return f"Text to the caller {PURPOSES[purpose]}, if the number may send and the caller may be texted"


def _text(detail: Detail, _: Names) -> str:
    about = PURPOSES.get(str(detail.get("purpose")), "")
    if "status" in detail:
        return _delivery(detail, about)
    if "taken_on" not in detail:
        return f"Asked the worker for a text {about}"
    return f"The text {about}: {detail['why']}" if detail["taken_on"] else f"No text {about}: {detail['why']}"


def _delivery(detail: Detail, about: str) -> str:
    """Final statuses are Twilio's; without one of them the worker did not send the text, and says why."""
    known = DELIVERIES.get(str(detail["status"]))
    if detail["status"] == "unclear":
        return f"It is not known whether the text {about} was sent: {detail.get('why')}"
    if known is None:
        return f"The text {about} was not sent: {detail.get('why') or detail['status']}"
    code = detail.get("raw", {}).get("ErrorCode")
    return f"The text {about} {known}" + (f" (error {code})" if code else "")


_SENTENCES: Mapping[Kind, Callable[[Detail, Names], str]] = {
    Kind.RECEIVED: lambda detail, names: "The call came in",
    Kind.ASKED: lambda detail, names: f"Met the caller with {str(detail.get('intake', '')).replace('_', ' ')}",
    Kind.GATHERED: lambda detail, names: "The caller answered" if detail.get("understood") else "No useful answer",
    Kind.AGENT_ENDED: lambda detail, names: "The agent's part ended",
    Kind.TRANSFERRED: lambda detail, names: "The API asked for a handoff",
    Kind.DECIDED: _decided,
    Kind.PASSED_OVER: lambda detail, names: f"{_name(detail, names)} was passed over: {detail['why']}",
    Kind.OFFERED: _offered,
    Kind.HANDED_OFF: _handed_off,
    Kind.LEFT_OUT: _left_out,
    Kind.LEG: _leg,
    Kind.SCREENED: lambda detail, names: (
        f"{detail.get('target') or 'The called side'} {SAID.get(detail['said'], detail['said'])}"
    ),
    Kind.DIALLED_AGAIN: lambda detail, names: (
        f"Twilio would not show the caller's number, so {_name(detail, names)} was dialled again with a number of ours"
    ),
    Kind.OUTCOME: _outcome,
    Kind.VOICEMAIL: lambda detail, names: "Asked the caller to leave a message",
    Kind.RECORDED: _recorded,
    Kind.SPOKEN: lambda detail, names: f"Said: {detail.get('text', '')}",
    Kind.HUNG_UP: lambda detail, names: ENDS[Ends(detail["ends"])],
    Kind.FALLBACK: _fallback,
    Kind.TEXT: _text,
    Kind.ENDED: lambda detail, names: "Twilio reports the call as over",
}
