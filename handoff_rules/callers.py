"""What a described call may say of its caller: who it is, in the words that Twilio posts, and what they press."""

from __future__ import annotations

import re

from handoff_rules.intake import MOST_KEYS

HIDING = ("ANONYMOUS", "RESTRICTED", "BLOCKED", "UNKNOWN", "UNAVAILABLE", "PRIVATE")
"""What stands there when the caller hides, in capitals or not, or spelled on the keypad (Twilio, error 13214)."""
_FROM_A_PHONE = re.compile(rf"\+?[0-9]{{1,20}}|{'|'.join(HIDING)}|sips?:\S+", re.IGNORECASE)
"""Wider than E.164: what Twilio cannot make a number of, an extension or a carrier's SIP address, it posts as it is."""
_KEYS = re.compile(rf"[0-9*#]{{0,{MOST_KEYS}}}")


def fault_of_caller(caller: str, over: str) -> tuple[str, str] | None:
    """Why no call that arrives `over` (phone, sip, client) says this of its caller, and the fix.

    An empty caller is one that was never told. What other ways than the phone network may say is not looked into.
    """
    if over != "phone" or not caller or _FROM_A_PHONE.fullmatch(caller):
        return None
    fix = "Write a number as +12125550123, or anonymous for a caller who hides it."
    return f"No call over the phone network comes from “{caller[:60]}”.", fix


def fault_of_digits(digits: str) -> tuple[str, str] | None:
    """Why no caller presses this, and the fix."""
    if _KEYS.fullmatch(digits):
        return None
    return f"“{digits[:60]}” is not what a caller can press.", f"Write up to {MOST_KEYS} keys: 0 to 9, * and #."
