"""Twilio's and SIP's result codes become our few outcomes. Tables; an unknown value is handled and stays visible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handoff_rules.outcomes import Outcome

# https://www.twilio.com/docs/voice/twiml/dial: DialCallStatus
DIAL_CALL_STATUS = {
    "answered": Outcome.ANSWERED,
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
    "canceled": Outcome.CANCELED,
}

# https://www.twilio.com/docs/voice/twiml/refer: success is `in-progress`, not `completed`
REFER_CALL_STATUS = {
    "in-progress": Outcome.REFERRED,
    "completed": Outcome.REFERRED,
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
    "canceled": Outcome.CALLER_HUNG_UP,
}

# Final SIP responses that say more than the status beside them (RFC 3261 section 21).
SIP_RESPONSE = {"486": Outcome.BUSY, "600": Outcome.BUSY, "603": Outcome.DECLINED, "480": Outcome.NO_ANSWER,
                "408": Outcome.NO_ANSWER, "487": Outcome.NO_ANSWER}  # fmt: skip

REFINED_BY_SIP = frozenset({Outcome.FAILED, Outcome.BUSY})
"""A 603 arrives as busy or as failed, Twilio does not say which (twilio-voice section 5): the code decides."""

CALL_OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
"""Values of CallStatus that mean that the caller's own leg has ended."""

SEEN_AFTER_A_REDIRECT = (Outcome.ANSWERED, Outcome.CANCELED, Outcome.NO_ANSWER)
"""How a `<Dial>` may end when the REST API takes the caller out of it (twilio-voice 6.2): Twilio does not say what it
calls a line that still rang then."""

RAW_FIELDS = (
    "CallStatus", "DialCallStatus", "DialCallSid", "DialCallDuration", "DialBridged", "DialSipResponseCode",
    "DialSipCallId", "ReferCallStatus", "ReferSipResponseCode", "NotifySipResponseCode", "SipResponseCode",
    "CallDuration", "RecordingUrl", "RecordingDuration", "RecordingSid", "RecordingStatus", "ErrorCode", "ErrorUrl",
    "SessionStatus", "ErrorMessage", "AnsweredBy", "SequenceNumber", "Timestamp",
)  # fmt: skip


CALLER_ID_REFUSED = frozenset({"13214", "13247", "13248"})
"""https://www.twilio.com/docs/api/errors/13214: the caller ID is not allowed, not valid, or too long. A `<Dial>` that
ends as `failed` without such a code proves nothing, so nothing is tried again on that."""


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt's outcome with Twilio's own words beside it; `unknown` names a value that no table holds.

    `by_far_end`: the far end or the network said so; else a webhook of ours was lost, which says nothing about them.
    """

    outcome: Outcome
    raw: Mapping[str, str]
    caller_is_there: bool
    unknown: str | None = None
    by_far_end: bool = True

    @property
    def talked_seconds(self) -> int:
        """How long ago the far end picked up; 0 when it did not."""
        text = self.raw.get("DialCallDuration", "")
        return int(text) if text.isdecimal() and len(text) < 7 else 0


def raw_fields(form: Mapping[str, str]) -> dict[str, str]:
    return {name: form[name] for name in RAW_FIELDS if form.get(name)}


def caller_is_there(form: Mapping[str, str]) -> bool:
    return form.get("CallStatus", "in-progress") not in CALL_OVER


def refused_caller_id(form: Mapping[str, str]) -> bool:
    """True when Twilio says that it would not show the caller ID of the document before."""
    return form.get("ErrorCode", "") in CALLER_ID_REFUSED


def refused_document(form: Mapping[str, str]) -> str:
    """The code with which Twilio would not do what stands in a document of ours (13254: no such SIP host), as only the
    fallback URL is told. Empty for one that was lost or spoilt on its way (11200, 12100), and for a refused caller ID:
    what such a document said can be said again."""
    code = form.get("ErrorCode", "") if "ErrorUrl" in form else ""
    return code if code.startswith("13") and code not in CALLER_ID_REFUSED else ""


def is_unbridged(form: Mapping[str, str]) -> bool:
    """`completed` without a bridge is not an answer: the far leg declined, was a machine, or went away (DESIGN 3)."""
    return form.get("DialCallStatus") == "completed" and form.get("DialBridged", "").lower() == "false"


def dial_outcome(form: Mapping[str, str], screened: Outcome | None = None) -> Attempted:
    """The outcome of a `<Dial>`. `screened` is what its lines said while nobody was connected, when all of them did."""
    status = form.get("DialCallStatus", "")
    there = caller_is_there(form)
    unknown = None
    if status == "completed":
        outcome = (screened or Outcome.NO_ANSWER) if is_unbridged(form) else Outcome.ANSWERED
    elif status in DIAL_CALL_STATUS:
        outcome = screened or DIAL_CALL_STATUS[status]
        if screened is None and outcome in REFINED_BY_SIP:
            outcome = SIP_RESPONSE.get(form.get("DialSipResponseCode", ""), outcome)
    else:
        outcome, unknown = Outcome.FAILED, f"DialCallStatus={status or '(absent)'}"
    if not there and outcome is not Outcome.ANSWERED:
        outcome = Outcome.CALLER_HUNG_UP
    return Attempted(outcome, raw_fields(form), there, unknown)


def _notified(code: str) -> Outcome:
    """What the last NOTIFY said, where Twilio leaves the status out: its page does so for a REFER that failed."""
    if code.startswith("2"):
        return Outcome.REFERRED
    return SIP_RESPONSE.get(code, Outcome.FAILED) if code[:1] in ("3", "4", "5", "6") else Outcome.UNCONFIRMED


def refer_outcome(form: Mapping[str, str]) -> Attempted:
    """The outcome of a `<Refer>`: accepted (202) without a NOTIFY is unconfirmed, never success (twilio-voice 3.4)."""
    status = form.get("ReferCallStatus", "")
    there = caller_is_there(form)
    unknown = None
    if status in REFER_CALL_STATUS:
        outcome = REFER_CALL_STATUS[status]
        if outcome in REFINED_BY_SIP:
            outcome = SIP_RESPONSE.get(form.get("NotifySipResponseCode", ""), outcome)
    elif status:
        outcome, unknown = Outcome.UNCONFIRMED, f"ReferCallStatus={status}"
    elif form.get("ReferSipResponseCode", "").startswith("2"):
        outcome = _notified(form.get("NotifySipResponseCode", ""))
    else:
        outcome = Outcome.FAILED
    if not there and outcome in (Outcome.BUSY, Outcome.NO_ANSWER, Outcome.FAILED):
        outcome = Outcome.CALLER_HUNG_UP
    if there and outcome is Outcome.CALLER_HUNG_UP:  # Twilio's word for a caller who is gone, and this one is not
        outcome = Outcome.CANCELED
    return Attempted(outcome, raw_fields(form), there, unknown)
