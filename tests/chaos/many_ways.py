"""Calls that go every way there is: groups that are screened, REFER, BYE, offers, voicemail, words, given up."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.chaos.calls import leg
from tests.stand_in import Answer, Call, Disturbance, Message

DOCUMENT: dict[str, Any] = {
    "schema": 1,
    "name": "Many ways",
    "default_destination": "desk",
    "sip_host": "pbx.example.com",
    "ending": {"say": "Nobody could take your call."},
    "destinations": [
        {"id": "team", "name": "Team", "method": "INVITE", "screen": "accept", "machine_detection": True,
         "route": ["+14155550101", "sip:team@pbx.example.com", "+14155550102"],
         "headers": [{"name": "X-Caller", "value": "$caller_id"}],
         "fallback": [{"destination": "chain", "on": ["declined", "busy", "failed"]},
                      {"voicemail": {}, "on": ["machine"]}, {"destination": "desk"}]},
        {"id": "chain", "name": "Chain", "method": "INVITE", "route": ["+14155550103", "+14155550104"],
         "ring": "in_order", "screen": "whisper", "fallback": [{"say": "They are all away."}]},
        {"id": "refer", "name": "Refer", "method": "REFER", "route": "sip:refer@pbx.example.com",
         "utterance": "One moment.",
         "fallback": [{"destination": "team", "on": ["busy", "unconfirmed", "failed"]}, {"voicemail": {}}]},
        {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550100",
         "offer_text": {"prompt": "A text? Press 1.", "body": "Ours is 4155550199."}},
        {"id": "back", "name": "Back", "method": "BYE"},
    ],
    "rules": [
        {"id": "back", "name": "Back", "destination": "back", "when": {"variable": "sip_x_way", "is": "back"}},
        {"id": "refer", "name": "Refer", "destination": "refer", "when": {"any": [
            {"variable": "caller_id", "ends_with": ["7", "8"]}, {"variable": "sip_x_way", "is": "refer"}]}},
        {"id": "team", "name": "Team", "destination": "team",
         "when": {"variable": "caller_id", "ends_with": ["1", "3"]}},
        {"id": "chain", "name": "Chain", "destination": "chain",
         "when": {"variable": "caller_id", "ends_with": ["5"]}},
    ],
}  # fmt: skip
RUNG = {
    "+14155550101": "team", "+14155550103": "chain", "sip:refer@pbx.example.com": "refer", "+14155550100": "desk",
}  # fmt: skip
"""The destination of an attempt, by the first line that it rings."""
WORDS = (
    "answered", "busy", "no_answer", "failed", "declined", "machine", "unconfirmed", "unconfirmed_and_gone",
    "caller_hung_up", "sip:503", "sip:603", "canceled",
)  # fmt: skip
OF_A_LINE = WORDS[:6]


def call(number: int) -> Call:
    """The same number is always the same call; its callbacks come late, twice, in any order, and some never."""
    chance = Random(number)
    own = leg(chance, over_sip=0.35)
    return Call(
        **own,
        sip_headers={"X-Way": chance.choice(("back", "refer", "refer", "any"))} if own["over"] == "sip" else {},
        far_end=tuple(_answer(chance) for _ in range(chance.randrange(5))),
        digits=("1",) if chance.random() < 0.5 else (),
        message=Message(9, chance.choice(("key", "hangup", "silence"))),
        disturbance=Disturbance(
            repeat=0.1, repeat_status=0.2, delay_status=chance.choice((5, 300)), lose_status=0.2,
            at_once=chance.random() < 0.3,
        ),
        may_end_in_silence=True,
        seed=number,
    )  # fmt: skip


def _answer(chance: Random) -> Answer:
    if chance.random() < 0.5:
        return Answer(chance.choice(WORDS))
    return Answer(members=tuple(chance.choice(OF_A_LINE) for _ in range(3)))
