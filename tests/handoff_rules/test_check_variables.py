"""Variables that are never told, may not be set or must not be said are found at their place."""

from __future__ import annotations

import pytest

from tests.handoff_rules.checking import ERROR, WARNING, Case, assert_found, desk, header, rules, with_destination

FALLBACK = "destinations/1/fallback"
WHEN = "rules/0/when"

CASES: dict[str, Case] = {
    "an undeclared variable": (rules({"variable": "tier", "is": "vip"}), f"{WHEN}/variable", WARNING),
    "a header variable without a sample": (
        with_destination(desk(**header("X-A", "$note")), variables={"note": {}}),
        "destinations/1/headers/0/value",
        WARNING,
    ),
    "a rule that sets what Twilio says": (
        with_destination(desk(), rules=[{"id": "r", "name": "R", "destination": "desk", "set": {"caller_id": "1"}}]),
        "rules/0/set/caller_id",
        ERROR,
    ),
    "a rule that sets the keys pressed": (
        with_destination(desk(), rules=[{"id": "r", "name": "R", "destination": "desk", "set": {"digits": "1"}}]),
        "rules/0/set/digits",
        ERROR,
    ),
    "a rule that sets what the handoff tells": (
        with_destination(desk(), rules=[{"id": "r", "name": "R", "destination": "desk", "set": {"attempt": "1"}}]),
        "rules/0/set/attempt",
        ERROR,
    ),
    "a rule that sets a header of the caller's system": (
        with_destination(desk(), rules=[{"id": "r", "name": "R", "destination": "desk", "set": {"sip_x_id": "1"}}]),
        "rules/0/set/sip_x_id",
        ERROR,
    ),
    "a menu choice that replaces the keys pressed": (
        with_destination(desk(), intake={"kind": "menu", "prompt": "Hello.", "choices": {"1": {"digits": "2"}}}),
        "intake/choices/1/digits",
        ERROR,
    ),
    "a menu choice that sets what the handoff tells": (
        with_destination(
            desk(), intake={"kind": "menu", "prompt": "Hello.", "choices": {"1": {"handoff_reason": "x"}}}
        ),
        "intake/choices/1/handoff_reason",
        ERROR,
    ),
    "an undeclared variable that is spoken": (
        with_destination(desk(utterance="Hello $guest.")),
        "destinations/1/utterance",
        WARNING,
    ),
    "an undeclared variable in a closing message": (
        with_destination(desk(fallback=[{"say": "Bye $guest."}])),
        f"{FALLBACK}/0/say",
        WARNING,
    ),
    "a secret that is spoken": (
        with_destination(desk(utterance="Hello $card."), variables={"card": {"secret": True}}),
        "destinations/1/utterance",
        WARNING,
    ),
    "a secret in a greeting": (
        with_destination(
            desk(fallback=[{"voicemail": {"greeting": "Hello $card."}}]), variables={"card": {"secret": True}}
        ),
        f"{FALLBACK}/0/voicemail/greeting",
        WARNING,
    ),
    "a variable without its closing brace": (
        with_destination(desk(**header("X-A", "${note")), variables={"note": {"sample": "x"}}),
        "destinations/1/headers/0/value",
        WARNING,
    ),
    "a variable in capitals": (with_destination(desk(utterance="Hello $Guest.")), "destinations/1/utterance", WARNING),
    "a variable with a space in its braces": (
        with_destination(desk(fallback=[{"say": "Bye ${guest name}."}])),
        f"{FALLBACK}/0/say",
        WARNING,
    ),
    "a variable in a reason": (with_destination(desk(reason="pay $amount")), "destinations/1/reason", WARNING),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_variable_that_cannot_be_meant_is_found_at_its_place(case: Case) -> None:
    assert_found(case)
