"""The number that a called person sees, from what is known of the call and of our own numbers. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from handoff_rules.caller_id import CallerID, caller_id_for
from handoff_rules.destinations import Destination


class OurNumbers(NamedTuple):
    """`default` stands in for a number that cannot be shown. `owned` are the numbers that may be shown at all; empty
    when they are not known."""

    default: str | None = None
    owned: Collection[str] = ()


def shown_number(
    destination: Destination, ours: OurNumbers, *, phone: bool, over: str, variables: Mapping[str, str],
    callers_is_refused: bool,
) -> CallerID:  # fmt: skip
    """`phone`: a phone rings, else a SIP address. `callers_is_refused`: Twilio would not show the caller's number."""
    wanted = destination.caller_id
    return caller_id_for(
        over=over,
        phone=phone,
        caller=variables.get("caller_id", ""),
        called=variables.get("called_number", ""),
        wanted="called" if callers_is_refused and wanted == "caller" else wanted,
        default_caller_id=ours.default,
        owned=ours.owned,
    )


def can_show_another(
    destination: Destination, ours: OurNumbers, *, phone: bool, over: str, variables: Mapping[str, str]
) -> bool:
    """Whether a number of ours is left to show after Twilio has refused the one that was shown first."""
    first, then = (
        shown_number(destination, ours, phone=phone, over=over, variables=variables, callers_is_refused=refused)
        for refused in (False, True)
    )
    return then.value is not None and then.value != first.value
