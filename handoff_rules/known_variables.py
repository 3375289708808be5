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
RESERVED = FROM_TWILIO | FROM_CALLER | FROM_FLOW
SIP_PREFIX = "sip_"
"""`sip_x_customer_id` is the header `X-Customer-ID` of an inbound SIP call: a stranger's word."""
OF_THE_CALL = {
    "caller_id": "from", "called_number": "to", "arrived_over": "over", "digits": "digits", "speech": "speech",
    "call_sid": "call_sid",
}  # fmt: skip
"""Where the description of a call (a saved test, a simulation) has a field of its own for the variable."""
NEVER_TOLD = FROM_FLOW | {"direction", "speech_confidence"}
"""A described call cannot give these: the flow and the direction say them."""


def is_reserved(name: str) -> bool:
    """True for what only Twilio, the caller, a SIP peer or the flow may say: no rule, menu, agent or API call."""
    return name in RESERVED or name.startswith(SIP_PREFIX)


def is_built_in(name: str) -> bool:
    """True for what a condition or a text may name without declaring it."""
    return name in RESERVED or name.startswith(f"{SIP_PREFIX}x_")


def who_sets(name: str) -> str:
    """Who alone may say a reserved name, for a sentence that begins with the name."""
    if name in FROM_TWILIO:
        return "comes from Twilio"
    if name in FROM_CALLER:
        return "is what the caller pressed or said"
    return "is told by the handoff itself" if name in FROM_FLOW else "is a header of the caller's own system"


def fault_of_told(name: str, over: str) -> tuple[str, str] | None:
    """Why a described call that arrives `over` (phone, sip, client) cannot give this variable, and the fix."""
    if field := OF_THE_CALL.get(name):
        return f"{name} has a field of its own.", f"Use `{field}`."
    if name in NEVER_TOLD:
        return f"{name} cannot be given.", "Remove it: it is known while the call is played."
    if name.startswith(SIP_PREFIX) and over != "sip":
        return f"{name} comes from a SIP header.", "Let the call arrive over SIP, or remove it."
    return None
