"""What became of a handoff, in the shape that PolyAI's handoff-state API has: `{id, shared_id, data}`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

from handoff_rules.atoms import HIDDEN
from handoff_rules.outcomes import Ends
from webapp.calls.handoff import Requested
from webapp.calls.record import CallRecord
from webapp.calls.told import SHARED_ID

DONE = (Ends.ANSWERED, Ends.REFERRED, Ends.RETURNED)
State = Literal["none", "initiated", "in_progress", "completed", "unconfirmed", "failed"]
NOT_DONE = ("refused", "uncertain")


def handoff_state(
    record: CallRecord, requested: Requested | None, secrets: Collection[str] = ()
) -> dict[str, Any]:  # fmt: skip
    """`state` is a State; `ends`, `outcome` and `attempts` say it in our own words, with the raw codes. `requested` is
    what the API asked for last, and what became of that order."""
    last = record.attempts[-1] if record.attempts else None
    return {
        "id": record.call_sid,
        "shared_id": record.variables.get(SHARED_ID),
        "data": {
            "state": _state(record, requested),
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
            "context": dict(requested.context) if requested and requested.state not in NOT_DONE else {},
            "requested": requested and {
                "number": requested.number, "destination": requested.destination, "state": requested.state,
            },
        },
    }  # fmt: skip


def _state(record: CallRecord, requested: Requested | None) -> State:
    if requested and requested.state in ("asking", "redirected", "uncertain") and record.ends is None:
        return "initiated"
    if record.ends is None:
        return "in_progress" if record.attempts else "none"
    if record.ends is Ends.UNCONFIRMED:
        return "unconfirmed"
    if not record.attempts:
        return "none"
    return "completed" if record.ends in DONE else "failed"
