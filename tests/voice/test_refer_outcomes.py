"""What came of a REFER, also where Twilio leaves its status out and the NOTIFY alone tells (twiml/refer)."""

from __future__ import annotations

import pytest

from handoff_rules.outcomes import Outcome
from webapp.voice.outcomes import refer_outcome

IS_THERE = {"CallStatus": "in-progress", "ReferSipResponseCode": "202"}


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("", Outcome.UNCONFIRMED),
        ("100", Outcome.UNCONFIRMED),
        ("180", Outcome.UNCONFIRMED),
        ("200", Outcome.REFERRED),
        ("302", Outcome.FAILED),
        ("404", Outcome.FAILED),
        ("480", Outcome.NO_ANSWER),
        ("486", Outcome.BUSY),
        ("503", Outcome.FAILED),
        ("603", Outcome.DECLINED),
        ("nonsense", Outcome.UNCONFIRMED),
    ],
)
def test_without_a_status_the_last_notify_tells(code: str, outcome: Outcome) -> None:
    assert refer_outcome(IS_THERE | {"NotifySipResponseCode": code}).outcome is outcome


@pytest.mark.parametrize("code", ["202", "405", ""])
def test_a_status_counts_more_than_the_codes(code: str) -> None:
    told = IS_THERE | {"ReferCallStatus": "in-progress", "NotifySipResponseCode": "180", "ReferSipResponseCode": code}
    assert refer_outcome(told).outcome is Outcome.REFERRED


@pytest.mark.parametrize("code", ["405", "603", ""])
def test_a_refer_that_was_refused_or_never_answered_has_failed(code: str) -> None:
    assert refer_outcome(IS_THERE | {"ReferSipResponseCode": code}).outcome is Outcome.FAILED
