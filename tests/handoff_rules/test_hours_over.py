"""A schedule of single days is told when the last of them is over: it never opens again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from handoff_rules.check import check
from tests.handoff_rules import configurations as some
from tests.simulator.terminal import Terminal

CHRISTMAS = {"date": "2025-12-24", "open": ["09:00-12:00"]}
CLOSED = {"date": "2027-01-01", "closed": True}


def told(today: date | None, **hours: Any) -> list[tuple[str, str, str]]:
    configuration = some.read([], hours=[{"id": "fair", "name": "Fair", **hours}])
    problems = check(configuration, today=today)
    return [(one.path, one.message, one.severity) for one in problems if one.path.startswith("hours/")]


@pytest.mark.parametrize("more", [{}, {"exceptions": [CHRISTMAS, CLOSED]}])
def test_a_schedule_whose_open_days_are_over_is_a_warning(more: Any) -> None:
    sentence = "Fair does not open any more: its last open day was 2025-12-24."
    assert told(date(2026, 11, 26), **{"exceptions": [CHRISTMAS], **more}) == [("hours/0", sentence, "warning")]


@pytest.mark.parametrize("today", [None, date(2025, 12, 1), date(2025, 12, 24), date(2025, 12, 26)])
def test_until_the_day_is_over_everywhere_nothing_is_told(today: date | None) -> None:
    assert told(today, exceptions=[CHRISTMAS]) == []


def test_a_week_opens_again_whatever_its_dates() -> None:
    assert told(date(2026, 11, 26), weekly={"mon": ["09:00-10:00"]}, exceptions=[CHRISTMAS]) == []


def test_the_command_line_knows_what_day_it_is(tmp_path: Path) -> None:
    file = tmp_path / "handoff.yaml"
    hours = '[{id: fair, name: Fair, exceptions: [{date: "2001-01-02", open: ["09:00-10:00"]}]}]'
    file.write_text(
        f"schema: 1\nname: One\ndefault_destination: desk\nhours: {hours}\n"
        'destinations: [{id: desk, name: Desk, method: INVITE, route: "+14155550100"}]\n'
    )
    assert "Fair does not open any more" in Terminal(tmp_path).run("config", "validate", str(file)).output
