"""The rows for toll-free numbers, which need a verification instead of a campaign."""

from __future__ import annotations

from datetime import datetime

from webapp.messaging.a2p.rows import Row
from webapp.messaging.a2p.verdicts import NumberFacts, Readiness, Who
from webapp.messaging.explain import explain
from webapp.twilio_rest.answers import TollFreeVerification

RULE = "https://www.twilio.com/docs/messaging/api/tollfree-verification-resource"


def toll_free(facts: NumberFacts, now: datetime) -> Row:
    if facts.unreadable and facts.verification is None:
        return Row(
            Readiness.UNKNOWN,
            "UNREADABLE",
            f"Twilio did not show the toll-free verifications. {facts.unreadable}",
            "Check again in a few minutes.",
            Who.YOU,
        )
    known = facts.verification
    if known is None:
        return Row(
            Readiness.BLOCKED,
            "TOLL_FREE_UNVERIFIED",
            "No toll-free verification was submitted for this number.",
            "Submit the toll-free verification in the Twilio Console.",
            Who.YOU,
            code="30032",
        )
    if known.status == "TWILIO_APPROVED":
        return _approved(facts, known, now)
    if known.status in ("PENDING_REVIEW", "IN_REVIEW"):
        return Row(
            Readiness.WAITING,
            "TOLL_FREE_IN_REVIEW",
            "The toll-free verification is in review; texts are blocked meanwhile.",
            "Wait three to five business days.",
            Who.TWILIO,
            twilio_value=known.status,
            since=known.date_created,
            code="30032",
        )
    if known.status == "TWILIO_REJECTED":
        return _rejected(known, now)
    return Row(
        Readiness.UNKNOWN,
        "TOLL_FREE_UNKNOWN",
        f"Twilio calls the verification “{known.status or '(nothing)'}”. We do not know "
        "that word, so it does not count as approved.",
        "Look at the verification in the Twilio Console.",
        Who.YOU,
        twilio_value=known.status,
        code="30032",
    )


def _approved(facts: NumberFacts, known: TollFreeVerification, now: datetime) -> Row:
    refused_at = facts.delivery.blocked_at
    repaired = refused_at is not None and known.date_updated is not None and known.date_updated > refused_at
    if facts.delivery.is_refused and not repaired:
        is_pausing = facts.delivery.blocks(now)
        return Row(
            Readiness.BLOCKED if is_pausing else Readiness.WAITING,
            "TOLL_FREE_REFUSED",
            "The verification is approved, but the last text was refused.",
            "Compare the text with the use that was approved; then ask Twilio Support.",
            Who.SUPPORT,
            may_send=not is_pausing,
            twilio_value=facts.delivery.blocked_by,
            since=refused_at,
            code=facts.delivery.blocked_by,
        )
    return Row(
        Readiness.READY,
        "TOLL_FREE_VERIFIED",
        "The toll-free verification is approved, for the use that it states.",
        "Nothing.",
        Who.NOBODY,
        may_send=True,
        twilio_value=known.status,
        since=known.date_created,
    )


def _rejected(known: TollFreeVerification, now: datetime) -> Row:
    code = known.error_code or next((reason.code for reason in known.reasons if reason.code), "")
    why = (
        explain(code).title.removeprefix("TFV rejected: ")
        if code
        else known.rejection_reason or "Twilio gives no reason."
    )
    expires = known.edit_expiration
    editable = known.edit_allowed is True and (expires is None or now < expires)
    by = f" before {expires:%Y-%m-%d}" if editable and expires else ""
    step = (
        f"Correct the verification and resubmit it{by}; within that window it keeps its place in the queue."
        if editable
        else "Submit a new verification in the Twilio Console."
    )
    return Row(
        Readiness.BLOCKED,
        "TOLL_FREE_REJECTED",
        f"The toll-free verification was rejected: {why.rstrip('.')}.",
        step,
        Who.YOU,
        twilio_value=known.status,
        since=known.date_created,
        code=code or "30032",
        rejected_fields=known.reasons,
        warnings=(f"The edit window closes on {expires:%Y-%m-%d %H:%M} UTC.",) if editable and expires else (),
    )
