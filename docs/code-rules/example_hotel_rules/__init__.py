"""Two code rules for the demo configuration: what conditions cannot say.

A code rule is a function of the call variables. It returns a destination id, a mapping with overrides, or None.
"""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

GUESTS = {"C-1042": "suite", "C-1043": "single"}
"""Stands for whatever you ask: keep it in memory, because a caller waits for the answer."""

DESKS = ("front-desk", "reservations")


def returning_guest(variables: Mapping[str, str]) -> dict[str, object] | None:
    """Who stays in a suite goes to the front desk, and the desk sees why."""
    if GUESTS.get(variables.get("customer_id", "")) != "suite":
        return None
    return {"destination": "front-desk", "reason": "suite_guest", "set": {"room": "suite"}}


def round_the_desks(variables: Mapping[str, str]) -> str | None:
    """Calls about a booking take turns between the desks: the same caller always meets the same one."""
    if variables.get("intent") != "booking":
        return None
    return DESKS[crc32(variables.get("caller_id", "").encode()) % len(DESKS)]
