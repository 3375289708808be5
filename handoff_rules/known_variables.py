"""The call variables that exist without being declared, and who sets them (DESIGN section 3)."""

from __future__ import annotations

FROM_TWILIO = frozenset(
    {
        "call_sid", "account_sid", "caller_id", "called_number", "direction", "arrived_over", "caller_name",
        "caller_city", "caller_state", "caller_zip", "caller_country", "called_city", "called_state", "called_zip",
        "called_country", "forwarded_from", "stir_verstat", "sip_domain", "sip_call_id",
    }
)  # fmt: skip
"""Trusted, and never overridden by anyone."""
FROM_CALLER = frozenset({"digits", "speech", "speech_confidence"})
FROM_FLOW = frozenset({"handoff_reason", "handoff_destination", "previous_outcome", "attempt"})
BUILT_IN = FROM_TWILIO | FROM_CALLER | FROM_FLOW
SIP_HEADER = "sip_x_"
"""`sip_x_customer_id` is the header `X-Customer-ID` of an inbound SIP call: a stranger's word."""


def is_built_in(name: str) -> bool:
    return name in BUILT_IN or name.startswith(SIP_HEADER)
