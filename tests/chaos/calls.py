"""The calls that run while something is hurt, an endless row, each from its own seed; and what they meet."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.stand_in import Answer, Call, Disturbance

DOCUMENT: dict[str, Any] = {
    "schema": 1,
    "name": "Through trouble",
    "default_destination": "front-desk",
    "sip_host": "pbx.example.com",
    "ending": {"say": "Nobody could take your call."},
    "destinations": [
        {
            "id": "billing", "name": "Billing", "method": "REFER", "route": "sip:billing@pbx.example.com",
            "headers": [{"name": "X-Customer", "value": "$sip_x_customer"}],
            "fallback": [{"destination": "night", "on": ["busy", "failed", "unconfirmed"]}, {"voicemail": {}}],
        },
        {"id": "night", "name": "Night", "method": "INVITE", "route": ["+14155550101", "+14155550102"]},
        {"id": "front-desk", "name": "Front desk", "method": "INVITE", "route": "+14155550100"},
    ],
    "rules": [{"id": "billing", "name": "Billing", "destination": "billing", "when": {"any": [
        {"variable": "caller_id", "ends_with": ["1", "3", "5", "7", "9"]},
        {"variable": "arrived_over", "is": "sip"}]}}],
}  # fmt: skip
WORDS = ("answered", "answered", "busy", "no_answer", "failed", "declined", "unconfirmed", "caller_hung_up", "sip:503")


def leg(chance: Random, over_sip: float) -> dict[str, Any]:
    """Who calls, and over what: what a `Call` is told of it. `over_sip`: the share of calls that come over SIP."""
    caller = f"+1212555{chance.randrange(10_000):04d}"
    if chance.random() >= over_sip:
        return {"from_": caller, "to": "+14155550199", "over": "phone"}
    return {"from_": f"sip:{caller}@pbx.example.com", "to": "sip:help@example.sip.twilio.com", "over": "sip"}


def call(number: int) -> Call:
    """The same number is always the same call: its leg, its far ends, and what happens to its callbacks."""
    chance = Random(number)
    own = leg(chance, over_sip=0.4)
    return Call(
        **own,
        sip_headers={"X-Customer": f"C-{number}"} if own["over"] == "sip" else {},
        far_end=tuple(Answer(chance.choice(WORDS)) for _ in range(chance.randrange(4))),
        disturbance=Disturbance(repeat=0.1, repeat_status=0.2, delay_status=300, lose_status=0.1),
        allowed_targets=frozenset({"sip:billing@pbx.example.com", "+14155550100", "+14155550101", "+14155550102"}),
        seed=number,
    )
