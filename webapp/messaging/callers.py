"""From a call of the call log to the one number that may be texted about it."""

from __future__ import annotations

from webapp.calls.record import CallRecord
from webapp.messaging.sms_conditions import VerifiedCall


def verified_call(record: CallRecord | None) -> VerifiedCall | None:
    """The caller as Twilio's signed webhook named it, from the stored facts; nothing that the API or an agent wrote."""
    if record is None or record.facts is None:
        return None
    told = record.facts.variables
    return VerifiedCall(
        call_sid=record.call_sid,
        caller=told.get("caller_id", ""),
        called=told.get("called_number", ""),
        at=record.facts.at,
        stir_verstat=told.get("stir_verstat", ""),
        arrived_over=told.get("arrived_over", ""),
    )
