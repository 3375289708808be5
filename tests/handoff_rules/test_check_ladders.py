"""Fallbacks that lead nowhere, twice to one place or round in a circle are found at their place."""

from __future__ import annotations

import pytest

from tests.handoff_rules.checking import ERROR, WARNING, Case, assert_found, desk, with_destination

FALLBACK = "destinations/1/fallback"

CASES: dict[str, Case] = {
    "a fallback to itself": (
        with_destination(desk(fallback=[{"destination": "desk"}])),
        f"{FALLBACK}/0/destination",
        ERROR,
    ),
    "a step behind an ending": (
        with_destination(desk(fallback=[{"say": "Bye."}, {"destination": "main"}])),
        f"{FALLBACK}/1",
        WARNING,
    ),
    "a destination twice on a ladder": (
        with_destination(desk(fallback=[{"destination": "main"}, {"destination": "main"}])),
        f"{FALLBACK}/1/destination",
        WARNING,
    ),
    "a step for an answered call": (
        with_destination(desk(fallback=[{"destination": "main", "on": ["busy", "answered"]}])),
        f"{FALLBACK}/0/on/1",
        WARNING,
    ),
    "a ladder longer than max_steps": (
        with_destination(desk(fallback=[{"destination": "main"}]), policy={"max_steps": 1}),
        FALLBACK,
        WARNING,
    ),
    "a default that gives calls back": (
        with_destination(desk(method="BYE", route=None), default_destination="desk"),
        "default_destination",
        WARNING,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_fallback_that_cannot_be_meant_is_found_at_its_place(case: Case) -> None:
    assert_found(case)
