"""The legs of a call and the parameters that Twilio sends about each (docs/voice/twiml, docs/voice/api/sip-twiml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from tests.stand_in.call import Call

API_VERSION = "2010-04-01"
SIP_DOMAIN = "example.sip.twilio.com"


def sid(prefix: str, random: Random) -> str:
    return f"{prefix}{random.getrandbits(128):032x}"


@dataclass(slots=True)
class Leg:
    """One leg. `sequence` numbers its status callbacks; `fixed` are the parameters that do not change."""

    sid: str
    fixed: Mapping[str, str]
    is_sip: bool
    parent: Leg | None = None
    status: str = "ringing"
    answered_at: float | None = None
    sequence: int = 0
    final: bool = False
    sip: Mapping[str, str] = field(default_factory=dict)

    def parameters(self) -> dict[str, str]:
        """What every request about this leg carries, with the status of this moment."""
        return {"CallSid": self.sid, "CallStatus": self.status, **self.fixed}

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    def next_sequence(self) -> str:
        number, self.sequence = self.sequence, self.sequence + 1
        return str(number)


def inbound_leg(call: Call, account_sid: str, random: Random) -> Leg:
    """The caller's leg. Twilio sends Caller and Called beside From and To, with the same values."""
    fixed = {
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
        "Direction": "inbound",
        "From": call.from_,
        "To": call.to,
        "Caller": call.from_,
        "Called": call.to,
    }
    optional = {
        "CallerName": call.caller_name, "ForwardedFrom": call.forwarded_from, "StirVerstat": call.stir_verstat,
    }  # fmt: skip
    fixed |= {name: value for name, value in optional.items() if value is not None}
    if call.over == "phone":
        fixed |= geography(call)
    if call.over == "sip":
        fixed |= {
            "SipDomain": SIP_DOMAIN,
            "SipDomainSid": f"SD{random.getrandbits(128):032x}",
            "SipCallId": f"{random.getrandbits(64):016x}@198.51.100.7",
            "SipSourceIp": "198.51.100.7",
            **{f"SipHeader_{name}": value for name, value in call.sip_headers.items()},
        }
    return Leg(sid("CA", random), fixed | dict(call.more), is_sip=call.over == "sip")


def geography(call: Call) -> dict[str, str]:
    """Where the numbers are, when Twilio knows it: it does for numbers of the numbering plan, not for others."""
    found: dict[str, str] = {}
    for side, party, number in (("From", "Caller", call.from_), ("To", "Called", call.to)):
        if number.startswith("+1") and len(number) == 12:
            for name, value in (("City", "NEW YORK"), ("State", "NY"), ("Zip", "10001"), ("Country", "US")):
                found[side + name] = found[party + name] = value
    return found


def dialled_leg(parent: Leg, target: str, caller_id: str, random: Random, *, is_sip: bool) -> Leg:
    """A leg that `<Dial>` makes."""
    fixed = {
        "AccountSid": parent.fixed["AccountSid"],
        "ApiVersion": API_VERSION,
        "Direction": "outbound-dial",
        "From": caller_id,
        "To": target,
        "Caller": caller_id,
        "Called": target,
        "ParentCallSid": parent.sid,
    }
    host = target.partition("@")[2].partition(";")[0].partition(":")[0]
    sip = {"SipCallId": f"{random.getrandbits(64):016x}@{host}", "SipDomain": host} if is_sip else {}
    return Leg(sid("CA", random), fixed, is_sip=is_sip, parent=parent, status="initiated", sip=sip)
