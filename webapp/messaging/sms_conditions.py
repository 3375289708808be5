"""May this text be sent? Every condition in one table, pure: what is known goes in, the first refusal comes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff_rules.texts import LONGEST_TEXT, has_control_characters
from webapp.calls.text_wish import Purpose as Purpose  # noqa: PLC0414 - who asks for a text names its purpose with its conditions
from webapp.messaging.a2p.senders import SenderKind, is_us_destination, kind_of, region_of
from webapp.messaging.a2p.verdicts import Readiness, Verdict
from webapp.messaging.opt_out import Suppression

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
CALL_IS_FRESH = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class VerifiedCall:
    """A call of our own log: `caller` is the From of a webhook that Twilio signed, never a value of the request.

    `arrived_over` is phone, sip or client.
    """

    call_sid: str
    caller: str
    called: str
    at: datetime
    arrived_over: str
    stir_verstat: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """How the caller agreed to the text; `wording` is what was spoken before the key was pressed.

    `version` is that of the configuration whose prompt it was, empty where it came from elsewhere.
    """

    source: str
    wording: str
    at: datetime
    version: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    per_recipient_and_day: int = 3
    per_day: int = 1000
    regions: frozenset[str] = frozenset({"US", "CA"})


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that the conditions look at."""

    call: VerifiedCall | None
    body: str
    purpose: Purpose
    consent: Consent | None
    verdict: Verdict | None
    suppression: Suppression | None
    own_numbers: frozenset[str]
    now: datetime
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Refusal:
    """`reason` is an identifier for programs; `code` is the Twilio error that sending would have met, or empty."""

    reason: str
    message: str
    fix: str
    code: str = ""


def refusal(known: Circumstances) -> Refusal | None:
    """The first condition that does not hold. Quiet hours, the once-per-call rule and the daily caps come after it."""
    return next((found for condition in CONDITIONS if (found := condition(known)) is not None), None)


def _call_is_ours(known: Circumstances) -> Refusal | None:
    if known.call is None:
        return Refusal("unknown_call", "There is no such call in the call log.", "Use the CallSid of a recent call.")
    if known.now - known.call.at > CALL_IS_FRESH:
        return Refusal("old_call", "The call is more than a day old.", "Text only about a call of today.")
    return None


def _recipient_can_be_texted(known: Circumstances) -> Refusal | None:
    caller = known.call.caller if known.call else ""
    if not E164.fullmatch(caller):
        return Refusal("anonymous_caller", "The caller withheld the number.", "Nothing can be done.", "21211")
    if caller in known.own_numbers:
        return Refusal("own_number", "The caller is one of our own numbers.", "Nothing needs to be done.", "21266")
    if known.call and known.call.arrived_over != "phone":
        # The From of a SIP call is the other system's word; texting it would text whomever a stranger names.
        return Refusal("not_by_phone", "The call did not come from the phone network.", "Call back instead.")
    if kind_of(caller) is SenderKind.TOLL_FREE:
        return Refusal("toll_free_caller", "The caller is a toll-free number.", "Call back instead.", "21211")
    if known.call and known.call.stir_verstat.startswith("TN-Validation-Failed"):
        return Refusal("unverified_caller", "The caller's network could not prove the number.", "Call back instead.")
    return None


def _region_is_allowed(known: Circumstances) -> Refusal | None:
    caller = known.call.caller if known.call else ""
    region = "US" if is_us_destination(caller) else region_of(caller)
    if region in known.limits.regions:
        return None
    return Refusal(
        "region", f"Texts to the region {region or 'unknown'} are not allowed.",
        "Texts go to the United States and Canada.", "21408",
    )  # fmt: skip


def _not_suppressed(known: Circumstances) -> Refusal | None:
    if known.suppression is None:
        return None
    return Refusal(
        "opted_out", f"The recipient must not be texted ({known.suppression.why}).",
        "Only the recipient can change it, by texting START.", "21610",
    )  # fmt: skip


def _text_is_fit(known: Circumstances) -> Refusal | None:
    body = known.body.strip()
    if not body:
        return Refusal("empty_text", "The text is empty.", "Write what the caller shall read.", "21602")
    if len(body) > LONGEST_TEXT:
        return Refusal("long_text", f"The text has {len(body)} characters; {LONGEST_TEXT} are allowed.", "Shorten it.")
    if has_control_characters(body):
        return Refusal("control_characters", "The text holds control characters.", "Remove them.")
    return None


def _consent_is_kept(known: Circumstances) -> Refusal | None:
    if known.purpose is not Purpose.DETAILS or known.consent is not None:
        return None
    return Refusal(
        "no_consent", "The caller did not agree to a text.",
        "Offer it in the call (“press 1 to get the details by text; message and data rates may apply”).", "30555",
    )  # fmt: skip


def _sender_may_send(known: Circumstances) -> Refusal | None:
    verdict = known.verdict
    if verdict is None:
        return Refusal(
            "sender_unknown", "Nothing is known about the SMS registration of the number that was called.",
            "The worker reads it, and so do the console’s page SMS and `handoff sms refresh`.", "30034",
        )  # fmt: skip
    if not verdict.may_send:
        return Refusal(f"sender_{verdict.readiness.name.lower()}", verdict.reason, verdict.next_step, verdict.code)
    if verdict.readiness is Readiness.NOT_NEEDED and verdict.kind is SenderKind.ELSEWHERE and _to_us(known):
        return Refusal(
            "sender_abroad", "The number that was called is not a US number; its texts to the US are unreliable.",
            "Use a registered US number as the sender.", "21612",
        )  # fmt: skip
    return None


def _to_us(known: Circumstances) -> bool:
    return known.call is not None and is_us_destination(known.call.caller)


CONDITIONS: tuple[Callable[[Circumstances], Refusal | None], ...] = (
    _call_is_ours, _recipient_can_be_texted, _region_is_allowed, _not_suppressed, _text_is_fit, _consent_is_kept,
    _sender_may_send,
)  # fmt: skip
