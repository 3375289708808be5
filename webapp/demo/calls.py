"""The calls that the demo plays: who calls, what everybody does, and where it must go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handoff_rules.outcomes import Ends

RECEPTION = "+14155550199"
"""Meets production: the demo configuration as it is shipped."""
MENU_LINE = "+14155550188"
"""Meets the sandbox: the same with a menu before the rules."""
CALLER = "+12125550123"
COURIER = "+12125550177"
SUITE = "C-7001"


def suite_guest(variables: Mapping[str, str]) -> Mapping[str, str] | None:
    """The code rule of the demo: a look-up that no condition can make."""
    rooms = {SUITE: "suite"}
    if rooms.get(variables.get("sip_x_customer_id", "")) != "suite":
        return None
    return {"destination": "front-desk", "reason": "suite_guest"}


MENU: Mapping[str, Any] = {
    "kind": "menu",
    "prompt": "Welcome to the Example Hotel. Press 1 for a booking, 2 for your bill, 3 for a group.",
    "retry_prompt": "Sorry, I did not get that. Press 1 for a booking, 2 for your bill, 3 for a group.",
    "attempts": 2,
    "choices": {"1": {"intent": "booking"}, "2": {"intent": "billing"}, "3": {"intent": "group", "party_size": "12"}},
}

WORKDAY = datetime.fromisoformat("2026-11-20T15:00:00-05:00")
SUNDAY = datetime.fromisoformat("2026-11-22T15:00:00-05:00")
CHRISTMAS_EVE = datetime.fromisoformat("2026-12-24T13:00:00-05:00")
NIGHT = datetime.fromisoformat("2026-11-21T03:30:00-05:00")

Answer = str | tuple[str, ...]
"""A word for an attempt, or one for each line of a ring group."""


@dataclass(frozen=True, slots=True)
class DemoCall:
    """`far_end` are what each attempt meets, `keys` what the caller presses at each question.

    `sends`: headers that the first REFER must carry. `vote`: the code rule that decides.
    """

    name: str
    path: tuple[str, ...]
    ends: Ends
    far_end: tuple[Answer, ...] = ()
    rule: str | None = None
    to: str = RECEPTION
    over: str = "phone"
    at: datetime = WORKDAY
    keys: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    sends: tuple[str, ...] = ()
    vote: str | None = None
    caller: str = CALLER


BILLING: Mapping[str, Any] = {"over": "sip", "headers": {"sip_x_department": "billing", "sip_x_customer_id": "C-1042"}}

CALLS: tuple[DemoCall, ...] = (
    DemoCall("The front desk answers", ("front-desk",), Ends.ANSWERED),
    DemoCall("Busy, so the porter's mobile rings; he presses 1", ("front-desk", "night-porter"), Ends.ANSWERED,
             ("busy", "answered")),
    DemoCall("Nobody answers, so the caller leaves a message", ("front-desk", "night-porter"), Ends.VOICEMAIL,
             ("no_answer", "no_answer")),
    DemoCall("The porter's own mailbox picks up, and is not taken for him", ("front-desk", "night-porter"),
             Ends.VOICEMAIL, ("busy", "machine")),
    DemoCall("The caller hangs up while it rings", ("front-desk",), Ends.CALLER_HUNG_UP, ("caller_hung_up",)),
    DemoCall("At night the porter's phone rings", ("night-porter",), Ends.ANSWERED, ("answered",), "night", at=NIGHT),
    DemoCall("Nobody is at the dock, so the courier hears what to do", ("deliveries",), Ends.MESSAGE, ("no_answer",),
             "couriers", caller=COURIER),
    DemoCall("REFER with User-to-User: the caller's system follows it", ("billing-support",), Ends.REFERRED,
             ("referred",), "billing", sends=("X-Customer-ID", "User-to-User"), **BILLING),
    DemoCall("REFER accepted, never confirmed: the three desks ring", ("billing-support", "reservations"),
             Ends.ANSWERED, ("unconfirmed", ("no_answer", "answered", "no_answer")), "billing", **BILLING),
    DemoCall("REFER refused: dialled instead, busy, front desk", ("billing-support", "reservations", "front-desk"),
             Ends.ANSWERED, ("sip:503", "busy", "answered"), "billing", **BILLING),
    DemoCall("BYE: the telephone system wants its call back", ("back-to-pbx",), Ends.RETURNED, (), "give-back",
             over="sip", headers={"sip_x_return": "yes"}),
    DemoCall("Menu: 1, a booking in office hours", ("reservations",), Ends.ANSWERED, (), "booking", MENU_LINE,
             keys=("1",)),
    DemoCall("Menu: 1 on a Sunday, when reservations are closed", ("front-desk",), Ends.ANSWERED, (), None, MENU_LINE,
             at=SUNDAY, keys=("1",)),
    DemoCall("Menu: 1 on Christmas Eve, which closes at noon", ("front-desk",), Ends.ANSWERED, (), None, MENU_LINE,
             at=CHRISTMAS_EVE, keys=("1",)),
    DemoCall("Menu: 2 by telephone, where REFER becomes a dial", ("billing-support",), Ends.ANSWERED, (), "billing",
             MENU_LINE, keys=("2",)),
    DemoCall("Menu: 3, one events desk after the other, with a whisper", ("events-team",), Ends.ANSWERED,
             (("no_answer", "answered"),), "groups", MENU_LINE, keys=("3",)),
    DemoCall("Menu: keys that mean nothing, so the intent stays unknown", ("front-desk",), Ends.ANSWERED, (), None,
             MENU_LINE, keys=("9", "8")),
    DemoCall("Code rule: a guest of the suite goes to the front desk", ("front-desk",), Ends.ANSWERED, (), None,
             over="sip", headers={"sip_x_department": "billing", "sip_x_customer_id": SUITE}, vote="suite_guest"),
    DemoCall("REFER refused again", ("billing-support", "reservations"), Ends.ANSWERED, ("sip:503",), "billing",
             **BILLING),
    DemoCall("REFER refused a third time: billing counts as failing", ("billing-support", "reservations"),
             Ends.ANSWERED, ("sip:503",), "billing", **BILLING),
    DemoCall("Billing is passed over for a while; nobody waits for it", ("reservations",), Ends.ANSWERED, (),
             "billing", **BILLING),
)  # fmt: skip
