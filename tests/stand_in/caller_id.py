"""Which caller ID a dialled leg may show (docs/voice/twiml/dial, error 13214)."""

from __future__ import annotations

import re

from tests.stand_in.call import Call
from tests.stand_in.transcript import Member

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
SIP_CALLER_ID = re.compile(r"[A-Za-z0-9+\-_.]+")
UNDIALLABLE = frozenset({"+266696687", "+86282452253", "+7378742833", "+2562533", "+8656696", "+464"})
"""Words on a keypad that stand for anonymous, restricted, unavailable and blocked: valid in form, never a caller."""


def fault_of_caller_id(call: Call, caller_id: str | None, member: Member, owned: frozenset[str]) -> tuple[bool, str]:
    """Whether it is a violation or, for what Twilio only may refuse, a warning; and the sentence ("" is fine)."""
    if member.kind == "sip":
        bad = caller_id is not None and not SIP_CALLER_ID.fullmatch(caller_id)
        return True, f"callerId {caller_id!r} for <Sip> holds more than letters, digits and + - _ ." if bad else ""
    if member.kind == "client":
        return True, ""
    if caller_id is None:
        return without_caller_id(call)
    if caller_id in owned:
        return True, ""
    if call.over == "sip" and caller_id in {call.from_, call.to}:
        return True, f"callerId {caller_id!r}: a SIP call may not show its own From or To"
    if call.over == "sip" or caller_id not in {call.from_, call.to}:
        return True, f"callerId {caller_id!r} is neither owned nor verified"
    if not E164.fullmatch(caller_id) or caller_id in UNDIALLABLE:
        return True, f"callerId {caller_id!r} is not a number that a call can show"
    return True, ""


def without_caller_id(call: Call) -> tuple[bool, str]:
    if call.over != "phone":
        return False, f"a {call.over} call dials a number without callerId"
    if not E164.fullmatch(call.from_) or call.from_ in UNDIALLABLE:
        return True, f"no callerId, and the caller's own {call.from_!r} is not a number that a call can show"
    return True, ""
