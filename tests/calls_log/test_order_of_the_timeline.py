"""A timeline reads as the call went, in whatever order its events were written."""

from __future__ import annotations

from handoff_rules.outcomes import Ends
from webapp.calls.record import CallRecord
from webapp.calls.timeline import Event, Kind, in_order


def test_a_step_that_an_outcome_passed_over_stands_behind_that_outcome() -> None:
    events = [
        Event("handed_off:2", Kind.HANDED_OFF, 2),
        Event("passed:1:0", Kind.PASSED_OVER, 1),
        Event("outcome:1", Kind.OUTCOME, 1),
        Event("handed_off:1", Kind.HANDED_OFF, 1),
        Event("passed:0:0", Kind.PASSED_OVER, 0),
        Event("decided", Kind.DECIDED),
    ]
    kinds = [event.kind for event in in_order(events)]
    assert kinds == [Kind.DECIDED, Kind.PASSED_OVER, Kind.HANDED_OFF, Kind.OUTCOME, Kind.PASSED_OVER, Kind.HANDED_OFF]


def test_a_bye_in_whose_place_a_testers_phone_rang_in_vain_did_not_give_the_call_back() -> None:
    events = (
        Event("handed_off:1", Kind.HANDED_OFF, 1, detail={"destination": "pbx", "verb": "hang_up"}),
        Event("outcome:1", Kind.OUTCOME, 1, detail={"destination": "pbx", "outcome": "failed"}),
        Event("spoken", Kind.SPOKEN, 1, detail={"text": "Sorry."}),
    )
    assert CallRecord("CA", "1-a", "sandbox", "sip", None, {}, events, {}).ends is Ends.MESSAGE
