"""The call to play: who calls what, over which leg, when, and what is known by then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from handoff_rules.known_variables import FROM_CALLER
from handoff_rules.outcomes import Ends
from handoff_rules.saved_tests import CALL_SID, TestCall
from webapp.voice.variables import ARRIVED_OVER, SIP, SIP_PREFIX, is_reserved


@dataclass(frozen=True, slots=True)
class SimulatedCall:
    """`variables` are what agents, the API and (as `sip_…` or `caller_city` …) the request itself would tell.

    `asked_for` and `reason` are the destination and the reason that an agent names when its part ends, or the API and a
    desk that REFERs to us at any time: where no agent meets the caller, the call is played from there on. `failing` are
    the destinations that fail again and again by then. `leaves`: how the call is over before a menu or an agent has
    led it to a decision, because the caller hung up or needed nothing more.
    """

    caller: str
    called: str
    over: str = "phone"
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    variables: Mapping[str, str] = field(default_factory=dict)
    digits: str = ""
    speech: str = ""
    call_sid: str = CALL_SID
    account_sid: str = ""
    asked_for: str | None = None
    reason: str = ""
    failing: frozenset[str] = frozenset()
    leaves: Ends | None = None

    @classmethod
    def of_test(cls, test: TestCall, now: datetime) -> SimulatedCall:
        return cls(
            test.from_, test.to, test.over, test.at or now, test.variables, test.digits, test.speech,
            test.call_sid or CALL_SID, asked_for=test.asked_for, failing=frozenset(test.failing),
        )  # fmt: skip

    @property
    def from_the_request(self) -> dict[str, str]:
        """What Twilio's first request would tell of this call."""
        told = {name: value for name, value in self.variables.items() if is_reserved(name) and name not in FROM_CALLER}
        told |= {
            "call_sid": self.call_sid, "caller_id": self.caller, "called_number": self.called,
            "direction": "inbound", ARRIVED_OVER: self.over,
        }  # fmt: skip
        if self.account_sid:
            told["account_sid"] = self.account_sid
        return {name: value for name, value in told.items() if value and (self.over == SIP or not _is_sip(name))}

    @property
    def from_agents(self) -> dict[str, str]:
        return {name: value for name, value in self.variables.items() if not is_reserved(name)}


def _is_sip(name: str) -> bool:
    return name.startswith(SIP_PREFIX)
