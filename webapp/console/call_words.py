"""One call's timeline as sentences: what happened, who said no, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handoff_rules.outcomes import Outcome
from webapp.calls.recordings import is_message, recording_link, was_lost
from webapp.calls.sentences import SAID, is_untold, sentence
from webapp.calls.timeline import Event, Kind
from webapp.console.masking import Show, readable
from webapp.console.sentences import ENDED, OUTCOMES

GOOD = {Outcome.ANSWERED, Outcome.REFERRED}
BAD = {Outcome.FAILED, Outcome.BLOCKED, Outcome.UNCONFIRMED, Outcome.DECLINED}
OUTCOME_SIGNS = {outcome: "ok" if outcome in GOOD else "bad" if outcome in BAD else "warn" for outcome in Outcome}
REACHED = {"answered", "referred", "returned"}
ELSEWHERE = {"voicemail", "message", "unconfirmed"}
FAILED = {"hung_up"}
"""Ends of calls as the counts of pages sum them up; in none of these: the caller hung up, or the call goes on."""
ENDS_SIGNS = {
    "answered": "ok", "referred": "ok", "returned": "ok", "voicemail": "", "message": "", "unconfirmed": "warn",
    "caller_hung_up": "warn", "hung_up": "bad",
}  # fmt: skip
VERBS = {"dial": "rang it", "refer": "asked the other system to take the call over", "hangup": "gave the call back"}
ARRIVED = frozenset({"delivered", "read"})
LEG_WORDS = {
    "initiated": "The phone network has the call.",
    "queued": "The phone network has the call.",
    "ringing": "It rings at the destination.",
    "in-progress": "The destination picked up.",
    "answered": "The destination picked up.",
    "completed": "That leg ended.",
    "busy": "The destination was busy.",
    "no-answer": "Nobody picked up.",
    "failed": "The leg could not be set up.",
    "canceled": "The leg was canceled.",
}


@dataclass(frozen=True, slots=True)
class Told:
    """`raw` is what Twilio sent, in its own words, for whoever wants them; `link` is where a message can be heard."""

    sign: str
    text: str
    at_ms: int
    raw: Mapping[str, str]
    link: str = ""


def ends_words(ends: str) -> str:
    return ENDED.get(ends, ends) if ends else "Still going on, or Twilio has not told the end"


def tell(event: Event, names: Mapping[str, str], rules: Mapping[str, str], show: Show) -> Told:
    sign, text = _words(event, names, rules)
    raw = event.detail.get("raw")
    shown = show({key: value for key, value in raw.items() if value}, "") if isinstance(raw, Mapping) else {}
    return Told(sign, show(text, ""), event.at_ms, shown, show(recording_link(event.detail), ""))


def _words(event: Event, names: Mapping[str, str], rules: Mapping[str, str]) -> tuple[str, str]:
    detail: Mapping[str, Any] = event.detail
    place = names.get(str(detail.get("destination")), str(detail.get("destination") or ""))
    match event.kind:
        case Kind.DECIDED:
            rule = rules.get(str(detail.get("rule")), str(detail.get("rule") or ""))
            why = f"rule \u201c{rule}\u201d matched" if rule else "no rule matched, so the default counts"
            asked = " as it was asked for" if detail.get("asked_for") else f": {why}"
            return "ok", f"The call goes to {place}{asked}."
        case Kind.HANDED_OFF:
            note = f" {detail['note']}" if detail.get("note") else ""
            return "", f"Attempt {event.attempt}: {place}. We {VERBS.get(str(detail.get('verb')), 'tried it')}.{note}"
        case Kind.OUTCOME:
            return _outcome(detail, place)
        case Kind.PASSED_OVER:
            return "warn", f"{place or 'A step'} was passed over: {detail.get('why') or 'it serves other outcomes'}."
        case Kind.LEG | Kind.SCREENED:
            return "", _of_a_line(event)
        case Kind.LEFT_OUT:
            return "warn", f"{sentence(event, names) or 'Some headers were left out'}."
        case Kind.OFFERED | Kind.TEXT | Kind.RECORDED:
            return _sign(event), f"{sentence(event, names).rstrip('.')}."
        case _:
            return _simple(event)


def _outcome(detail: Mapping[str, Any], place: str) -> tuple[str, str]:
    try:
        outcome = Outcome(str(detail.get("outcome")))
    except ValueError:
        return "warn", f"{place}: {detail.get('outcome')}."
    return OUTCOME_SIGNS[outcome], f"{place}: {'not told' if is_untold(detail) else OUTCOMES[outcome]}."


def _of_a_line(event: Event) -> str:
    """Of a ring group every line tells the same, so each says which one it is."""
    status, line = event.id.rpartition(":")[2], event.detail.get("target")
    if event.kind is Kind.SCREENED:
        said = str(event.detail.get("said"))
        return f"{readable(str(line)) if line else 'Whoever picked up'} {SAID.get(said, said)}."
    words = LEG_WORDS.get(status, f"A leg is {status}.")
    return f"{readable(str(line))}: {words[0].lower()}{words[1:]}" if line else words


def _sign(event: Event) -> str:
    """Of what is told in the same words everywhere."""
    if event.kind is Kind.RECORDED:
        raw = event.detail["raw"]
        return "ok" if is_message(raw) else "bad" if was_lost(raw) else "warn"
    went_wrong = event.detail.get("taken_on") is False or event.detail.get("status", "delivered") not in ARRIVED
    return "warn" if went_wrong else ""


def _simple(event: Event) -> tuple[str, str]:
    detail = event.detail
    refused = ": the caller\u2019s number may not be shown" if detail.get("caller_id") else ""
    texts = {
        Kind.RECEIVED: ("ok", "The call came in."),
        Kind.ASKED: ("", "The caller was asked what the call is about."),
        Kind.GATHERED: ("", "The caller answered."),
        Kind.AGENT_ENDED: ("", "The agent passed the call on."),
        Kind.TRANSFERRED: ("", "The live call was redirected over the API."),
        Kind.DIALLED_AGAIN: ("warn", "Twilio would not show the caller's number: dialled again with a number of ours."),
        Kind.VOICEMAIL: ("", "The caller was asked to leave a message."),
        Kind.SPOKEN: ("", f"The caller heard: \u201c{detail.get('text', '')}\u201d"),
        Kind.HUNG_UP: ("", "We ended the call."),
        Kind.FALLBACK: ("bad", f"Twilio could not reach or use our answer and used the fallback address{refused}."),
        Kind.ENDED: ("", "The call is over."),
    }
    return texts.get(event.kind, ("", event.kind.value.replace("_", " ").capitalize() + "."))
