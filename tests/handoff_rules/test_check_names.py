"""Names stand in one line of a list, whoever reads it and wherever."""

from __future__ import annotations

from typing import Any

import pytest

from tests.handoff_rules.checking import desk, problems_in, with_destination

TEST = {"name": "T", "call": {"from": "+12125550123", "to": "+14155550199"}, "expect": {"ends": "answered"}}


def named(name: str) -> dict[str, Any]:
    whole = with_destination(
        desk() | {"name": f"D{name}"},
        rules=[{"id": "r", "name": f"R{name}", "destination": "desk"}],
        hours=[{"id": "h", "name": f"H{name}", "weekly": {"mon": ["09:00-17:00"]}}],
        tests=[TEST | {"name": f"T{name}"}],
    )
    return whole | {"name": f"C{name}"}


@pytest.mark.parametrize("sign", ["\n", "\x1b[2J", "\x00", "\x85"], ids=["a line", "a terminal's order", "nul", "NEL"])
def test_a_name_with_a_control_character_is_refused_at_its_place(sign: str) -> None:
    found = [(one.path, one.severity) for one in problems_in(named(f"{sign}x")) if "control" in one.message]
    places = ("name", "destinations/1/name", "rules/0/name", "hours/0/name", "tests/0/name")
    assert found == [(place, "error") for place in places]


def test_names_in_any_language_with_any_sign_are_taken() -> None:
    assert not [one for one in problems_in(named(" Büro 日本 👩\u200d💻 “A & B” <x>")) if "control" in one.message]
