"""What is sound has no problem, and what stops a save comes first."""

from __future__ import annotations

from tests.handoff_rules.checking import desk, problems_in, with_destination


def test_a_sound_configuration_has_no_problem() -> None:
    assert problems_in(with_destination(desk())) == []


def test_errors_come_before_warnings() -> None:
    severities = [problem.severity for problem in problems_in(with_destination(desk(route="911", name="Main")))]
    assert severities == sorted(severities)
