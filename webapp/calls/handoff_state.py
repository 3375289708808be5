"""What became of a handoff, in the shape that PolyAI's handoff-state API has: `{id, shared_id, data}`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from handoff_rules.outcomes import Ends
from webapp.calls.record import CallRecord
from webapp.calls.told import SHARED_ID

DONE = (Ends.ANSWERED, Ends.REFERRED, Ends.RETURNED)
HIDDEN = "••••"
STATES = ("none", "initiated", "in_progress", "completed", "unconfirmed", "failed")


def handoff_state(
    record: CallRecord, wish_state: str, wish: Mapping[str, Any], secrets: Collection[str] = ()
) -> dict[str, Any]:
    """`state` is one of STATES; `ends`, `outcome` and `attempts` say it in our own words, with the raw codes."""
    last = record.attempts[-1] if record.attempts else None
    return {
        "id": record.call_sid,
        "shared_id": record.variables.get(SHARED_ID),
        "data": {
            "state": _state(record, wish_state),
            "handoff": bool(record.attempts),
            "handoff_reason": record.reason,
            "handoff_destination": last.destination if last else None,
            "outcome": last.outcome.value if last and last.outcome else None,
            "ends": record.ends.value if record.ends else None,
            "attempts": [
                {
                    "destination": one.destination, "verb": one.verb,
                    "outcome": one.outcome.value if one.outcome else None, "raw": dict(one.raw),
                }
                for one in record.attempts
            ],
            "variables": {name: HIDDEN if name in secrets else value for name, value in record.variables.items()},
            "context": dict(wish.get("context") or {}),
        },
    }  # fmt: skip


def _state(record: CallRecord, wish_state: str) -> str:
    if wish_state in ("asking", "redirected", "uncertain") and record.ends is None:
        return "initiated"
    if record.ends is None:
        return "in_progress" if record.attempts else "none"
    if record.ends is Ends.UNCONFIRMED:
        return "unconfirmed"
    if not record.attempts:
        return "none"
    return "completed" if record.ends in DONE else "failed"
