"""A rule whose days are all over is told: it never matches again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.handoff_rules.checking import problems_in, rules

CHRISTMAS = {"date": ["2025-12-24", "2025-12-26"]}
EASTER = {"date": ["2026-04-05", "2026-04-06"]}
TO_COME = {"date": ["2026-12-24", "2026-12-26"]}
VIP = {"variable": "caller_id", "starts_with": "+1212"}
NOW = date(2026, 11, 26)
SENTENCE = "“R0” can never match again: its last day was {}."


def told(when: Any, today: date | None = NOW) -> list[tuple[str, str, str]]:
    found = problems_in(rules(when, VIP), today=today)
    return [(one.path, one.message, one.severity) for one in found if one.path == "rules/0"]


@pytest.mark.parametrize(
    ("when", "last"),
    [
        (CHRISTMAS, "2025-12-26"),
        ({"all": [VIP, CHRISTMAS]}, "2025-12-26"),
        ({"any": [CHRISTMAS, {"all": [VIP, EASTER]}]}, "2026-04-06"),
    ],
)
def test_a_rule_that_waits_for_days_that_are_over_is_a_warning(when: Any, last: str) -> None:
    assert told(when) == [("rules/0", SENTENCE.format(last), "warning")]


@pytest.mark.parametrize(
    "when", [TO_COME, {"any": [CHRISTMAS, VIP]}, {"any": [CHRISTMAS, TO_COME]}, {"not": CHRISTMAS}]
)
def test_a_rule_that_can_still_match_is_not_told(when: Any) -> None:
    assert told(when) == []


@pytest.mark.parametrize("today", [None, date(2025, 12, 1), date(2025, 12, 26), date(2025, 12, 28)])
def test_until_the_last_day_is_over_everywhere_nothing_is_told(today: date | None) -> None:
    assert told(CHRISTMAS, today) == []


def test_a_rule_that_is_off_or_never_could_match_is_not_told_for_its_days_as_well() -> None:
    document = rules(CHRISTMAS)
    document["rules"][0]["enabled"] = False
    assert [one for one in problems_in(document, today=NOW) if one.path == "rules/0"] == []
    (message,) = [message for _, message, _ in told({"all": [CHRISTMAS, EASTER]})]
    assert "never true together" in message
